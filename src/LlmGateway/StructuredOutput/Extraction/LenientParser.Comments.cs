using System.Buffers;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>Comments, which are passed over only where they can be nothing else.</summary>
internal ref partial struct LenientParser
{
    /// <summary>What says that something was left out.</summary>
    private static readonly SearchValues<string> Elisions = SearchValues.Create(
        ["...", "…", "more items", "more entries", "more rows", "omitted", "elided", "abbreviated", "truncated", "and so on", "and so forth", "etc.", "rest of", "the rest", "remaining"],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a comment is one, and says nothing of the value.</summary>
    /// <param name="comment">It, with its marks.</param>
    /// <param name="place">What may stand where it stands, besides what ends a value; the root where nothing may.</param>
    /// <param name="isDue">Whether something must stand there.</param>
    private bool CheckComment(ReadOnlySpan<char> comment, Place place, bool isDue)
    {
        if (Trivia.HoldsHalfAPair(comment)) return Fail("a comment holds a single quotation mark, which may end a string");
        if (_depth == 0) return true;
        var more = comment.IndexOf(" more", StringComparison.OrdinalIgnoreCase);
        if (comment.ContainsAny(Elisions) || (more > 0 && char.IsAsciiDigit(comment[more - 1]))) return Fail("a comment says that something was left out");
        if (comment.StartsWith("/*")) return true;
        var words = comment.TrimStart(comment[0] == '#' ? '#' : '/');
        if (words.TrimEnd().EndsWith(',')) return Fail("what looks like a comment ends with a comma, and may be a value");
        if (words.IsEmpty || char.IsWhiteSpace(words[0]) || place == Place.Root || (place == Place.Key && !words.Contains(':'))) return true;
        return !(isDue || IsFirstOnLine(_at)) || Fail("what looks like a comment stands where a value may, and may be one");
    }

    private readonly bool IsFirstOnLine(int at)
    {
        while (at > 0 && _text[at - 1] is ' ' or '\t') at--;
        return at == 0 || _text[at - 1] is '\n' or '\r';
    }
}
