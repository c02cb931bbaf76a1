using System.Globalization;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>Numbers as JSON writes them, by their text, so that no digit is lost.</summary>
internal static class WholeNumber
{
    /// <summary>The longest that is written out. A longer one is left as it is.</summary>
    private const int MaxDigits = 40;

    /// <summary>Whether a text is a number in JSON, and nothing else.</summary>
    public static bool IsNumber(string text)
    {
        var at = text.StartsWith('-') ? 1 : 0;
        var whole = Digits(text, ref at);
        if (whole == 0 || (whole > 1 && text[at - whole] == '0')) return false;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            if (Digits(text, ref at) == 0) return false;
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            if (at < text.Length && text[at] is '+' or '-') at++;
            if (Digits(text, ref at) == 0) return false;
        }

        return at == text.Length;
    }

    /// <summary>Whether a number has no fraction.</summary>
    public static bool IsWhole(string number) => Shift(number) is (var digits, var exponent) && (exponent >= 0 || digits.TrimStart('0').Length == 0);

    /// <summary>A whole number without a point and an exponent; null where it is not whole, or too long.</summary>
    public static string? Plain(string number)
    {
        if (number.AsSpan().IndexOfAny(".eE") < 0) return number;
        if (Shift(number) is not (var digits, var exponent)) return null;
        var trimmed = digits.TrimStart('0');
        if (trimmed.Length > 0 && (exponent < 0 || exponent + trimmed.Length > MaxDigits)) return null;
        return (number.StartsWith('-') ? "-" : "") + (trimmed.Length == 0 ? "0" : trimmed + new string('0', (int)exponent));
    }

    /// <summary>The digits up to the last one that is not 0, and the power of ten behind them; null where that is beyond all measure.</summary>
    private static (string Digits, long Exponent)? Shift(string number)
    {
        var mantissa = number.AsSpan().TrimStart('-');
        var exponent = 0L;
        var e = mantissa.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            if (!int.TryParse(mantissa[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power)) return null;
            exponent = power;
            mantissa = mantissa[..e];
        }

        var point = mantissa.IndexOf('.');
        var digits = point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        if (point >= 0) exponent -= mantissa.Length - point - 1;
        var trimmed = digits.TrimEnd('0');
        return (trimmed, exponent + digits.Length - trimmed.Length);
    }

    private static int Digits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return at - start;
    }
}
