using System.Globalization;

namespace LlmGateway;

/// <summary>Exact amounts of money: <see cref="decimal"/> throughout, never rounded.</summary>
public static class Money
{
    private const decimal Millionth = 0.000001m;

    /// <summary>The amount as plain text: all its digits, no exponent, no trailing zeros, a point for the decimals; <c>0.0105</c>, <c>0</c>, <c>12</c>.</summary>
    /// <param name="amount">The amount.</param>
    /// <returns>The text, the same in every culture.</returns>
    public static string ToExactString(decimal amount) => Trim(amount).ToString(CultureInfo.InvariantCulture);

    /// <summary>The same value without trailing zeros, and without the sign of a negative zero.</summary>
    internal static decimal Trim(decimal amount)
    {
        if (amount == 0) return 0m;
        // Dividing by a 1 with 28 zeros makes decimal drop every zero it can.
        return amount / 1.0000000000000000000000000000m;
    }

    /// <summary>What one token costs, of a price for a million.</summary>
    /// <exception cref="OverflowException">As <see cref="Times"/>.</exception>
    internal static decimal OfOne(decimal perMillion) => Times(perMillion, Millionth);

    /// <summary>The product. One that decimal could only hold rounded is refused.</summary>
    /// <exception cref="OverflowException">The amount has more than the 28 digits that decimal holds.</exception>
    internal static decimal Times(decimal left, decimal right)
    {
        if (left == 0 || right == 0) return 0m;
        // decimal drops digits by lowering the scale of a product; a scale that is whole says that it did not.
        var product = left * right;
        return product.Scale == left.Scale + right.Scale ? product : throw Inexact();
    }

    /// <summary>The sum, exact or refused.</summary>
    /// <exception cref="OverflowException">As <see cref="Times"/>.</exception>
    internal static decimal Add(decimal left, decimal right)
    {
        var sum = left + right;
        return sum.Scale == Math.Max(left.Scale, right.Scale) ? sum : throw Inexact();
    }

    private static OverflowException Inexact() => new("The cost has more digits than a decimal can hold exactly; are the token counts right?");
}
