using System.Globalization;
using System.Text.RegularExpressions;

namespace LlmGateway.Providers.Simulated.Facts;

/// <summary>Answers a sum that is asked for, such as "What is 2 + 2?".</summary>
internal static partial class Arithmetic
{
    private static readonly Word[] Answer = Words.Of("answer");

    public static void Read(string text, List<Fact> facts)
    {
        foreach (Match match in Question().Matches(text))
        {
            if (Result(Number(match.Groups["left"]), match.Groups["operator"].Value.ToLowerInvariant(), Number(match.Groups["right"])) is not var (value, name)) continue;
            var written = value.ToString("0.############################", CultureInfo.InvariantCulture);
            var fact = new Fact(FactKind.Text, written) { Number = value, Covers = FactKind.Number, Label = Answer };
            facts.Add(fact);
            facts.Add(fact with { Label = Words.Of(name) });
        }
    }

    private static (decimal Value, string Name)? Result(decimal? left, string sign, decimal? right)
    {
        if (left is not { } a || right is not { } b) return null;
        try
        {
            return sign switch
            {
                "+" or "plus" => (a + b, "sum"),
                "-" or "−" or "minus" => (a - b, "difference"),
                "*" or "x" or "×" or "times" or "multiplied by" => (a * b, "product"),
                _ => b == 0 ? null : (a / b, "quotient"),
            };
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static decimal? Number(Group written) =>
        decimal.TryParse(written.ValueSpan, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"\b(?:what\s{1,3}is|what's|calculate|compute|evaluate|how\s{1,3}much\s{1,3}is)\s{1,3}(?<left>-?\d{1,20}(?:\.\d{1,8})?)\s{0,3}(?<operator>[+*x×/÷−-]|plus|minus|times|multiplied by|divided by)\s{0,3}(?<right>-?\d{1,20}(?:\.\d{1,8})?)(?![\d.,]{0,20}\d)(?!\s*[+*x×/÷−-])", RegexOptions.IgnoreCase)]
    private static partial Regex Question();
}
