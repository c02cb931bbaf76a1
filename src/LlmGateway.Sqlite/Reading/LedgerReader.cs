using Microsoft.Data.Sqlite;

namespace LlmGateway.Sqlite;

/// <summary>Reads a ledger, also while others write to it. Used by one thread at a time.</summary>
internal sealed class LedgerReader : IDisposable
{
    private const string CallColumns = $"c.seq, c.id, c.started_at, c.latency, c.first_token, c.operation, c.streamed, c.provider, c.requested_model, c.model, c.outcome, c.error_type, c.reasks, c.repairs, c.coercions, c.losses, c.skipped_events, {UsageColumns.Names}, c.cost_nano, c.cost_middle, c.cost_low, c.unpriced, c.estimated, c.input_cost, c.output_cost, c.fees_cost, c.finish_reason, c.vendor_finish_reason, c.response_id, c.request_id, c.output_mode, c.trace_id, c.recovered";

    private readonly Database _database;
    private readonly Statement _attempts;
    private readonly Statement _costs;
    private readonly Statement _tags;
    private readonly Statement _budgets;

    private LedgerReader(Database database, int version)
    {
        _database = database;
        Version = version;
        _attempts = database.Prepare($"""
            SELECT number, ask, provider, model, answered_model, started_at, latency, first_token, outcome, error_kind, http_status, request_id, {UsageColumns.Names},
                estimated, basis, reserved, retry_delay, cost_nano, cost_middle, cost_low, input_cost, output_cost, fees_cost, price_provider, price_row, price_name, price_source, service_tier, region, unpriced_because
            FROM attempts WHERE call = ?1 ORDER BY number
            """);
        _costs = database.Prepare("SELECT kind, quantity, unit_price, cost FROM attempt_costs WHERE call = ?1 AND number = ?2 ORDER BY position");
        _tags = database.Prepare("SELECT name, value FROM call_tags WHERE call = ?1 ORDER BY name");
        _budgets = database.Prepare("SELECT budget FROM call_budgets WHERE call = ?1 ORDER BY budget");
    }

    /// <summary>The file's schema.</summary>
    public int Version { get; }

    /// <summary>Whether the file has things that this version does not know of.</summary>
    public bool IsNewer => Version > Schema.Steps.Count;

    /// <exception cref="LedgerException">There is no ledger there, or it can't be read.</exception>
    public static LedgerReader Open(string path)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path)) throw new LedgerException($"There is no ledger '{path}'. A client makes one when LLM_LEDGER_FILE names it.");
        Database? database = null;
        try
        {
            database = Database.Open(path, SqliteOpenMode.ReadOnly, TimeSpan.FromSeconds(5));
            var version = Schema.Version(database, path);
            if (version == 0) throw new LedgerException($"'{path}' is empty: it is no ledger yet.");
            return new LedgerReader(database, version);
        }
        catch (Exception e)
        {
            database?.Dispose();
            if (e is SqliteException) throw LedgerErrors.Of("read", path, e);
            throw;
        }
    }

    public List<SummaryRow> Summary(SummaryBy by, string? tag, DateTimeOffset? since, DateTimeOffset? until) => new LedgerSummary(_database).Read(by, tag, since, until);

    /// <summary>The last calls, oldest first.</summary>
    public List<LedgerCall> Last(int count)
    {
        using var rows = _database.Prepare($"SELECT * FROM (SELECT {CallColumns} FROM calls c ORDER BY seq DESC LIMIT ?1) ORDER BY seq");
        return [.. Calls(rows.Set(1, count))];
    }

    /// <summary>The calls that were written after one, in order.</summary>
    public List<LedgerCall> After(long sequence)
    {
        using var rows = _database.Prepare($"SELECT {CallColumns} FROM calls c WHERE c.seq > ?1 ORDER BY c.seq");
        return [.. Calls(rows.Set(1, sequence))];
    }

    /// <summary>The calls that began in a time, in the order in which they did; one at a time, as of one moment.</summary>
    public IEnumerable<LedgerCall> Between(DateTimeOffset? since, DateTimeOffset? until)
    {
        _database.Execute("BEGIN");
        using var rows = _database.Prepare($"SELECT {CallColumns} FROM calls c WHERE c.started_at >= ?1 AND c.started_at < ?2 ORDER BY c.started_at, c.seq");
        rows.Set(1, since is { } from ? Words.Microseconds(from) : long.MinValue).Set(2, until is { } to ? Words.Microseconds(to) : long.MaxValue);
        try
        {
            foreach (var call in Calls(rows)) yield return call;
        }
        finally
        {
            _database.Rollback();
        }
    }

    /// <summary>The calls whose id begins so, at most some.</summary>
    public List<LedgerCall> Find(string prefix, int most)
    {
        using var rows = _database.Prepare($"SELECT {CallColumns} FROM calls c WHERE c.id >= ?1 AND c.id < ?2 ORDER BY c.id LIMIT ?3");
        return [.. Calls(rows.Set(1, prefix).Set(2, prefix + "\U0010FFFF").Set(3, most))];
    }

    public void Dispose() => _database.Dispose();

    private IEnumerable<LedgerCall> Calls(Statement row)
    {
        while (row.Step())
        {
            const int usage = 17;
            const int cost = usage + UsageColumns.Count;
            var call = row.Long(0);
            yield return new LedgerCall
            {
                Sequence = call,
                Id = row.Text(1),
                StartedAt = Words.Time(row.Long(2)),
                Latency = Duration(row, 3),
                TimeToFirstToken = Duration(row, 4),
                Operation = row.Text(5),
                IsStreamed = row.Long(6) != 0,
                Provider = row.Text(7),
                RequestedModel = row.Text(8),
                Model = row.Text(9),
                Outcome = row.Text(10),
                ErrorType = row.TextOrNull(11),
                Reasks = (int)row.Long(12),
                Repairs = (int)row.Long(13),
                Coercions = (int)row.Long(14),
                Losses = (int)row.Long(15),
                SkippedEvents = (int)row.Long(16),
                Usage = UsageColumns.Read(row, usage),
                Cost = new LedgerCost(Usd.OfParts(row.Long(cost), row.Long(cost + 1), row.Long(cost + 2)), row.Long(cost + 3), row.Long(cost + 4)),
                InputCost = row.TextOrNull(cost + 5),
                OutputCost = row.TextOrNull(cost + 6),
                FeesCost = row.TextOrNull(cost + 7),
                FinishReason = row.TextOrNull(cost + 8),
                VendorFinishReason = row.TextOrNull(cost + 9),
                ResponseId = row.TextOrNull(cost + 10),
                RequestId = row.TextOrNull(cost + 11),
                OutputMode = row.TextOrNull(cost + 12),
                TraceId = row.TextOrNull(cost + 13),
                IsRecovered = row.Long(cost + 14) != 0,
                Attempts = Attempts(call),
                Tags = Tags(call),
                Budgets = Budgets(call),
            };
        }
    }

    private List<LedgerAttempt> Attempts(long call)
    {
        const int usage = 12;
        const int rest = usage + UsageColumns.Count;
        var attempts = new List<LedgerAttempt>(1);
        var row = _attempts.Set(1, call);
        while (row.Step())
        {
            var number = (int)row.Long(0);
            attempts.Add(new LedgerAttempt
            {
                Number = number,
                Ask = (int)row.Long(1),
                Provider = row.Text(2),
                Model = row.Text(3),
                AnsweredModel = row.TextOrNull(4),
                StartedAt = Words.Time(row.Long(5)),
                Latency = Duration(row, 6),
                TimeToFirstToken = Duration(row, 7),
                Outcome = row.Text(8),
                ErrorKind = row.TextOrNull(9),
                HttpStatus = (int?)row.LongOrNull(10),
                RequestId = row.TextOrNull(11),
                Usage = UsageColumns.Read(row, usage) with { IsEstimated = row.Long(rest) != 0 },
                Basis = row.Text(rest + 1),
                Reserved = row.TextOrNull(rest + 2),
                RetryDelay = Duration(row, rest + 3),
                Cost = row.IsNull(rest + 4) ? null : Usd.OfParts(row.Long(rest + 4), row.Long(rest + 5), row.Long(rest + 6)),
                InputCost = row.TextOrNull(rest + 7),
                OutputCost = row.TextOrNull(rest + 8),
                FeesCost = row.TextOrNull(rest + 9),
                PriceProvider = row.TextOrNull(rest + 10),
                PriceRow = row.TextOrNull(rest + 11),
                PriceName = row.TextOrNull(rest + 12),
                PriceSource = row.TextOrNull(rest + 13),
                ServiceTier = row.TextOrNull(rest + 14),
                Region = row.TextOrNull(rest + 15),
                UnpricedBecause = row.TextOrNull(rest + 16),
                Costs = Costs(call, number),
            });
        }

        return attempts;
    }

    private List<LedgerCostPart> Costs(long call, int attempt)
    {
        var parts = new List<LedgerCostPart>(0);
        var row = _costs.Set(1, call).Set(2, attempt);
        while (row.Step()) parts.Add(new LedgerCostPart(row.Text(0), row.Long(1), row.Text(2), row.Text(3)));
        return parts;
    }

    private List<KeyValuePair<string, string>> Tags(long call)
    {
        var tags = new List<KeyValuePair<string, string>>(0);
        var row = _tags.Set(1, call);
        while (row.Step()) tags.Add(new(row.Text(0), row.Text(1)));
        return tags;
    }

    private List<string> Budgets(long call)
    {
        var budgets = new List<string>(0);
        var row = _budgets.Set(1, call);
        while (row.Step()) budgets.Add(row.Text(0));
        return budgets;
    }

    private static TimeSpan? Duration(Statement row, int column) => row.LongOrNull(column) is { } length ? TimeSpan.FromMicroseconds(length) : null;
}
