using LlmGateway.Routing.Targets;

namespace LlmGateway.Server.Keys;

/// <summary>What one key has asked of late and has under way. Used under its own lock.</summary>
internal sealed class KeyMeter
{
    /// <summary>When a place becomes free is not known; by then one may be.</summary>
    private static readonly TimeSpan ForAPlace = TimeSpan.FromSeconds(1);

    private readonly RateWindow _window = new();

    public int Inside { get; private set; }

    public TimeSpan LastUse { get; private set; }

    /// <summary>Whether the gate has forgotten it, so that nobody may be counted in it.</summary>
    public bool IsDropped { get; set; }

    /// <summary>Counts a request where nothing is in its way.</summary>
    public KeyRefusal? Take(VirtualKey key, long tokens, TimeSpan now)
    {
        LastUse = now;
        if (tokens > key.TokensPerMinute)
            return Refuse(key, KeyRefusalReason.RequestTooLarge, $"The request may use {tokens} tokens, and this API key at most {key.TokensPerMinute} a minute: it never fits. Ask for fewer output tokens, or send less.", key.TokensPerMinute.Value, null, now);
        if (Inside >= key.MaxConcurrent)
            return Refuse(key, KeyRefusalReason.Concurrency, $"This API key has {key.MaxConcurrent} requests under way, as many as it may at once. Wait until one is over.", key.MaxConcurrent.Value, ForAPlace, now);
        if (_window.TryTake(tokens, key.RequestsPerMinute, key.TokensPerMinute, now) is var wait && wait > TimeSpan.Zero)
        {
            // Which of the two: the one that has to be waited for the longer.
            return _window.WaitFor(0, key.RequestsPerMinute, null, now) >= wait
                ? Refuse(key, KeyRefusalReason.RequestsPerMinute, $"This API key may begin {key.RequestsPerMinute} requests a minute, and has. Try again in {Seconds(wait)}.", key.RequestsPerMinute!.Value, wait, now)
                : Refuse(key, KeyRefusalReason.TokensPerMinute, $"This API key may use {key.TokensPerMinute} tokens a minute; the request may use {tokens}, and fewer are left. Try again in {Seconds(wait)}.", key.TokensPerMinute!.Value, wait, now);
        }

        Inside++;
        return null;
    }

    public void End(TimeSpan takenAt, long estimated, long? used, TimeSpan now)
    {
        LastUse = now;
        Inside--;
        if (used is { } known && known != estimated) _window.Correct(takenAt, estimated, known, now);
    }

    public KeyRates RatesOf(VirtualKey key, TimeSpan now)
    {
        if (key is { RequestsPerMinute: null, TokensPerMinute: null }) return KeyRates.None;
        var read = _window.Read(now);
        return new KeyRates(
            key.RequestsPerMinute is { } requests ? new KeyRate(requests, Math.Max(requests - read.Requests, 0), read.RequestsUntilNone) : null,
            key.TokensPerMinute is { } tokens ? new KeyRate(tokens, Math.Max(tokens - read.Tokens, 0), read.TokensUntilNone) : null);
    }

    private KeyRefusal Refuse(VirtualKey key, KeyRefusalReason reason, string message, long limit, TimeSpan? retryAfter, TimeSpan now)
    {
        var rates = RatesOf(key, now);
        return new KeyRefusal(reason, message)
        {
            Limit = limit,
            Remaining = reason switch { KeyRefusalReason.Concurrency => 0, KeyRefusalReason.RequestsPerMinute => rates.Requests?.Remaining, _ => rates.Tokens?.Remaining },
            RetryAfter = retryAfter,
            Rates = rates,
        };
    }

    private static string Seconds(TimeSpan wait) => $"{Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds))} s";
}
