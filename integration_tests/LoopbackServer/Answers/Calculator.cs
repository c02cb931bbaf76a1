using System.Globalization;
using System.Text.RegularExpressions;

namespace LoopbackServer.Answers;

/// <summary>Evaluates whole numbers joined by + - * /, products before sums.</summary>
internal static partial class Calculator
{
    public static long Evaluate(string expression)
    {
        long sum = 0;
        long product = 0;
        var sign = 1;
        var operation = ' ';
        foreach (Match token in TokenPattern().Matches(expression))
        {
            if (!long.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                operation = token.Value[0];
                continue;
            }

            switch (operation)
            {
                case '*': product *= number; break;
                case '/': product /= number; break;
                default:
                    sum += sign * product;
                    (sign, product) = (operation == '-' ? -1 : 1, number);
                    break;
            }
        }

        return sum + (sign * product);
    }

    [GeneratedRegex(@"\d+|[-+*/]")]
    private static partial Regex TokenPattern();
}
