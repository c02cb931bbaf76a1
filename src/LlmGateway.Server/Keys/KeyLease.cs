using LlmGateway.Routing.Targets;

namespace LlmGateway.Server.Keys;

/// <summary>A request of a key that was let in. It is ended once, by <see cref="End"/> or by being disposed of; what comes after changes nothing. Thread-safe.</summary>
internal sealed class KeyLease : IDisposable
{
    private readonly TimeSpan _takenAt;
    private readonly long _estimated;
    private readonly TimeProvider _time;
    private KeyMeter? _meter;

    internal KeyLease(KeyMeter? meter, KeyRates rates, TimeSpan takenAt, long estimated, TimeProvider time)
    {
        _meter = meter;
        Rates = rates;
        _takenAt = takenAt;
        _estimated = estimated;
        _time = time;
    }

    /// <summary>That of a key without limits, which all its requests share: there is nothing to end.</summary>
    public static KeyLease Unlimited { get; } = new(null, KeyRates.None, default, 0, TimeProvider.System);

    /// <summary>How the key's limits stood when the request was let in, with it counted.</summary>
    public KeyRates Rates { get; }

    /// <summary>The request is over.</summary>
    /// <param name="usedTokens">The tokens that it used, input and output, of all its attempts; null where it is not known, so that the estimate stays.</param>
    public void End(long? usedTokens)
    {
        if (Interlocked.Exchange(ref _meter, null) is not { } meter) return;
        var now = _time.Now();
        lock (meter) meter.End(_takenAt, _estimated, usedTokens, now);
    }

    /// <summary>The request is over, and what it used is not known.</summary>
    public void Dispose() => End(null);
}
