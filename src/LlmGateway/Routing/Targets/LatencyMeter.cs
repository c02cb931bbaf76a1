namespace LlmGateway.Routing.Targets;

/// <summary>How long a target takes to its first token, of late. Thread-safe.</summary>
/// <remarks>
/// The mean is weighted by age, with a half-life of 10 s: by time and not by count, so that a busy target's mean is as steady
/// as a quiet one's. While nothing is under way it sinks at the same rate: a slow target is tried again after some time, by
/// one attempt at a time, since it does not sink further, but stands where it was, while that is under way.
/// </remarks>
internal sealed class LatencyMeter
{
    /// <summary>Of fewer times a percentile would be chance.</summary>
    public const int LeastForPercentile = 20;

    private const int Kept = 128;
    private const double HalfLifeTicks = 10.0 * TimeSpan.TicksPerSecond;

    private readonly Lock _lock = new();
    private long[] _times = [];
    private int _count;
    private double _mean = double.NaN;
    private long _at;

    /// <summary>Adds a time.</summary>
    public void Add(TimeSpan took, TimeSpan now)
    {
        var ticks = Math.Max(took.Ticks, 0);
        lock (_lock)
        {
            if (_times.Length == 0) _times = new long[Kept];
            _times[_count++ % Kept] = ticks;
            if (_count == 2 * Kept) _count = Kept;
            Weigh(ticks, now);
        }
    }

    /// <summary>Adds what was waited in vain: it takes that long at least, so that a mean above it stays, and no percentile knows it.</summary>
    public void AddAtLeast(TimeSpan waited, TimeSpan now)
    {
        lock (_lock)
        {
            if (!(waited.Ticks <= _mean)) Weigh(waited.Ticks, now);
        }
    }

    /// <summary>The mean in ticks, for comparing: 0 where the target is new, to be tried early, and infinite where it is being tried for the first time.</summary>
    public double Score(TimeSpan now, bool isUnderWay)
    {
        double mean;
        long at;
        lock (_lock) (mean, at) = (_mean, _at);
        if (double.IsNaN(mean)) return isUnderWay ? double.PositiveInfinity : 0;
        return isUnderWay ? mean : mean * Remaining(now.Ticks - at);
    }

    /// <summary>The mean as it was last weighed; null where no time is known.</summary>
    public TimeSpan? Mean
    {
        get
        {
            lock (_lock) return double.IsNaN(_mean) ? null : new TimeSpan((long)_mean);
        }
    }

    /// <summary>The time that the share <paramref name="p"/> of the last 128 times is not above; null where fewer than 20 are known.</summary>
    /// <param name="p">Above 0 and at most 1.</param>
    public TimeSpan? Percentile(double p)
    {
        Span<long> sorted = stackalloc long[Kept];
        lock (_lock)
        {
            if (_count < LeastForPercentile) return null;
            sorted = sorted[..Math.Min(_count, Kept)];
            _times.AsSpan(0, sorted.Length).CopyTo(sorted);
        }

        sorted.Sort();
        return new TimeSpan(sorted[Math.Clamp((int)Math.Ceiling(p * sorted.Length) - 1, 0, sorted.Length - 1)]);
    }

    private void Weigh(long ticks, TimeSpan now)
    {
        _mean = double.IsNaN(_mean) ? ticks : ticks + ((_mean - ticks) * Remaining(now.Ticks - _at));
        _at = now.Ticks;
    }

    private static double Remaining(long age) => age <= 0 ? 1 : Math.Exp(-Math.Log(2) * age / HalfLifeTicks);
}
