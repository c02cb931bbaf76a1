namespace LlmGateway.StructuredOutput.Validation;

/// <summary>Dates, times and durations of RFC 3339.</summary>
internal static class TimeFormats
{
    public static bool IsDateTime(ReadOnlySpan<char> text) => text.Length > 11 && text[10] is 'T' or 't' && IsDate(text[..10]) && IsTime(text[11..]);

    public static bool IsDate(ReadOnlySpan<char> text)
    {
        if (text.Length != 10 || text[4] != '-' || text[7] != '-') return false;
        if (Number(text[..4]) is not { } year || Number(text[5..7]) is not { } month || Number(text[8..]) is not { } day) return false;
        return month is >= 1 and <= 12 && day >= 1 && day <= DaysIn(year, month);
    }

    public static bool IsTime(ReadOnlySpan<char> text)
    {
        if (text.Length < 9 || text[2] != ':' || text[5] != ':') return false;
        if (Number(text[..2]) is not { } hour || Number(text[3..5]) is not { } minute || Number(text[6..8]) is not { } second) return false;
        if (hour > 23 || minute > 59 || second > 60) return false;
        var rest = text[8..];
        if (rest[0] == '.')
        {
            var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0) return false;
            rest = rest[(1 + digits)..];
        }

        if (!TryReadOffset(rest, out var offset)) return false;

        // A leap second ends a day of UTC.
        return second < 60 || (((hour * 60) + minute - offset) % 1440 + 1440) % 1440 == 1439;
    }

    public static bool IsDuration(ReadOnlySpan<char> text)
    {
        if (text.Length < 3 || text[0] != 'P') return false;
        text = text[1..];
        if (text[^1] == 'W') return IsDigits(text[..^1]);
        var time = text.IndexOf('T');
        return time < 0 ? HasUnits(text, "YMD") : (time == 0 || HasUnits(text[..time], "YMD")) && HasUnits(text[(time + 1)..], "HMS");
    }

    /// <summary>Numbers with the units in their order, none left out between two that are there.</summary>
    private static bool HasUnits(ReadOnlySpan<char> text, string units)
    {
        var before = -1;
        while (text.Length > 0)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0) return false;
            var unit = units.IndexOf(text[digits], StringComparison.Ordinal);
            if (unit < 0 || (before >= 0 && unit != before + 1)) return false;
            before = unit;
            text = text[(digits + 1)..];
        }

        return before >= 0;
    }

    private static bool TryReadOffset(ReadOnlySpan<char> text, out int minutes)
    {
        minutes = 0;
        if (text is ['Z' or 'z']) return true;
        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':') return false;
        if (Number(text[1..3]) is not (>= 0 and <= 23 and var hour) || Number(text[4..]) is not (>= 0 and <= 59 and var minute)) return false;
        minutes = ((hour * 60) + minute) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static int DaysIn(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private static bool IsDigits(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');

    private static int? Number(ReadOnlySpan<char> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit)) return null;
            number = (number * 10) + (digit - '0');
        }

        return number;
    }
}
