using System.Collections.ObjectModel;
using LlmGateway.Budgets;
using LlmGateway.Routing.Targets;

namespace LlmGateway.Client;

/// <summary>One call while it is under way. Each step adds what it did; at the end it becomes the immutable record.</summary>
internal sealed class Call(string provider, string model, DateTimeOffset startedAt, long startedTimestamp, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<AttemptRecord> _attempts = [];
    private readonly List<SkippedTarget> _skipped = [];
    private readonly List<Repair> _repairs = [];
    private readonly List<AppliedCoercion> _coercions = [];
    private readonly List<string> _losses = [];

    /// <summary>Settlements that were begun and are not waited for; null once nobody would wait for them any more.</summary>
    private List<Task>? _settling = [];
    private int _lastReservation;
    private int _begun;
    private int _answered;
    private int _rescues;

    public DateTimeOffset StartedAt => startedAt;

    public string Id { get; } = Guid.CreateVersion7(startedAt).ToString("N");

    /// <summary>The attempts that are over. Two may be under way at once, so they come in the order in which they ended.</summary>
    public IReadOnlyList<AttemptRecord> Attempts => _attempts;

    public IReadOnlyList<string> Losses => _losses;

    /// <summary>How often the model has been asked, less one: the number of the current ask.</summary>
    public int Asks { get; private set; }

    /// <summary>How many of the asks were made because an answer was invalid.</summary>
    public int Reasks { get; private set; }

    /// <summary>How many attempts were begun beyond one for each ask.</summary>
    public int Retries => Volatile.Read(ref _begun) - Asks - 1;

    /// <summary>The route that the call's model names; null where it names none.</summary>
    public string? RouteName { get; init; }

    /// <summary>The time for the whole call; null for no limit.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>The time that is left; a very long one where there is no limit.</summary>
    public TimeSpan Remaining => Deadline is { } deadline ? deadline - Elapsed : TimeSpan.MaxValue;

    /// <summary>Who was asked last; null while nobody was.</summary>
    public Target? LastAsked { get; set; }

    /// <summary>Who answered last; null while nobody has.</summary>
    public Target? AnsweredBy { get; private set; }

    /// <summary>How long the call has been under way.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(startedTimestamp);

    public OutputMode? OutputMode { get; set; }

    /// <summary>How the schema that is sent differs from the full one.</summary>
    public IReadOnlyList<string> SchemaNotes { get; set; } = [];

    public bool IsStreamed { get; init; }

    /// <summary>What kind of call it is, as telemetry names it.</summary>
    public required string Operation { get; init; }

    /// <summary>How long until the first piece of the answer that was handed out; null while there is none.</summary>
    public TimeSpan? TimeToFirstToken { get; private set; }

    /// <summary>The latest reply; null while there is none.</summary>
    public LlmReply? Reply { get; private set; }

    /// <summary>The labels that the caller gave the call.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The budgets of its caller's, beside the configuration's.</summary>
    public IReadOnlyList<BudgetAccounts> CallerBudgets { get; init; } = [];

    /// <summary>The names of the budgets that it counts in.</summary>
    public IReadOnlyList<string> Budgets { get; set; } = [];

    public string? TraceId { get; set; }

    /// <summary>Leaves a settlement to end by itself, to be waited for later.</summary>
    /// <returns>False where the call is over: then nobody will.</returns>
    public bool TryLeave(Task settling)
    {
        lock (_lock)
        {
            _settling?.Add(settling);
            return _settling is not null;
        }
    }

    /// <summary>The settlements that are to be waited for now.</summary>
    public IReadOnlyList<Task> TakeLeft(bool isOver)
    {
        lock (_lock)
        {
            if (_settling is not { Count: > 0 } left)
            {
                if (isOver) _settling = null;
                return [];
            }

            _settling = isOver ? null : [];
            return left;
        }
    }

    /// <summary>The number of the next reservation, from 1.</summary>
    public int NextReservation() => Interlocked.Increment(ref _lastReservation);

    /// <summary>The number of an attempt that begins, from 1.</summary>
    public int BeginAttempt() => Interlocked.Increment(ref _begun);

    public AttemptRecord AddAttempt(AttemptRecord attempt)
    {
        lock (_lock) _attempts.Add(attempt);
        return attempt;
    }

    /// <summary>What was done after an attempt that failed.</summary>
    public void SetNext(int attempt, string because, TimeSpan? delay = null) => Change(attempt, record => record with { NextBecause = because, RetryDelay = delay ?? record.RetryDelay });

    public void AddSkipped(SkippedTarget skipped)
    {
        lock (_lock)
        {
            if (!_skipped.Contains(skipped)) _skipped.Add(skipped);
        }
    }

    /// <summary>Whether what is asked for now goes out only once it is whole: whoever waits for it sees nothing until then.</summary>
    public bool IsHeldBack { get; set; }

    /// <summary>What a stream that died had handed out, before another target went on; null where none did.</summary>
    public LlmReply? HandedOut { get; set; }

    public void CountRescue() => _rescues++;

    /// <summary>An attempt has begun to answer: what comes now is its.</summary>
    public void SetAnswering(Target target, int attempt)
    {
        AnsweredBy = target;
        _answered = attempt;
    }

    public void SetReply(LlmReply reply)
    {
        Reply = reply;
        foreach (var loss in reply.Losses)
        {
            // A retry or re-ask loses the same again.
            if (!_losses.Contains(loss)) _losses.Add(loss);
        }
    }

    /// <summary>The latest answer was invalid.</summary>
    public void MarkInvalid() => Change(_answered, record => record with { Outcome = CallOutcome.Invalid });

    /// <summary>The latest answer was cut.</summary>
    public void MarkCut() => Change(_answered, record => record with { Outcome = CallOutcome.Invalid, ErrorKind = ProviderErrorKind.Truncated });

    public void SetFirstToken() => TimeToFirstToken ??= time.GetElapsedTime(startedTimestamp);

    public void BeginReask()
    {
        Asks++;
        Reasks++;
    }

    /// <summary>The same is asked again, with more room for the answer.</summary>
    public void BeginLargerAsk() => Asks++;

    /// <summary>The answer that comes was asked for as the caller asked, and is not read: what was said of another's before is not said of it.</summary>
    public void SetUnshaped()
    {
        (OutputMode, SchemaNotes) = (null, []);
        _repairs.Clear();
        _coercions.Clear();
    }

    public void SetRepairs(IEnumerable<Repair> repairs)
    {
        _repairs.Clear();
        _repairs.AddRange(repairs);
    }

    public void SetCoercions(IEnumerable<AppliedCoercion> coercions)
    {
        _coercions.Clear();
        _coercions.AddRange(coercions);
    }

    public CallRecord ToRecord(CallOutcome outcome, string? errorType)
    {
        var usage = TokenUsage.Zero;
        if (_attempts.Count > 1) _attempts.Sort(static (one, other) => one.Number.CompareTo(other.Number));
        foreach (var attempt in _attempts) usage += attempt.Usage;
        return new CallRecord
        {
            CallId = Id,
            StartedAt = startedAt,
            Latency = Elapsed,
            Operation = Operation,
            IsStreamed = IsStreamed,
            TimeToFirstToken = TimeToFirstToken,
            SkippedEvents = Reply?.SkippedEvents ?? 0,
            Provider = Last?.Provider ?? provider,
            RequestedModel = model,
            Model = Reply?.Model ?? Last?.Model ?? model,
            Route = RouteName,
            SkippedTargets = [.. _skipped],
            Rescues = _rescues,
            Outcome = outcome,
            ErrorType = errorType,
            Attempts = [.. _attempts],
            Usage = usage,
            Reasks = Reasks,
            FinishReason = Reply?.FinishReason,
            VendorFinishReason = Reply?.VendorFinishReason,
            ResponseId = Reply?.Id,
            RequestId = _attempts.Count > 0 ? _attempts[^1].RequestId : null,
            OutputMode = OutputMode,
            SchemaNotes = SchemaNotes,
            Repairs = [.. _repairs],
            Coercions = [.. _coercions],
            Losses = [.. _losses],
            Tags = Tags,
            Budgets = Budgets,
            TraceId = TraceId,
        };
    }

    /// <summary>The attempt that answered; else the last one. Null where none was made.</summary>
    private AttemptRecord? Last => _attempts.Find(attempt => attempt.Number == _answered) ?? (_attempts.Count > 0 ? _attempts[^1] : null);

    private void Change(int number, Func<AttemptRecord, AttemptRecord> change)
    {
        lock (_lock)
        {
            var at = _attempts.FindIndex(attempt => attempt.Number == number);
            if (at >= 0) _attempts[at] = change(_attempts[at]);
        }
    }
}
