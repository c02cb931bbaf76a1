using System.Globalization;

namespace LlmGateway.PriceData;

/// <summary>
/// The endings that a row's name may have instead of one snapshot's date or version. What stands for a date must be a real
/// date, so that a near miss is not taken for a snapshot.
/// </summary>
internal static class NameForms
{
    private static readonly (string Form, int Length, Func<ReadOnlySpan<char>, bool> Matches)[] Forms =
    [
        ("-YYYYMMDD", 9, s => s[0] == '-' && IsDate(s[1..], "yyyyMMdd")),
        ("-YYYY-MM-DD", 11, s => s[0] == '-' && IsDate(s[1..], "yyyy-MM-dd")),
        ("@YYYYMMDD", 9, s => s[0] == '@' && IsDate(s[1..], "yyyyMMdd")),
        ("-YYMM", 5, s => s[0] == '-' && IsDate(s[1..], "yyMM")),
        ("-NNN", 4, s => s[0] == '-' && IsDigits(s[1..])),
        ("-preview-MM-DD", 14, s => s.StartsWith("-preview-", StringComparison.OrdinalIgnoreCase) && IsMonthDay(s[9..])),
        ("-preview-MM-YYYY", 16, s => s.StartsWith("-preview-", StringComparison.OrdinalIgnoreCase) && IsDate(s[9..], "MM-yyyy")),
        ("-vN:N", 5, s => IsVersion(s[..3]) && s[3] == ':' && char.IsAsciiDigit(s[4])),
        ("-vN", 3, IsVersion),
        ("-YYYYMMDD-vN:N", 14, s => s[0] == '-' && IsDate(s[1..9], "yyyyMMdd") && IsVersion(s[9..12]) && s[12] == ':' && char.IsAsciiDigit(s[13])),
    ];

    /// <summary>Whether a name in a row is a pattern: ends in one of the forms, in capitals.</summary>
    internal static bool IsPattern(string name)
    {
        foreach (var (form, _, _) in Forms)
            if (name.Length > form.Length && name.EndsWith(form, StringComparison.Ordinal)) return true;
        return false;
    }

    /// <summary>Every way to read the model's name as a base and a form.</summary>
    internal static IEnumerable<(string Base, string Form)> Split(string model)
    {
        foreach (var (form, length, matches) in Forms)
            if (model.Length > length && matches(model.AsSpan(model.Length - length)))
                yield return (model[..^length], form);
    }

    private static bool IsDate(ReadOnlySpan<char> text, string format) =>
        DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 2020 and < 2100;

    // A leap year, so that 02-29 is a date.
    private static bool IsMonthDay(ReadOnlySpan<char> text) => IsDate($"2024-{text}", "yyyy-MM-dd");

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsVersion(ReadOnlySpan<char> text) => text[0] == '-' && text[1] is 'v' or 'V' && char.IsAsciiDigit(text[2]);
}
