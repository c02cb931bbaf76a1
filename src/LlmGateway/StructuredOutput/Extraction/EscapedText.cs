using System.Globalization;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>Text that stands escaped in another, as in <c>{\"a\":1}</c>, with the way back to its places there.</summary>
/// <param name="Text">The text itself.</param>
/// <param name="Places">For every unit of it, and for its end, where it stands in the other.</param>
internal sealed record EscapedText(string Text, int[] Places)
{
    /// <summary>Whether the value that begins here has its first quotation mark escaped.</summary>
    public static bool BeginsAt(ReadOnlySpan<char> text, int start)
    {
        const int MaxBefore = 256;
        for (var at = start; at + 1 < text.Length && at < start + MaxBefore; at++)
        {
            var c = text[at];
            if (c == '\\' && text[at + 1] == '"') return true;
            if (c == '\\' && text[at + 1] is 'n' or 'r' or 't') at++;
            else if (c is not ('{' or '[') && !Trivia.IsWhitespace(c)) return false;
        }

        return false;
    }

    /// <summary>Takes one level of escaping off, up to a quotation mark that is not escaped, or to what is no escape of JSON's.</summary>
    public static EscapedText Read(ReadOnlySpan<char> text, int start)
    {
        var units = new char[text.Length - start];
        var places = new int[units.Length + 1];
        var count = 0;
        var at = start;
        while (at < text.Length && text[at] != '"')
        {
            var length = 1;
            var unit = text[at];
            if (unit == '\\' && !TryReadEscape(text, at, out unit, out length)) break;
            places[count] = at;
            units[count++] = unit;
            at += length;
        }

        places[count] = at;
        return new EscapedText(new string(units, 0, count), places);
    }

    /// <summary>
    /// Where a backslash stands that means another thing if only the quotation marks were escaped; negative where there is
    /// none, or where a line break between the tokens shows that all of it was.
    /// </summary>
    /// <param name="end">The end of the value in the text itself.</param>
    public int UnclearBefore(int end)
    {
        var unclear = -1;
        var isInString = false;
        for (var i = 0; i < end; i++)
        {
            var c = Text[i];
            if (c == '"') isInString = !isInString;
            else if (!isInString && Trivia.IsWhitespace(c) && Places[i + 1] - Places[i] > 1) return -1;
            else if (c == '\\' && ++i < end && Text[i] != '"' && unclear < 0) unclear = Places[i - 1];
        }

        return unclear;
    }

    private static bool TryReadEscape(ReadOnlySpan<char> text, int at, out char unit, out int length)
    {
        length = 2;
        unit = at + 1 < text.Length ? text[at + 1] : '\0';
        switch (unit)
        {
            case '"' or '\\' or '/':
                return true;
            case 'n':
                unit = '\n';
                return true;
            case 'r':
                unit = '\r';
                return true;
            case 't':
                unit = '\t';
                return true;
            case 'b':
                unit = '\b';
                return true;
            case 'f':
                unit = '\f';
                return true;
            case 'u' when at + 6 <= text.Length && ushort.TryParse(text.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                unit = (char)code;
                length = 6;
                return true;
            default:
                return false;
        }
    }
}
