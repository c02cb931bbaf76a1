namespace LlmGateway;

/// <summary>Where the records of calls are kept. A client writes each call's record to it once. Safe for concurrent use.</summary>
/// <remarks>
/// An object that is both an <see cref="ILedger"/> and the <see cref="IBudgetStore"/> of a client gets
/// <see cref="IBudgetStore.ReserveAsync"/> alone where there is something to reserve, and makes the intent durable with it.
/// </remarks>
public interface ILedger
{
    /// <summary>What is done where it can't be written.</summary>
    LedgerMode Mode { get; }

    /// <summary>Says that an attempt is about to be sent. In strict mode it returns once that is durable; else it does nothing.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="cancellationToken">Ends the wait; then the attempt is not sent.</param>
    /// <returns>When it is durable.</returns>
    /// <exception cref="LedgerException">It can't be made durable: the attempt must not be sent.</exception>
    ValueTask IntendAsync(BudgetReservation attempt, CancellationToken cancellationToken);

    /// <summary>Says how an attempt ended, where no record of its call has come yet. Never throws.</summary>
    /// <param name="attempt">The attempt, as it was intended.</param>
    /// <param name="settlement">What it cost.</param>
    void Settled(BudgetReservation attempt, BudgetSettlement settlement);

    /// <summary>Takes the record of a call that is over. Never throws: the answer is there and paid for.</summary>
    /// <param name="record">The record.</param>
    /// <returns>In strict mode when it is durable, or is kept to be written once the disk is there again; else when it is taken.</returns>
    ValueTask WriteAsync(CallRecord record);
}

/// <summary>What a ledger does where its disk is slow or full.</summary>
public enum LedgerMode
{
    /// <summary>No request leaves before it is durable that it will; while that can't be, calls fail before sending.</summary>
    Strict,

    /// <summary>Calls go on; records that can't be kept are counted, logged and lost.</summary>
    BestEffort,
}
