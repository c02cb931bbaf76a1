namespace LlmGateway.StructuredOutput.Validation;

/// <summary>URI templates of RFC 6570.</summary>
internal static class UriTemplateFormat
{
    private const string Operators = "+#./;?&=,!@|";

    public static bool IsTemplate(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '{':
                    var length = text[i..].IndexOf('}');
                    if (length < 0 || !IsExpression(text.Slice(i + 1, length - 1))) return false;
                    i += length;
                    break;
                case '%':
                    if (!UriFormats.IsPercentEncoded(text[i..])) return false;
                    i += 2;
                    break;
                case <= ' ' or '"' or '<' or '>' or '\\' or '^' or '`' or '|' or '}' or '\x7F':
                    return false;
            }
        }

        return true;
    }

    private static bool IsExpression(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return false;
        if (Operators.Contains(text[0], StringComparison.Ordinal)) text = text[1..];
        foreach (var range in text.Split(','))
        {
            if (!IsVariable(text[range])) return false;
        }

        return true;
    }

    private static bool IsVariable(ReadOnlySpan<char> text)
    {
        if (text.EndsWith("*")) text = text[..^1];
        else if (text.IndexOf(':') is >= 0 and var at)
        {
            var length = text[(at + 1)..];
            if (length.Length is 0 or > 4 || length[0] is < '1' or > '9' || length.ContainsAnyExceptInRange('0', '9')) return false;
            text = text[..at];
        }

        foreach (var range in text.Split('.'))
        {
            var name = text[range];
            if (name.IsEmpty) return false;
            for (var i = 0; i < name.Length; i++)
            {
                if (char.IsAsciiLetterOrDigit(name[i]) || name[i] == '_') continue;
                if (name[i] != '%' || !UriFormats.IsPercentEncoded(name[i..])) return false;
                i += 2;
            }
        }

        return true;
    }
}
