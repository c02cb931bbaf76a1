namespace LlmGateway.Sqlite;

/// <summary>
/// Makes rows of what processes left behind that died: every attempt of theirs that may have reached a vendor is a row then, at the
/// cost it was settled at, else at what was set aside for it, and nothing is set aside for it any more. Once each, whoever does it.
/// </summary>
internal sealed class Recovery(Database database, AccountBook accounts, CallBook calls, string path, string self)
{
    private readonly Statement _owners = database.Prepare("SELECT id FROM owners WHERE id <> ?1");
    private readonly Statement _isThere = database.Prepare("SELECT 1 FROM owners WHERE id = ?1");
    private readonly Statement _intents = database.Prepare("SELECT call_id, attempt, at, provider, model, amount, context, held, recorded, settled, cost, basis FROM intents WHERE owner = ?1 ORDER BY call_id, attempt");
    private readonly Statement _deleteIntents = database.Prepare("DELETE FROM intents WHERE owner = ?1");
    private readonly Statement _deleteOwner = database.Prepare("DELETE FROM owners WHERE id = ?1");

    /// <summary>Looks for the dead, and takes what is theirs.</summary>
    /// <returns>How many calls were recovered.</returns>
    public int Run()
    {
        var owners = new List<string>();
        _owners.Set(1, self);
        while (_owners.Step()) owners.Add(_owners.Text(0));
        var recovered = 0;
        foreach (var owner in owners)
        {
            if (!OwnerLock.TryTake(path, owner, out var taken)) continue;
            using (taken)
            {
                recovered += Recover(owner);
                OwnerLock.Forget(path, owner);
            }
        }

        return recovered;
    }

    private int Recover(string owner)
    {
        database.BeginImmediate();
        try
        {
            if (!_isThere.Set(1, owner).Step())
            {
                database.Rollback();
                return 0;
            }

            _isThere.Reset();
            var left = Read(owner);
            foreach (var intent in left.Where(i => i.IsHeld))
                foreach (var account in intent.Accounts) accounts.Settle(account, intent.Amount ?? Usd.Zero, intent.Cost ?? Usd.Zero);
            var added = left.Where(i => !i.IsRecorded).GroupBy(i => i.CallId).Count(call => calls.Add(RecordOf([.. call]), isRecovered: true));
            _deleteIntents.Set(1, owner).Run();
            _deleteOwner.Set(1, owner).Run();
            accounts.Flush();
            calls.Flush();
            database.Commit();
            return added;
        }
        catch
        {
            accounts.Forget();
            calls.Forget();
            database.Rollback();
            throw;
        }
    }

    private List<Left> Read(string owner)
    {
        var left = new List<Left>();
        _intents.Set(1, owner);
        while (_intents.Step())
        {
            var (tags, ofAccounts) = IntentContext.Read(_intents.Text(6));
            var amount = _intents.UsdOrNull(5);
            var isSettled = _intents.Long(9) != 0;
            left.Add(new Left(
                _intents.Text(0), (int)_intents.Long(1), Words.Time(_intents.Long(2)), _intents.Text(3), _intents.Text(4), amount, tags, ofAccounts,
                _intents.Long(7) != 0, _intents.Long(8) != 0, isSettled ? _intents.UsdOrNull(10) : amount, isSettled ? Words.Basis(_intents.TextOrNull(11)) : CostBasis.Unknown));
        }

        return left;
    }

    private static CallRecord RecordOf(List<Left> attempts) => new()
    {
        CallId = attempts[0].CallId,
        StartedAt = attempts[0].At,
        Latency = TimeSpan.Zero,
        Provider = attempts[^1].Provider,
        RequestedModel = attempts[0].Model,
        Model = attempts[^1].Model,
        Outcome = CallOutcome.Failed,
        Attempts = [.. attempts.Select(AttemptOf)],
        Usage = new TokenUsage { IsEstimated = true },
        Tags = attempts[^1].Tags,
        Budgets = [.. attempts.SelectMany(a => a.Accounts).Select(a => a.Budget).Distinct(StringComparer.Ordinal)],
    };

    private static AttemptRecord AttemptOf(Left intent) => new()
    {
        Number = intent.Attempt,
        Ask = 0,
        Provider = intent.Provider,
        Model = intent.Model,
        StartedAt = intent.At,
        Latency = TimeSpan.Zero,
        Outcome = CallOutcome.Failed,
        Usage = new TokenUsage { IsEstimated = intent.Basis != CostBasis.Counted, TotalCostUsd = intent.Cost?.ToDecimal() },
        ReservedUsd = intent.Amount?.ToDecimal(),
        CostBasis = intent.Basis,
    };

    private sealed record Left(
        string CallId, int Attempt, DateTimeOffset At, string Provider, string Model, Usd? Amount,
        IReadOnlyDictionary<string, string> Tags, IReadOnlyList<BudgetAccount> Accounts, bool IsHeld, bool IsRecorded, Usd? Cost, CostBasis Basis);
}
