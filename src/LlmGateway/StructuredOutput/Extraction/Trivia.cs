namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>What stands between the tokens of a value: whitespace, and comments, which JSON does not know.</summary>
internal static class Trivia
{
    public const int NoComment = -1;
    public const int Unclosed = -2;

    /// <summary>JSON's own four.</summary>
    public static bool IsWhitespace(char c) => c is ' ' or '\n' or '\r' or '\t';

    /// <summary>What looks like nothing, and is none of JSON's four.</summary>
    public static bool IsSpecialWhitespace(char c)
        => c is '\v' or '\f' || (c >= '\u0080' && (char.IsWhiteSpace(c) || c is '\u200B' or '\u2060' or '\uFEFF'));

    /// <summary>Where the comment at <paramref name="at"/> ends: behind it, or before the end of its line.</summary>
    public static int EndOfComment(ReadOnlySpan<char> text, int at)
    {
        var rest = text[at..];
        if (rest[0] == '#' || rest.StartsWith("//"))
        {
            var length = rest.IndexOfAny('\n', '\r');
            return length < 0 ? text.Length : at + length;
        }

        if (!rest.StartsWith("/*")) return NoComment;
        var close = rest[2..].IndexOf("*/");
        return close < 0 ? Unclosed : at + 2 + close + 2;
    }

    /// <summary>An odd number of any kind of marks, apostrophes in words aside: the end of a string whose beginning was lost.</summary>
    public static bool HoldsHalfAPair(ReadOnlySpan<char> comment)
    {
        if (comment.Contains("\\\"", StringComparison.Ordinal)) return true;
        var (plain, single, doubles, singles) = (0, 0, 0, 0);
        for (var i = 0; i < comment.Length; i++)
        {
            var c = comment[i];
            if (c == '"') plain++;
            else if (!Quotes.IsOpening(c) || (Quotes.IsApostrophe(c) && i > 0 && i + 1 < comment.Length && char.IsLetter(comment[i - 1]) && char.IsLetter(comment[i + 1]))) continue;
            else if (c == '\'') single++;
            else if (Quotes.IsDouble(c)) doubles++;
            else singles++;
        }

        return ((plain | single | doubles | singles) & 1) != 0;
    }

    /// <summary>The first place from <paramref name="at"/> on that is neither whitespace nor comment; the text's length where there is none.</summary>
    public static int Skip(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length)
        {
            var c = text[at];
            if (c is > ' ' and < '\u0080' and not ('/' or '#')) return at;
            if (IsWhitespace(c) || IsSpecialWhitespace(c))
            {
                at++;
            }
            else if (c is '/' or '#')
            {
                var end = EndOfComment(text, at);
                if (end == NoComment) return at;
                if (end == Unclosed) return text.Length;
                at = end;
            }
            else
            {
                return at;
            }
        }

        return text.Length;
    }
}
