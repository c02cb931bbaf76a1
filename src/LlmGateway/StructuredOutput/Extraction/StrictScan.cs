using System.Buffers;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>
/// Tells whether a short text is JSON, without an exception where it is not: on a short text that costs more than all the
/// rest. It may let something pass that the parser refuses; never the other way about.
/// </summary>
internal static class StrictScan
{
    private const int MaxDepth = 64;

    private static readonly SearchValues<char> Stops = LenientParser.StopsInDouble;

    /// <param name="text">The text, or its beginning.</param>
    /// <param name="isPrefix">Whether the text goes on, and only its beginning is looked at.</param>
    public static bool IsJson(ReadOnlySpan<char> text, bool isPrefix)
    {
        ulong objects = 0; // One bit a level: whether it is an object.
        var depth = 0;
        var at = 0;
        while (true)
        {
            // A value, or the end of an empty container.
            at = Skip(text, at);
            if (at >= text.Length) return isPrefix;
            switch (text[at])
            {
                case '{' or '[':
                    if (depth == MaxDepth) return true; // Beyond this look; the parser decides.
                    objects = (objects << 1) | (text[at] == '{' ? 1u : 0u);
                    depth++;
                    at = Skip(text, at + 1);
                    if (at >= text.Length) return isPrefix;
                    if (text[at] == ((objects & 1) != 0 ? '}' : ']')) break;
                    if ((objects & 1) != 0 && !Key(text, ref at, isPrefix)) return false;
                    continue;
                case '"':
                    if (!String(text, ref at, isPrefix)) return false;
                    break;
                case 't' or 'f' or 'n':
                    if (!Literal(text[at..], out var length)) return isPrefix && text.Length - at < length;
                    at += length;
                    break;
                case '-' or (>= '0' and <= '9'):
                    while (at < text.Length && text[at] is '-' or '+' or '.' or 'e' or 'E' or (>= '0' and <= '9')) at++;
                    break;
                default:
                    return false;
            }

            // What follows a value.
            while (true)
            {
                at = Skip(text, at);
                if (depth == 0) return at == text.Length;
                if (at >= text.Length) return isPrefix;
                var isObject = (objects & 1) != 0;
                if (text[at] == ',')
                {
                    at = Skip(text, at + 1);
                    if (isObject && !Key(text, ref at, isPrefix)) return false;
                    break;
                }

                if (text[at] != (isObject ? '}' : ']')) return false;
                at++;
                depth--;
                objects >>= 1;
            }
        }
    }

    private static int Skip(ReadOnlySpan<char> text, int at)
    {
        // Other control characters pass, for the parser to refuse.
        while ((uint)at < (uint)text.Length && text[at] <= ' ') at++;
        return at;
    }

    private static bool Key(ReadOnlySpan<char> text, ref int at, bool isPrefix)
    {
        if (at >= text.Length) return isPrefix;
        if (text[at] != '"' || !String(text, ref at, isPrefix)) return false;
        at = Skip(text, at);
        return at < text.Length ? text[at++] == ':' : isPrefix;
    }

    private static bool String(ReadOnlySpan<char> text, ref int at, bool isPrefix)
    {
        const int Near = 16; // Shorter strings are not worth a call.
        at++;
        while (true)
        {
            var near = Math.Min(text.Length, at + Near);
            while (at < near && text[at] is not '"' and not '\\' and >= ' ') at++;
            if (at == near)
            {
                var length = text[at..].IndexOfAny(Stops);
                if (length < 0) return Ends(text, ref at, isPrefix);
                at += length;
            }

            if (text[at] == '"')
            {
                at++;
                return true;
            }

            if (text[at] != '\\') return false;
            if (at + 1 >= text.Length) return Ends(text, ref at, isPrefix);
            if (text[at + 1] is not ('"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't' or 'u')) return false;
            at += 2;
        }
    }

    private static bool Ends(ReadOnlySpan<char> text, ref int at, bool isPrefix)
    {
        at = text.Length;
        return isPrefix;
    }

    private static bool Literal(ReadOnlySpan<char> text, out int length)
    {
        length = text[0] == 'f' ? 5 : 4;
        return text.StartsWith(text[0] switch { 't' => "true", 'f' => "false", _ => "null" });
    }
}
