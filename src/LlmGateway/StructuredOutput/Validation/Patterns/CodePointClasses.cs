using System.Text;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>The code points sorted into classes that a pattern does not tell apart.</summary>
internal sealed class CodePointClasses
{
    private readonly int[] _starts;
    private readonly byte[] _kinds;

    private CodePointClasses(int[] starts, byte[] kinds, int count)
    {
        _starts = starts;
        _kinds = kinds;
        Count = count;
        Ascii = [.. Enumerable.Range(0, 0x80).Select(c => (byte)Of(c))];
    }

    public int Count { get; }

    public byte[] Ascii { get; }

    /// <summary>Null where there are more than a byte can tell.</summary>
    /// <param name="sets">The sets of the pattern.</param>
    /// <param name="members">For each class, which of the sets it belongs to.</param>
    public static CodePointClasses? Of(IReadOnlyList<CodePointSet> sets, out List<bool[]> members)
    {
        members = [];
        int[] starts = [.. sets.SelectMany(s => s.Ranges).SelectMany(r => (int[])[r.First, r.Last + 1]).Append(0).Where(c => c <= CodePointSet.Last).Distinct().Order()];
        var kinds = new byte[starts.Length];
        var known = new Dictionary<string, byte>(StringComparer.Ordinal);
        for (var i = 0; i < starts.Length; i++)
        {
            bool[] isIn = [.. sets.Select(s => s.Contains(starts[i]))];
            var key = new StringBuilder(isIn.Length);
            foreach (var one in isIn) key.Append(one ? '1' : '0');
            if (!known.TryGetValue(key.ToString(), out var kind))
            {
                if (known.Count > byte.MaxValue) return null;
                known[key.ToString()] = kind = (byte)known.Count;
                members.Add(isIn);
            }

            kinds[i] = kind;
        }

        return new CodePointClasses(starts, kinds, known.Count);
    }

    public int Of(int codePoint)
    {
        var at = Array.BinarySearch(_starts, codePoint);
        return _kinds[at >= 0 ? at : ~at - 1];
    }
}
