using System.Numerics;

namespace ServerBench.Driver;

/// <summary>Times in microseconds, in buckets of at most 1.6 % width: what percentiles are read from.</summary>
internal sealed class Histogram
{
    private const int SubBits = 6;
    private const int Sub = 1 << SubBits;
    private readonly long[] _counts = new long[Sub * 32];

    public long Count { get; private set; }

    public void Add(double microseconds)
    {
        var value = (uint)Math.Clamp(microseconds, 0, int.MaxValue);
        _counts[IndexOf(value)]++;
        Count++;
    }

    public void Add(Histogram other)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
        Count += other.Count;
    }

    /// <summary>The time that the given part of all did not exceed, in microseconds; 0 where there is none.</summary>
    public double Percentile(double part)
    {
        if (Count == 0) return 0;
        var wanted = Math.Max(1, (long)Math.Ceiling(part * Count));
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted) return Middle(i);
        }

        throw new InvalidOperationException("The counts do not add up.");
    }

    private static int IndexOf(uint value)
    {
        if (value < Sub) return (int)value;
        var shift = 31 - BitOperations.LeadingZeroCount(value) - SubBits;
        return (shift * Sub) + (int)(value >> shift);
    }

    private static double Middle(int index)
    {
        if (index < Sub * 2) return index;
        var shift = (index / Sub) - 1;
        return ((double)(index - (shift * Sub)) + 0.5) * (1L << shift);
    }
}
