using System.Globalization;
using System.Text;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>Writes a pattern of code points as one for .NET, which sees UTF-16 units.</summary>
internal sealed class PatternWriter
{
    private const string AnyHigh = @"[\uD800-\uDBFF]";
    private const string AnyLow = @"[\uDC00-\uDFFF]";
    private const string Word = "[0-9A-Z_a-z]";

    private readonly StringBuilder _text = new();
    private readonly bool _withHalfPairs;

    private PatternWriter(bool withHalfPairs) => _withHalfPairs = withHalfPairs;

    /// <param name="root">The pattern.</param>
    /// <param name="withHalfPairs">Whether the texts may hold halves of surrogate pairs; they need look-around.</param>
    public static string Write(PatternNode root, bool withHalfPairs)
    {
        var writer = new PatternWriter(withHalfPairs);
        writer.Write(root);
        return writer._text.ToString();
    }

    private void Write(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.One one:
                Write(one.Set);
                break;
            case PatternNode.Sequence sequence:
                foreach (var part in sequence.Parts) Write(part);
                break;
            case PatternNode.Choice choice:
                Enclose("(?:", () =>
                {
                    for (var i = 0; i < choice.Branches.Count; i++)
                    {
                        if (i > 0) _text.Append('|');
                        Write(choice.Branches[i]);
                    }
                });
                break;
            case PatternNode.Repeat repeat:
                Enclose("(?:", () => Write(repeat.Part));
                _text.Append(CultureInfo.InvariantCulture, $"{{{repeat.Min},{repeat.Max}}}");
                if (repeat.IsLazy) _text.Append('?');
                break;
            case PatternNode.Capture capture:
                Enclose($"(?<g{Text(capture.Number)}>", () => Write(capture.Part));
                break;
            case PatternNode.BackReference reference:
                // A group that caught nothing is the empty text in ECMA-262, and matches never in .NET.
                _text.Append(CultureInfo.InvariantCulture, $@"(?(g{reference.Number})\k<g{reference.Number}>)");
                break;
            case PatternNode.Look look:
                Enclose((look.IsAhead, look.IsNegative) switch { (true, false) => "(?=", (true, true) => "(?!", (false, false) => "(?<=", _ => "(?<!" }, () => Write(look.Part));
                break;
            case PatternNode.Start:
                _text.Append(@"\A");
                break;
            case PatternNode.End:
                _text.Append(@"\z");
                break;
            case PatternNode.WordBoundary boundary:
                _text.Append(boundary.IsNegative ? $"(?:(?<={Word})(?={Word})|(?<!{Word})(?!{Word}))" : $"(?:(?<={Word})(?!{Word})|(?<!{Word})(?={Word}))");
                break;
        }
    }

    private void Enclose(string open, Action write)
    {
        _text.Append(open);
        write();
        _text.Append(')');
    }

    private void Write(CodePointSet set)
    {
        var choices = new List<string>();
        if (Units(set.Within(0, 0xD7FF).Concat(set.Within(0xE000, 0xFFFF))) is { } plain) choices.Add(plain);
        choices.AddRange(Pairs(set));
        if (_withHalfPairs)
        {
            if (Units(set.Within(0xD800, 0xDBFF)) is { } high) choices.Add($"{high}(?!{AnyLow})");
            if (Units(set.Within(0xDC00, 0xDFFF)) is { } low) choices.Add($"(?<!{AnyHigh}){low}");
        }

        _text.Append(choices.Count switch
        {
            0 => @"[^\u0000-\uFFFF]",
            1 => $"(?:{choices[0]})",
            _ => $"(?:{string.Join('|', choices)})",
        });
    }

    /// <summary>The code points above U+FFFF, by pairs; first halves with the same second ones together.</summary>
    private static IEnumerable<string> Pairs(CodePointSet set)
    {
        var lows = new SortedDictionary<int, List<(int, int)>>();
        var full = new List<(int, int)>();
        foreach (var (first, last) in set.Within(0x10000, CodePointSet.Last))
        {
            for (var start = first; start <= last;)
            {
                var (high, low) = (0xD800 + ((start - 0x10000) >> 10), 0xDC00 + ((start - 0x10000) & 0x3FF));
                var whole = low == 0xDC00 ? (last - start + 1) >> 10 : 0;
                if (whole > 0)
                {
                    full.Add((high, high + whole - 1));
                    start += whole << 10;
                    continue;
                }

                var end = Math.Min(last, start | 0x3FF);
                if (!lows.TryGetValue(high, out var list)) lows[high] = list = [];
                list.Add((low, 0xDC00 + ((end - 0x10000) & 0x3FF)));
                start = end + 1;
            }
        }

        if (Units(full) is { } highs) yield return highs + AnyLow;
        foreach (var group in lows.GroupBy(l => Units(l.Value)!)) yield return Units(group.Select(l => (l.Key, l.Key))) + group.Key;
    }

    private static string? Units(IEnumerable<(int First, int Last)> ranges)
    {
        var text = new StringBuilder();
        foreach (var (first, last) in ranges)
        {
            text.Append(Unit(first));
            if (last > first) text.Append('-').Append(Unit(last));
        }

        return text.Length == 0 ? null : $"[{text}]";
    }

    private static string Unit(int unit) => string.Create(CultureInfo.InvariantCulture, $@"\u{unit:X4}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
