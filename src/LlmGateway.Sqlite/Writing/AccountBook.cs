namespace LlmGateway.Sqlite;

/// <summary>What is spent and reserved in each account. Used within a transaction.</summary>
internal sealed class AccountBook(Database database)
{
    private readonly Statement _read = database.Prepare("SELECT spent, reserved FROM accounts WHERE key = ?1");

    private readonly Statement _move = database.Prepare("""
        INSERT INTO accounts (key, budget, window_start, window_end, spent, reserved, open) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (key) DO UPDATE SET spent = ?5, reserved = ?6, open = open + ?7
        """);

    private readonly Statement _prune = database.Prepare("DELETE FROM accounts WHERE window_end <= ?1 AND open = 0");

    public (Usd Spent, Usd Reserved) Read(string key)
    {
        if (!_read.Set(1, key).Step()) return default;
        var balance = (Usd.Parse(_read.Text(0)), Usd.Parse(_read.Text(1)));
        _read.Reset();
        return balance;
    }

    public BudgetBalance Balance(BudgetAccount account)
    {
        var (spent, reserved) = Read(account.Key);
        return new BudgetBalance(account, spent.ToDecimal(), reserved.ToDecimal());
    }

    /// <summary>The first account that has no room for the amount; null where all have.</summary>
    public BudgetBalance? WithoutRoom(IReadOnlyList<BudgetAccount> accounts, Usd amount)
    {
        // What costs nothing fits always, also where the limit is passed.
        if (!(amount > Usd.Zero)) return null;
        foreach (var account in accounts)
        {
            if (account.LimitUsd is not { } limit) continue;
            var (spent, reserved) = Read(account.Key);
            if (spent + reserved + amount > Usd.OfLimit(limit)) return new BudgetBalance(account, spent.ToDecimal(), reserved.ToDecimal());
        }

        return null;
    }

    public void Reserve(BudgetAccount account, Usd amount)
    {
        var (spent, reserved) = Read(account.Key);
        Write(account, spent, reserved + amount, 1);
    }

    public BudgetMovement Settle(BudgetAccount account, Usd amount, Usd cost)
    {
        var (spent, reserved) = Read(account.Key);
        Write(account, spent + cost, reserved - amount, -1);
        return new BudgetMovement(account, spent.ToDecimal(), (spent + cost).ToDecimal());
    }

    /// <summary>Forgets windows that ended before a time and have nothing reserved. What was spent in them stays in the ledger.</summary>
    public void Prune(DateTimeOffset before) => _prune.Set(1, Words.Microseconds(before)).Run();

    private void Write(BudgetAccount account, Usd spent, Usd reserved, int opened)
        => _move.Set(1, account.Key).Set(2, account.Budget)
            .Set(3, account.WindowStart is { } start ? Words.Microseconds(start) : null).Set(4, account.WindowEnd is { } end ? Words.Microseconds(end) : null)
            .Set(5, spent).Set(6, reserved).Set(7, opened).Run();
}
