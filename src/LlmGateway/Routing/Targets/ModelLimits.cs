namespace LlmGateway.Routing.Targets;

/// <summary>What a vendor said last of one model's limits, less what was asked since. Thread-safe.</summary>
/// <remarks>
/// Of what is left nothing is asked before the reset, and at most 60 s of that are believed: limits are by the minute, and a
/// wrong header must not silence a target for long.
/// </remarks>
internal sealed class ModelLimits
{
    public static readonly TimeSpan LongestBelieved = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly Entry[] _entries = new Entry[4];
    private volatile bool _isKnown;

    /// <summary>Whether anything was ever said.</summary>
    public bool IsKnown => _isKnown;

    public void Set(LimitKind kind, LimitReading reading, DateTimeOffset now)
    {
        var resetsIn = reading.ResetsIn is { } said && said < LongestBelieved ? said : LongestBelieved;
        lock (_lock) _entries[(int)kind] = new Entry(reading.Limit, reading.Remaining, now + resetsIn);
        _isKnown = true;
    }

    /// <summary>What is left, as far as known; null where the vendor has not said, or its reset is over.</summary>
    public long? Remaining(LimitKind kind, DateTimeOffset now)
    {
        lock (_lock) return _entries[(int)kind] is { Until: var until, Remaining: var left } && until > now ? left : null;
    }

    /// <summary>How long to wait before a request of so many input tokens; zero where it may go now.</summary>
    public TimeSpan WaitFor(long inputTokens, DateTimeOffset now)
    {
        if (!_isKnown) return TimeSpan.Zero;
        var wait = TimeSpan.Zero;
        lock (_lock)
        {
            for (var kind = 0; kind < _entries.Length; kind++)
            {
                ref readonly var entry = ref _entries[kind];
                if (entry.Until <= now) continue;
                // One that is larger than the limit would wait for ever: it goes where all of it is left.
                var needed = (LimitKind)kind is LimitKind.Requests or LimitKind.OutputTokens ? 1 : Math.Clamp(inputTokens, 1, Math.Max(entry.Limit ?? long.MaxValue, 1));
                if (entry.Remaining < needed && entry.Until - now > wait) wait = entry.Until - now;
            }
        }

        return wait;
    }

    /// <summary>Counts a request that is sent: until the next response says better, others have less.</summary>
    public void Take(long inputTokens)
    {
        if (!_isKnown) return;
        lock (_lock)
        {
            _entries[(int)LimitKind.Requests].Remaining--;
            _entries[(int)LimitKind.Tokens].Remaining -= inputTokens;
            _entries[(int)LimitKind.InputTokens].Remaining -= inputTokens;
        }
    }

    private record struct Entry(long? Limit, long Remaining, DateTimeOffset Until);
}
