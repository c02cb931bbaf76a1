namespace LlmGateway;

/// <summary>A price that holds once a call's input passes a size: for the whole call, or for what is above the size alone.</summary>
public sealed record PriceStep
{
    /// <summary>The step holds for calls with more input tokens than this, cached ones counted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public required long AboveInputTokens
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(AboveInputTokens));
            field = value;
        }
    }

    /// <summary>
    /// Whether only what is above the size has this price: the input tokens after it (the cached ones come first, then the
    /// written ones, as caches hold the beginning of a prompt) and the output. Else the whole call has it.
    /// </summary>
    public bool IsMarginal { get; init; }

    /// <summary>What everything costs then.</summary>
    public required ModelPrice Price
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Price));
            field = value;
        }
    }

    internal static PriceStep[] Checked(IReadOnlyList<PriceStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        PriceStep[] copy = [.. steps];
        for (var i = 0; i < copy.Length; i++)
        {
            if (copy[i].Price.Steps.Count > 0) throw new ArgumentException("A step's price has no steps of its own.", nameof(steps));
            if (copy[i].Price is not { Fees.Count: 0, Tiers.Count: 0, Regions.Count: 0 }) throw new ArgumentException("A step's price has no fees, tiers or regions of its own: those of the price hold in it.", nameof(steps));
            if (i > 0 && copy[i].AboveInputTokens <= copy[i - 1].AboveInputTokens)
                throw new ArgumentException("Steps ascend by their number of input tokens.", nameof(steps));
        }
        return copy;
    }
}
