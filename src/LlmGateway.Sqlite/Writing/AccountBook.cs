namespace LlmGateway.Sqlite;

/// <summary>
/// What is spent and reserved in each account. Used within a transaction: an account is read once in it, however many calls
/// move it, and written once, by <see cref="Flush"/> at its end.
/// </summary>
internal sealed class AccountBook(Database database)
{
    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly Statement _read = database.Prepare("SELECT spent, reserved FROM accounts WHERE key = ?1");

    private readonly Statement _move = database.Prepare("""
        INSERT INTO accounts (key, budget, window_start, window_end, spent, reserved, open) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (key) DO UPDATE SET spent = ?5, reserved = ?6, open = open + ?7
        """);

    private readonly Statement _prune = database.Prepare("DELETE FROM accounts WHERE window_end <= ?1 AND open = 0");

    /// <summary>Writes what was moved. Must come before the transaction's end.</summary>
    public void Flush()
    {
        foreach (var row in _rows.Values)
            if (row.Account is { } account) Write(account, row);
        _rows.Clear();
    }

    /// <summary>Forgets what was moved, as the transaction does.</summary>
    public void Forget() => _rows.Clear();

    public BudgetBalance Balance(BudgetAccount account)
    {
        var row = RowOf(account.Key);
        return new BudgetBalance(account, row.Spent.ToDecimal(), row.Reserved.ToDecimal());
    }

    /// <summary>The first account that has no room for the amount; null where all have.</summary>
    public BudgetBalance? WithoutRoom(IReadOnlyList<BudgetAccount> accounts, Usd amount)
    {
        // What costs nothing fits always, also where the limit is passed.
        if (!(amount > Usd.Zero)) return null;
        foreach (var account in accounts)
        {
            if (account.LimitUsd is not { } limit) continue;
            var row = RowOf(account.Key);
            if (row.Spent + row.Reserved + amount > Usd.OfLimit(limit)) return Balance(account);
        }

        return null;
    }

    public void Reserve(BudgetAccount account, Usd amount) => RowOf(account.Key).Move(account, Usd.Zero, amount, 1);

    public BudgetMovement Settle(BudgetAccount account, Usd amount, Usd cost)
    {
        var row = RowOf(account.Key);
        var before = row.Spent.ToDecimal();
        row.Move(account, cost, Usd.Zero - amount, -1);
        return new BudgetMovement(account, before, row.Spent.ToDecimal());
    }

    /// <summary>Forgets windows that ended before a time and have nothing reserved. What was spent in them stays in the ledger.</summary>
    public void Prune(DateTimeOffset before) => _prune.Set(1, Words.Microseconds(before)).Run();

    private Row RowOf(string key)
    {
        if (_rows.TryGetValue(key, out var known)) return known;
        var row = new Row();
        if (_read.Set(1, key).Step())
        {
            (row.Spent, row.Reserved) = (Usd.Parse(_read.Text(0)), Usd.Parse(_read.Text(1)));
            _read.Reset();
        }

        return _rows[key] = row;
    }

    private void Write(BudgetAccount account, Row row)
        => _move.Set(1, account.Key).Set(2, account.Budget)
            .Set(3, account.WindowStart is { } start ? Words.Microseconds(start) : null).Set(4, account.WindowEnd is { } end ? Words.Microseconds(end) : null)
            .Set(5, row.Spent).Set(6, row.Reserved).Set(7, row.Opened).Run();

    /// <summary>One account as it stands in the transaction.</summary>
    private sealed class Row
    {
        /// <summary>Null until it is moved.</summary>
        public BudgetAccount? Account { get; private set; }

        public Usd Spent { get; set; }

        public Usd Reserved { get; set; }

        public long Opened { get; private set; }

        public void Move(BudgetAccount account, Usd spent, Usd reserved, int opened)
        {
            (Spent, Reserved) = (Spent + spent, Reserved + reserved);
            Opened += opened;

            // A recovery knows no window: one that does is to be kept.
            if (Account is null || account.WindowEnd is not null) Account = account;
        }
    }
}
