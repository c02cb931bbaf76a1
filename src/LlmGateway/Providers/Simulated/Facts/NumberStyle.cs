using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LlmGateway.Providers.Simulated.Facts;

/// <summary>
/// How a document writes its numbers and dates. "1.234" and "05/06/2024" mean different things in different places, so what
/// is plain elsewhere in the same document decides.
/// </summary>
internal sealed partial class NumberStyle
{
    private static readonly SearchValues<char> Separators = SearchValues.Create(".,'’ \u00A0\u202F");

    private NumberStyle(bool decimalComma, bool dayFirst)
    {
        DecimalComma = decimalComma;
        DayFirst = dayFirst;
    }

    /// <summary>Whether a comma stands before the decimals: something like 12,50 is in the text, and nothing like 12.50.</summary>
    public bool DecimalComma { get; }

    /// <summary>Whether 05/06/2024 is in June: the text has a date whose first number is no month, and none whose second is none.</summary>
    public bool DayFirst { get; }

    public static NumberStyle Of(string text)
    {
        var dayFirst = false;
        var monthFirst = false;
        foreach (Match date in SlashDate().Matches(text))
        {
            dayFirst |= int.Parse(date.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) > 12;
            monthFirst |= int.Parse(date.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) > 12;
        }

        return new NumberStyle(CommaDecimals().IsMatch(text) && !PointDecimals().IsMatch(text), dayFirst && !monthFirst);
    }

    /// <summary>Reads a number with or without separators; null for what is none or does not fit.</summary>
    public decimal? Read(string written)
    {
        var decimalMark = DecimalMark(written);
        var plain = new StringBuilder(written.Length);
        for (var i = 0; i < written.Length; i++)
        {
            if (char.IsAsciiDigit(written[i]) || (i == 0 && written[i] == '-')) plain.Append(written[i]);
            else if (i == decimalMark) plain.Append('.');
        }

        return decimal.TryParse(plain.ToString(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    /// <summary>Where the decimals begin, or -1.</summary>
    private int DecimalMark(string written)
    {
        var last = written.AsSpan().LastIndexOfAny('.', ',');
        if (last < 0) return -1;
        var mark = written[last];
        if (written.AsSpan(0, last).Contains(mark)) return -1;
        if (written.AsSpan(0, last).ContainsAny(Separators)) return last;
        var isGroup = written.Length - last - 1 == 3 && last <= 4 && mark == (DecimalComma ? '.' : ',');
        return isGroup ? -1 : last;
    }

    [GeneratedRegex(@"(?<!\d)(\d{1,2})/(\d{1,2})/\d{4}(?!\d)")]
    private static partial Regex SlashDate();

    [GeneratedRegex(@"\d,\d{1,2}(?![\d,.]{0,20}\d)")]
    private static partial Regex CommaDecimals();

    [GeneratedRegex(@"\d\.\d{1,2}(?![\d,.]{0,20}\d)")]
    private static partial Regex PointDecimals();
}
