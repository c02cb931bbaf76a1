namespace LlmGateway.Routing.Targets;

/// <summary>What was asked of a target in the last minute, by the second, to hold it to its limits a minute. Thread-safe.</summary>
/// <remarks>
/// Invariant: in no 60 s do more requests begin than the limit, nor more tokens by what was known when the last of them began. Seconds
/// are counted whole, so that up to one second of a minute's room is left unused. A request that alone is larger than the limit fills it.
/// </remarks>
internal sealed class RateWindow
{
    private const int Seconds = 61;

    private readonly Lock _lock = new();
    private long[] _requests = [];
    private long[] _tokens = [];
    private long _last;
    private long _allRequests;
    private long _allTokens;

    /// <summary>How long to wait before a request fits; zero where it does now.</summary>
    public TimeSpan WaitFor(long tokens, int? maxRequests, int? maxTokens, TimeSpan now)
    {
        if (maxRequests is null && maxTokens is null) return TimeSpan.Zero;
        lock (_lock)
        {
            MoveTo(now);
            return Wait(tokens, maxRequests, maxTokens, now);
        }
    }

    /// <summary>Counts a request where it fits.</summary>
    /// <returns>Zero where it was counted, else how long to wait.</returns>
    public TimeSpan TryTake(long tokens, int? maxRequests, int? maxTokens, TimeSpan now)
    {
        if (maxRequests is null && maxTokens is null) return TimeSpan.Zero;
        lock (_lock)
        {
            MoveTo(now);
            var wait = Wait(tokens, maxRequests, maxTokens, now);
            if (wait > TimeSpan.Zero) return wait;
            if (_requests.Length == 0) (_requests, _tokens) = (new long[Seconds], new long[Seconds]);
            Add((int)(_last % Seconds), 1, tokens);
            return TimeSpan.Zero;
        }
    }

    /// <summary>Puts what was used in the place of what was estimated, in the second that it was taken in.</summary>
    public void Correct(TimeSpan takenAt, long estimated, long used, TimeSpan now)
    {
        lock (_lock)
        {
            if (_requests.Length == 0) return;
            MoveTo(now);
            var second = Second(takenAt);
            if (second > _last - Seconds) Add((int)(second % Seconds), 0, used - estimated);
        }
    }

    /// <summary>What is counted at the moment.</summary>
    public RateReading Read(TimeSpan now)
    {
        lock (_lock)
        {
            MoveTo(now);
            return new RateReading(_allRequests, UntilNoneOf(_requests, now), _allTokens, UntilNoneOf(_tokens, now));
        }
    }

    private TimeSpan UntilNoneOf(long[] counts, TimeSpan now)
    {
        if (counts.Length == 0) return TimeSpan.Zero;
        for (var second = _last; second > _last - Seconds && second >= 0; second--)
            if (counts[second % Seconds] != 0) return TimeSpan.FromSeconds(second + Seconds) - now;
        return TimeSpan.Zero;
    }

    private static long Second(TimeSpan at) => at.Ticks / TimeSpan.TicksPerSecond;

    private TimeSpan Wait(long tokens, int? maxRequests, int? maxTokens, TimeSpan now)
    {
        var overRequests = maxRequests is { } mostRequests ? _allRequests + 1 - mostRequests : 0;
        var overTokens = maxTokens is { } mostTokens ? _allTokens + Math.Min(tokens, mostTokens) - mostTokens : 0;
        if (overRequests <= 0 && overTokens <= 0) return TimeSpan.Zero;
        for (var second = _last - Seconds + 1; second <= _last; second++)
        {
            if (second < 0) continue;
            var slot = (int)(second % Seconds);
            overRequests -= _requests[slot];
            overTokens -= _tokens[slot];
            if (overRequests <= 0 && overTokens <= 0) return TimeSpan.FromSeconds(second + Seconds) - now;
        }

        return TimeSpan.FromSeconds(_last + Seconds) - now;
    }

    private void Add(int slot, long requests, long tokens)
    {
        _requests[slot] += requests;
        _tokens[slot] += tokens;
        _allRequests += requests;
        _allTokens += tokens;
    }

    private void MoveTo(TimeSpan now)
    {
        var second = Second(now);
        if (_requests.Length > 0)
        {
            for (var passed = Math.Max(_last + 1, second - Seconds + 1); passed <= second; passed++)
            {
                var slot = (int)(passed % Seconds);
                Add(slot, -_requests[slot], -_tokens[slot]);
            }
        }

        _last = Math.Max(_last, second);
    }
}

/// <summary>What a window counts, and how long until nothing of it is left if nothing more comes.</summary>
internal readonly record struct RateReading(long Requests, TimeSpan RequestsUntilNone, long Tokens, TimeSpan TokensUntilNone);
