using System.Collections.ObjectModel;

namespace LlmGateway.Client;

/// <summary>One call while it is under way. Each step adds what it did; at the end it becomes the immutable record.</summary>
internal sealed class Call(string provider, string model, DateTimeOffset startedAt, long startedTimestamp, TimeProvider time)
{
    private readonly List<AttemptRecord> _attempts = [];
    private readonly List<Repair> _repairs = [];
    private readonly List<AppliedCoercion> _coercions = [];
    private readonly List<string> _losses = [];

    private int _lastAttempt;

    public string Id { get; } = Guid.CreateVersion7(startedAt).ToString("N");

    public IReadOnlyList<AttemptRecord> Attempts => _attempts;

    public IReadOnlyList<string> Losses => _losses;

    /// <summary>How often the model has been asked, less one: the number of the current ask.</summary>
    public int Asks { get; private set; }

    /// <summary>How many of the asks were made because an answer was invalid.</summary>
    public int Reasks { get; private set; }

    /// <summary>How many attempts were made beyond one for each ask.</summary>
    public int Retries => _attempts.Count - Asks - 1;

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

    /// <summary>The names of the budgets that it counts in.</summary>
    public IReadOnlyList<string> Budgets { get; set; } = [];

    public string? TraceId { get; set; }

    /// <summary>The number of the next attempt, from 1.</summary>
    public int NextAttempt() => ++_lastAttempt;

    public AttemptRecord AddAttempt(AttemptRecord attempt)
    {
        _attempts.Add(attempt);
        return attempt;
    }

    public void SetRetryDelay(TimeSpan delay) => _attempts[^1] = _attempts[^1] with { RetryDelay = delay };

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
    public void MarkInvalid() => _attempts[^1] = _attempts[^1] with { Outcome = CallOutcome.Invalid };

    /// <summary>The latest answer was cut.</summary>
    public void MarkCut() => _attempts[^1] = _attempts[^1] with { Outcome = CallOutcome.Invalid, ErrorKind = ProviderErrorKind.Truncated };

    public void SetFirstToken() => TimeToFirstToken ??= time.GetElapsedTime(startedTimestamp);

    public void BeginReask()
    {
        Asks++;
        Reasks++;
    }

    /// <summary>The same is asked again, with more room for the answer.</summary>
    public void BeginLargerAsk() => Asks++;

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
            Provider = provider,
            RequestedModel = model,
            Model = Reply?.Model ?? model,
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
}
