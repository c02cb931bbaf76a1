using System.Globalization;
using System.Text.RegularExpressions;

namespace LlmGateway.Providers.Simulated.Facts;

/// <summary>Dates and times of day as people write them.</summary>
internal static partial class DateReader
{
    private const string Months = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";
    private const string MonthStarts = "janfebmaraprmayjunjulaugsepoctnovdec";

    /// <summary>The dates in a line, each as yyyy-MM-dd with its place. A text that is no day of the calendar is left out.</summary>
    public static IEnumerable<(Match Place, string Iso)> Dates(string line, NumberStyle style)
    {
        foreach (Match match in IsoDate().Matches(line))
        {
            if (Iso(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value) is { } iso) yield return (match, iso);
        }

        foreach (Match match in NumericDate().Matches(line))
        {
            var (first, second) = (match.Groups[1].Value, match.Groups[3].Value);
            // Points are written day first everywhere; slashes month first unless the document shows otherwise.
            var dayFirst = match.Groups[2].Value != "/" || style.DayFirst;
            if (Iso(match.Groups[4].Value, dayFirst ? second : first, dayFirst ? first : second) is { } iso) yield return (match, iso);
        }

        foreach (Match match in DayMonthYear().Matches(line))
        {
            if (Iso(match.Groups[3].Value, Month(match.Groups[2].Value), match.Groups[1].Value) is { } iso) yield return (match, iso);
        }

        foreach (Match match in MonthDayYear().Matches(line))
        {
            if (Iso(match.Groups[3].Value, Month(match.Groups[1].Value), match.Groups[2].Value) is { } iso) yield return (match, iso);
        }
    }

    /// <summary>The times of day in a line, each as HH:mm:ss with its place and its offset from UTC, where one is written.</summary>
    public static IEnumerable<(Match Place, string Iso, string Zone)> Times(string line)
    {
        foreach (Match match in TimeOfDay().Matches(line))
        {
            var hour = Number(match.Groups["hour"]);
            var half = match.Groups["half"].ValueSpan;
            if (half.Length > 0)
            {
                if (hour is 0 or > 12) continue;
                hour = hour % 12 + (half[0] is 'p' or 'P' ? 12 : 0);
            }
            else if (!match.Groups["minute"].Success)
            {
                continue;
            }

            var minute = Number(match.Groups["minute"]);
            var second = Number(match.Groups["second"]);
            if (hour > 23 || minute > 59 || second > 59) continue;
            yield return (match, string.Create(CultureInfo.InvariantCulture, $"{hour:D2}:{minute:D2}:{second:D2}"), match.Groups["zone"].Value);
        }
    }

    private static int Number(Group group) => group.Success ? int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    private static string Month(string name) =>
        (MonthStarts.IndexOf(name[..3], StringComparison.OrdinalIgnoreCase) / 3 + 1).ToString(CultureInfo.InvariantCulture);

    private static string? Iso(string year, string month, string day)
    {
        var iso = $"{year}-{month.PadLeft(2, '0')}-{day.PadLeft(2, '0')}";
        return DateOnly.TryParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? iso : null;
    }

    [GeneratedRegex(@"(?<![\w-])(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?=$|T\d|[^\w/-])")]
    private static partial Regex IsoDate();

    [GeneratedRegex(@"(?<![\w./-])(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?![\w/-])")]
    private static partial Regex NumericDate();

    [GeneratedRegex(@"(?<!\w)(\d{1,2})(?:st|nd|rd|th)?\.?(?:\s+of)?[\s-]+(" + Months + @")\.?,?[\s-]+(\d{4})(?!\w)", RegexOptions.IgnoreCase)]
    private static partial Regex DayMonthYear();

    [GeneratedRegex(@"(?<!\w)(" + Months + @")\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\w)", RegexOptions.IgnoreCase)]
    private static partial Regex MonthDayYear();

    [GeneratedRegex(@"(?<![\w:.,])T?(?<hour>\d{1,2})(?::(?<minute>\d{2})(?::(?<second>\d{2})(?:\.\d{1,7})?(?<zone>Z|[+-]\d\d:\d\d)?)?)?(?:\s?(?<half>[ap])\.?m\b\.?)?(?![\w:])", RegexOptions.IgnoreCase)]
    private static partial Regex TimeOfDay();
}
