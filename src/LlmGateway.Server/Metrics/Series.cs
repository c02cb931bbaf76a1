namespace LlmGateway.Server.Metrics;

/// <summary>The values of one set of labels. Safe for concurrent use.</summary>
internal sealed class Series
{
    private readonly Lock _lock = new();
    private readonly double[] _bounds;
    private readonly long[] _buckets;
    private double _sum;
    private long _count;

    /// <param name="labels">Its labels as they are written, without the braces; empty for none.</param>
    /// <param name="bounds">The upper bounds of a histogram's buckets; empty for what is no histogram.</param>
    public Series(string labels, double[] bounds) => (Labels, _bounds, _buckets) = (labels, bounds, new long[bounds.Length + 1]);

    public string Labels { get; }

    public void Add(double value)
    {
        var bucket = 0;
        while (bucket < _bounds.Length && value > _bounds[bucket]) bucket++;
        lock (_lock)
        {
            _sum += value;
            _count++;
            _buckets[bucket]++;
        }
    }

    public void Set(double value)
    {
        lock (_lock) _sum = value;
    }

    /// <summary>What there is at one moment.</summary>
    /// <param name="buckets">Gets the count of each bucket, not summed up.</param>
    public (double Sum, long Count) Read(Span<long> buckets)
    {
        lock (_lock)
        {
            _buckets.CopyTo(buckets);
            return (_sum, _count);
        }
    }
}

/// <summary>A measurement's tags as they were given, and the series they belong to; several may share a hash.</summary>
internal sealed class SeriesKey(KeyValuePair<string, object?>[] tags, Series series, SeriesKey? next)
{
    public Series Series => series;

    public SeriesKey? Next => next;

    public bool Is(ReadOnlySpan<KeyValuePair<string, object?>> others)
    {
        if (others.Length != tags.Length) return false;
        for (var i = 0; i < tags.Length; i++)
            if (!string.Equals(tags[i].Key, others[i].Key, StringComparison.Ordinal) || !Equals(tags[i].Value, others[i].Value)) return false;
        return true;
    }
}
