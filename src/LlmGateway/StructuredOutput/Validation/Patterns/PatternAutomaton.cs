namespace LlmGateway.StructuredOutput.Validation;

/// <summary>
/// A pattern as a table of states, read once over a text in UTF-8: one step a code point, whatever the pattern. Only for
/// patterns without look-around, word boundaries and references back, and only where the table stays small.
/// </summary>
internal sealed class PatternAutomaton
{
    /// <summary>No match can come any more.</summary>
    public const int Dead = 0;

    /// <summary>There is a match, whatever follows.</summary>
    public const int Matched = 1;

    /// <summary>The state before the text.</summary>
    public const int Begin = 2;

    private readonly ushort[] _next;
    private readonly bool[] _matchesAtEnd;
    private readonly CodePointClasses _classes;

    public PatternAutomaton(ushort[] next, bool[] matchesAtEnd, CodePointClasses classes)
    {
        _next = next;
        _matchesAtEnd = matchesAtEnd;
        _classes = classes;
    }

    public bool IsMatch(ReadOnlySpan<byte> utf8)
    {
        var next = _next;
        var classCount = _classes.Count;
        var ascii = _classes.Ascii;
        var state = Begin;
        for (var i = 0; i < utf8.Length && state > Matched;)
        {
            int unit = utf8[i];
            var kind = unit < 0x80 ? ascii[unit] : _classes.Of(Decode(utf8[i..]));
            i += unit < 0x80 ? 1 : unit < 0xE0 ? 2 : unit < 0xF0 ? 3 : 4;
            state = next[(state * classCount) + kind];
        }

        return state == Matched || _matchesAtEnd[state];
    }

    /// <summary>The first code point of a well-formed text; half of a surrogate pair is one too.</summary>
    private static int Decode(ReadOnlySpan<byte> utf8) => utf8[0] switch
    {
        < 0xE0 => ((utf8[0] & 0x1F) << 6) | (utf8[1] & 0x3F),
        < 0xF0 => ((utf8[0] & 0x0F) << 12) | ((utf8[1] & 0x3F) << 6) | (utf8[2] & 0x3F),
        _ => ((utf8[0] & 0x07) << 18) | ((utf8[1] & 0x3F) << 12) | ((utf8[2] & 0x3F) << 6) | (utf8[3] & 0x3F),
    };
}
