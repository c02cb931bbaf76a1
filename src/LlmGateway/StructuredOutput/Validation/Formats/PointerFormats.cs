namespace LlmGateway.StructuredOutput.Validation;

/// <summary>JSON Pointers of RFC 6901, and relative ones.</summary>
internal static class PointerFormats
{
    public static bool IsPointer(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return true;
        if (text[0] != '/') return false;
        for (var at = text.IndexOf('~'); at >= 0; at = text.IndexOf('~'))
        {
            if (at + 1 == text.Length || text[at + 1] is not ('0' or '1')) return false;
            text = text[(at + 2)..];
        }

        return true;
    }

    public static bool IsRelativePointer(ReadOnlySpan<char> text)
    {
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits < 0) digits = text.Length;
        if (digits == 0 || (digits > 1 && text[0] == '0')) return false;
        var rest = text[digits..];
        return rest is "#" || IsPointer(rest);
    }
}
