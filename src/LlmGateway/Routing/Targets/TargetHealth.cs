namespace LlmGateway.Routing.Targets;

/// <summary>
/// What is known of a target, whatever route it is in and whatever else its configuration says: it outlives a reload.
/// Thread-safe.
/// </summary>
internal sealed class TargetHealth
{
    /// <summary>A vendor that asks for more is asked again all the same, once in so long.</summary>
    private static readonly TimeSpan LongestCoolDown = TimeSpan.FromMinutes(10);

    private long _coolUntil;
    private int _underWay;

    public Circuit Circuit { get; } = new();

    public LatencyMeter Latency { get; } = new();

    public RateWindow Rate { get; } = new();

    /// <summary>Whether its model refused to go on with an answer that the request began; null where it was never asked to.</summary>
    public bool? PrefillRefused { get; set; }

    /// <summary>The attempts under way.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Until when the vendor asked not to be asked.</summary>
    public TimeSpan CoolUntil => new(Interlocked.Read(ref _coolUntil));

    /// <summary>Not before the time the vendor gave; a shorter one that comes later does not cut a longer one.</summary>
    public void Cool(TimeSpan now, TimeSpan retryAfter)
    {
        var until = (now + (retryAfter < LongestCoolDown ? retryAfter : LongestCoolDown)).Ticks;
        for (var seen = Interlocked.Read(ref _coolUntil); seen < until;)
        {
            var before = Interlocked.CompareExchange(ref _coolUntil, until, seen);
            if (before == seen) return;
            seen = before;
        }
    }

    public void Enter() => Interlocked.Increment(ref _underWay);

    public void Leave() => Interlocked.Decrement(ref _underWay);
}
