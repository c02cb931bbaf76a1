namespace LlmGateway.PriceData;

/// <summary>Bounds on prices, so that costs made of them can be exact.</summary>
internal static class PriceNumber
{
    private const int MaxScale = 12;
    private const int MaxFactorScale = 4;
    private const decimal Max = 1_000_000m;
    private const decimal MaxFactor = 1000m;

    internal static decimal? Checked(decimal? value, string name) => value is { } price ? Checked(price, name) : null;

    /// <exception cref="ArgumentOutOfRangeException">Negative, above 1,000,000, or with more than 12 decimals.</exception>
    internal static decimal Checked(decimal value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Max, name);
        var trimmed = Money.Trim(value);
        if (trimmed.Scale > MaxScale)
            throw new ArgumentOutOfRangeException(name, value, $"A price has at most {MaxScale} decimals, so that a cost can be exact.");
        return trimmed;
    }

    /// <exception cref="ArgumentOutOfRangeException">Negative, above 1000, or with more than 4 decimals.</exception>
    internal static decimal CheckedFactor(decimal value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxFactor, name);
        var trimmed = Money.Trim(value);
        if (trimmed.Scale > MaxFactorScale)
            throw new ArgumentOutOfRangeException(name, value, $"A factor has at most {MaxFactorScale} decimals, so that a cost can be exact.");
        return trimmed;
    }
}
