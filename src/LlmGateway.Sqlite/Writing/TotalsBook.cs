using System.Runtime.InteropServices;

namespace LlmGateway.Sqlite;

/// <summary>What a sum is taken by.</summary>
internal enum TotalsDimension
{
    /// <summary>Name: the provider; value: the model that answered, or was asked. Each attempt counts where it was made, each call under its record's own.</summary>
    Model = 0,

    /// <summary>Name and value: the tag's.</summary>
    Tag = 1,

    /// <summary>Name: the budget; no value.</summary>
    Budget = 2,
}

/// <summary>
/// Sums by the hour in which calls began, kept in the transaction that adds a call: so a summary needs no look at the calls.
/// What the calls of one transaction add to a row is written once, by <see cref="Flush"/> at its end.
/// </summary>
internal sealed class TotalsBook(Database database)
{
    private readonly Dictionary<Key, Sums> _sums = [];
    private readonly Statement _add = database.Prepare("""
        INSERT INTO totals (dimension, name, hour, value, calls, failed, attempts, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
            cost_nano, cost_middle, cost_low, unpriced, estimated)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
        ON CONFLICT (dimension, name, hour, value) DO UPDATE SET calls = calls + ?5, failed = failed + ?6, attempts = attempts + ?7, input_tokens = input_tokens + ?8,
            cache_read_tokens = cache_read_tokens + ?9, cache_write_tokens = cache_write_tokens + ?10, output_tokens = output_tokens + ?11,
            reasoning_tokens = reasoning_tokens + ?12, cost_nano = cost_nano + ?13, cost_middle = cost_middle + ?14, cost_low = cost_low + ?15,
            unpriced = unpriced + ?16, estimated = estimated + ?17
        """);

    public const long MicrosecondsPerHour = 3_600_000_000;

    public static long HourOf(long microseconds) => (long)Math.Floor((decimal)microseconds / MicrosecondsPerHour);

    public void Add(CallRecord record, CallSum sum)
    {
        var hour = HourOf(Words.Microseconds(record.StartedAt));
        var failed = record.Outcome == CallOutcome.Succeeded ? 0 : 1;
        foreach (var group in Groups(record))
        {
            var isOfCall = group.Provider == record.Provider && group.Model == record.Model;
            Add(TotalsDimension.Model, group.Provider, hour, group.Model, isOfCall ? 1 : 0, isOfCall ? failed : 0, group.Attempts, group.Usage, group.Sum);
        }

        foreach (var (name, value) in record.Tags) Add(TotalsDimension.Tag, name, hour, value, 1, failed, record.Attempts.Count, record.Usage, sum);
        foreach (var budget in record.Budgets.Distinct(StringComparer.Ordinal)) Add(TotalsDimension.Budget, budget, hour, "", 1, failed, record.Attempts.Count, record.Usage, sum);
    }

    /// <summary>Writes what was added. Must come before the transaction's end.</summary>
    public void Flush()
    {
        foreach (var (key, sums) in _sums)
            _add.Set(1, (long)key.Dimension).Set(2, key.Name).Set(3, key.Hour).Set(4, key.Value).Set(5, sums.Calls).Set(6, sums.Failed).Set(7, sums.Attempts)
                .Set(8, sums.Input).Set(9, sums.CacheRead).Set(10, sums.CacheWrite).Set(11, sums.Output).Set(12, sums.Reasoning)
                .Set(13, sums.Sum.Cost.Nano).Set(14, sums.Sum.Cost.Middle).Set(15, sums.Sum.Cost.Low).Set(16, sums.Sum.Unpriced).Set(17, sums.Sum.Estimated).Run();
        _sums.Clear();
    }

    /// <summary>Forgets what was added, as the transaction does.</summary>
    public void Forget() => _sums.Clear();

    private void Add(TotalsDimension dimension, string name, long hour, string value, int calls, int failed, int attempts, TokenUsage usage, CallSum sum)
    {
        ref var sums = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, new Key(dimension, name, hour, value), out _);
        checked
        {
            sums.Calls += calls;
            sums.Failed += failed;
            sums.Attempts += attempts;
            sums.Input += usage.InputTokens;
            sums.CacheRead += usage.CacheReadTokens;
            sums.CacheWrite += usage.CacheWriteTokens;
            sums.Output += usage.OutputTokens;
            sums.Reasoning += usage.ReasoningTokens;
        }

        sums.Sum += sum;
    }

    /// <summary>The attempts by provider and model; the call's own among them, also where it has none there.</summary>
    private static List<Group> Groups(CallRecord record)
    {
        var groups = new List<Group>(1) { new(record.Provider, record.Model, 0, TokenUsage.Zero, default) };
        foreach (var attempt in record.Attempts)
        {
            var model = attempt.AnsweredModel ?? attempt.Model;
            var at = groups.FindIndex(g => g.Provider == attempt.Provider && g.Model == model);
            if (at < 0)
            {
                groups.Add(new Group(attempt.Provider, model, 0, TokenUsage.Zero, default));
                at = groups.Count - 1;
            }

            groups[at] = groups[at] with { Attempts = groups[at].Attempts + 1, Usage = groups[at].Usage + attempt.Usage, Sum = groups[at].Sum.With(attempt) };
        }

        return groups;
    }

    private sealed record Group(string Provider, string Model, int Attempts, TokenUsage Usage, CallSum Sum);

    private readonly record struct Key(TotalsDimension Dimension, string Name, long Hour, string Value);

    private struct Sums
    {
        public long Calls, Failed, Attempts, Input, CacheRead, CacheWrite, Output, Reasoning;
        public CallSum Sum;
    }
}
