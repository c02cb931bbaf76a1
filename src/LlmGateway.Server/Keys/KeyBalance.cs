using System.Text.Json;

namespace LlmGateway.Server.Keys;

/// <summary>A budget of a key, and what is spent of it in the window that it is in.</summary>
/// <param name="Budget">The budget.</param>
/// <param name="Balance">How it stands.</param>
internal sealed record KeyBalance(Budget Budget, BudgetBalance Balance)
{
    /// <summary>What may still be spent, at least 0.</summary>
    public decimal RemainingUsd => Math.Max((Budget.LimitUsd ?? 0m) - Balance.SpentUsd - Balance.ReservedUsd, 0m);

    /// <summary>Every budget of the key at a moment.</summary>
    /// <param name="key">The key.</param>
    /// <param name="store">Where budgets live; null where nothing was ever spent.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LedgerException">The store can't be read.</exception>
    public static async Task<IReadOnlyList<KeyBalance>> ReadAsync(VirtualKey key, IBudgetStore? store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var balances = new List<KeyBalance>(key.Budgets.Count);
        foreach (var accounts in key.Accounts)
        {
            var account = accounts.Of(key.CallTags, now)!;
            balances.Add(new KeyBalance(accounts.Budget, store is null ? new BudgetBalance(account, 0m, 0m) : await store.BalanceAsync(account, cancellationToken)));
        }

        return balances;
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("name", Budget.Name);
        json.WriteString("window", Budget.Window.ToString().ToLowerInvariant());
        json.WriteString("window_start", Balance.Account.WindowStart is { } start ? KeyJson.Time(start) : null);
        json.WriteString("window_end", Balance.Account.WindowEnd is { } end ? KeyJson.Time(end) : null);
        json.WriteString("limit_usd", Money.ToExactString(Budget.LimitUsd ?? 0m));
        json.WriteString("spent_usd", Money.ToExactString(Balance.SpentUsd));
        json.WriteString("reserved_usd", Money.ToExactString(Balance.ReservedUsd));
        json.WriteString("remaining_usd", Money.ToExactString(RemainingUsd));
    }
}
