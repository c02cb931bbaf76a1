namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>
/// Tells whether a short text is JSON, without an exception where it is not: on a short text that costs more than all the
/// rest. It may let something pass that the parser refuses; never the other way about.
/// </summary>
internal static class StrictScan
{
    private const int MaxDepth = 64;

    public static bool IsJson(ReadOnlySpan<char> text)
    {
        ulong objects = 0; // One bit a level: whether it is an object.
        var depth = 0;
        var at = 0;
        while (true)
        {
            // A value, or the end of an empty container.
            at = Skip(text, at);
            if (at >= text.Length) return false;
            switch (text[at])
            {
                case '{' or '[':
                    if (depth == MaxDepth) return true; // Beyond this look; the parser decides.
                    objects = (objects << 1) | (text[at] == '{' ? 1u : 0u);
                    depth++;
                    at = Skip(text, at + 1);
                    if (at >= text.Length) return false;
                    if (text[at] == ((objects & 1) != 0 ? '}' : ']')) break;
                    if ((objects & 1) != 0 && !Key(text, ref at)) return false;
                    continue;
                case '"':
                    if (!String(text, ref at)) return false;
                    break;
                case 't' or 'f' or 'n':
                    if (!Literal(text[at..], out var length)) return false;
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
                if (at >= text.Length) return false;
                var isObject = (objects & 1) != 0;
                if (text[at] == ',')
                {
                    at = Skip(text, at + 1);
                    if (isObject && !Key(text, ref at)) return false;
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
        while (at < text.Length && Trivia.IsWhitespace(text[at])) at++;
        return at;
    }

    private static bool Key(ReadOnlySpan<char> text, ref int at)
    {
        if (at >= text.Length || text[at] != '"' || !String(text, ref at)) return false;
        at = Skip(text, at);
        return at < text.Length && text[at++] == ':';
    }

    private static bool String(ReadOnlySpan<char> text, ref int at)
    {
        for (at++; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '"')
            {
                at++;
                return true;
            }

            if (c < ' ') return false;
            if (c == '\\' && (++at >= text.Length || text[at] is not ('"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't' or 'u'))) return false;
        }

        return false;
    }

    private static bool Literal(ReadOnlySpan<char> text, out int length)
    {
        length = text[0] == 'f' ? 5 : 4;
        return text.StartsWith(text[0] switch { 't' => "true", 'f' => "false", _ => "null" });
    }
}
