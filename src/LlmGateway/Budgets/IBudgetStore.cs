namespace LlmGateway;

/// <summary>
/// Where budgets live. The client reserves before each attempt and settles after it; a store keeps, for every account,
/// <c>spent + reserved &lt;= limit</c> at every reservation. Safe for concurrent use.
/// </summary>
/// <remarks>
/// A store that several processes share can be spent in slices: a process reserves a larger amount, spends it by reservations
/// of its own in a store of its own, and settles what it spent. If it dies, its slice stays reserved or is settled whole: too
/// little may be spent, never too much. Nothing more is needed of a store for that.
/// </remarks>
public interface IBudgetStore
{
    /// <summary>Sets the amount aside in every account of the reservation, or in none.</summary>
    /// <param name="reservation">What is to be reserved. An amount of 0 fits always, also where the limit is passed; null is counted as 0.</param>
    /// <param name="cancellationToken">Ends the wait; then nothing is reserved.</param>
    /// <returns>Whether it is reserved, and if not, which account has no room.</returns>
    /// <exception cref="LedgerException">The store can't be written to.</exception>
    ValueTask<BudgetGrant> ReserveAsync(BudgetReservation reservation, CancellationToken cancellationToken);

    /// <summary>Ends a reservation: what was set aside is free again, and the cost is spent, also beyond the limit. Settling again, or what was never reserved, changes nothing.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="settlement">What the attempt cost.</param>
    /// <returns>How each of its accounts moved; empty where nothing changed.</returns>
    ValueTask<IReadOnlyList<BudgetMovement>> SettleAsync(BudgetReservation reservation, BudgetSettlement settlement);

    /// <summary>What is spent and reserved in an account.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its balance; zeros for one that was never used.</returns>
    ValueTask<BudgetBalance> BalanceAsync(BudgetAccount account, CancellationToken cancellationToken);
}
