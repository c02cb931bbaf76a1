namespace LlmGateway.StructuredOutput.Validation;

/// <summary>A set of code points, halves of surrogate pairs among them. Immutable.</summary>
internal sealed class CodePointSet
{
    public const int Last = 0x10FFFF;

    private readonly (int First, int Last)[] _ranges;

    private CodePointSet((int First, int Last)[] ranges) => _ranges = ranges;

    public static CodePointSet None { get; } = new([]);

    public static CodePointSet All { get; } = new([(0, Last)]);

    /// <summary>Sorted, apart from each other by one at least.</summary>
    public IReadOnlyList<(int First, int Last)> Ranges => _ranges;

    public static CodePointSet Of(params ReadOnlySpan<int> codePoints)
    {
        var ranges = new List<(int, int)>();
        foreach (var codePoint in codePoints) ranges.Add((codePoint, codePoint));
        return Of(ranges);
    }

    public static CodePointSet OfRanges(params ReadOnlySpan<(int First, int Last)> ranges) => Of([.. ranges]);

    public static CodePointSet Union(IEnumerable<CodePointSet> sets) => Of([.. sets.SelectMany(s => s._ranges)]);

    public CodePointSet Complement()
    {
        var ranges = new List<(int, int)>();
        var next = 0;
        foreach (var (first, last) in _ranges)
        {
            if (first > next) ranges.Add((next, first - 1));
            next = last + 1;
        }

        if (next <= Last) ranges.Add((next, Last));
        return new CodePointSet([.. ranges]);
    }

    public bool Contains(int codePoint)
    {
        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (codePoint < _ranges[middle].First) high = middle - 1;
            else if (codePoint > _ranges[middle].Last) low = middle + 1;
            else return true;
        }

        return false;
    }

    /// <summary>What of it stands between two code points.</summary>
    public IEnumerable<(int First, int Last)> Within(int from, int to)
    {
        foreach (var (first, last) in _ranges)
        {
            if (first <= to && last >= from) yield return (Math.Max(first, from), Math.Min(last, to));
        }
    }

    private static CodePointSet Of(List<(int First, int Last)> ranges)
    {
        ranges.Sort();
        var merged = new List<(int First, int Last)>(ranges.Count);
        foreach (var range in ranges)
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1) merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            else merged.Add(range);
        }

        return new CodePointSet([.. merged]);
    }
}
