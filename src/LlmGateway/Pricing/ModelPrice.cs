namespace LlmGateway;

/// <summary>
/// What a model costs, in US dollars per million tokens. Immutable. A price that is null is unknown, not 0: a usage that has
/// such tokens has an unknown cost. Only where input and output both cost 0 is their cached part known to be free too.
/// </summary>
public sealed record ModelPrice
{
    private const int MaxScale = 12;
    private const decimal Max = 1_000_000m;

    /// <summary>Input that was neither read from a cache nor written to one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, above 1,000,000, or with more than 12 decimals; so for every price here.</exception>
    public required decimal InputPerMillion { get; init => field = Checked(value, nameof(InputPerMillion)); }

    /// <summary>Output, reasoning included unless <see cref="ReasoningPerMillion"/> is set.</summary>
    public required decimal OutputPerMillion { get; init => field = Checked(value, nameof(OutputPerMillion)); }

    /// <summary>Input read from a cache; null where unknown.</summary>
    public decimal? CacheReadPerMillion { get; init => field = Checked(value, nameof(CacheReadPerMillion)); }

    /// <summary>Input written to a cache with the vendor's usual lifetime (Anthropic's five minutes); null where unknown.</summary>
    public decimal? CacheWritePerMillion { get; init => field = Checked(value, nameof(CacheWritePerMillion)); }

    /// <summary>Input written to a cache that is kept for an hour; null where unknown.</summary>
    public decimal? CacheWrite1hPerMillion { get; init => field = Checked(value, nameof(CacheWrite1hPerMillion)); }

    /// <summary>Reasoning, where it is priced apart from other output; null = it costs what output costs.</summary>
    public decimal? ReasoningPerMillion { get; init => field = Checked(value, nameof(ReasoningPerMillion)); }

    /// <summary>Whether audio input has another price, which is not held here: the cost of a reply that reports such tokens is unknown.</summary>
    public bool AudioPricedApart { get; init; }

    /// <summary>Prices that hold for the whole call once its input passes a size. Ascending; never null.</summary>
    /// <exception cref="ArgumentException">Not ascending, or a step that has steps of its own.</exception>
    public IReadOnlyList<PriceStep> Steps { get; init => field = Array.AsReadOnly(Checked(value)); } = [];

    /// <summary>Whether every call is known to cost nothing: no price here is above 0.</summary>
    public bool IsFree =>
        InputPerMillion == 0 && OutputPerMillion == 0 && CacheReadPerMillion is null or 0 && CacheWritePerMillion is null or 0
        && CacheWrite1hPerMillion is null or 0 && ReasoningPerMillion is null or 0 && !AudioPricedApart && Steps.All(s => s.Price.IsFree);

    /// <summary>What a cache price that is not given is: unknown, but 0 where all is free, as cached input is a part of the input.</summary>
    internal decimal? Ungiven => InputPerMillion == 0 && OutputPerMillion == 0 ? 0m : null;

    /// <summary>The price of a call with this many input tokens: the last step passed, or this.</summary>
    internal ModelPrice For(long inputTokens)
    {
        var price = this;
        for (var i = 0; i < Steps.Count && inputTokens > Steps[i].AboveInputTokens; i++) price = Steps[i].Price;
        return price;
    }

    private static decimal? Checked(decimal? value, string name) => value is { } price ? Checked(price, name) : null;

    private static decimal Checked(decimal value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Max, name);
        var trimmed = Money.Trim(value);
        if (trimmed.Scale > MaxScale)
            throw new ArgumentOutOfRangeException(name, value, $"A price has at most {MaxScale} decimals, so that a cost can be exact.");
        return trimmed;
    }

    private static PriceStep[] Checked(IReadOnlyList<PriceStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        PriceStep[] copy = [.. steps];
        for (var i = 0; i < copy.Length; i++)
        {
            if (copy[i].Price.Steps.Count > 0) throw new ArgumentException("A step's price has no steps of its own.", nameof(steps));
            if (i > 0 && copy[i].AboveInputTokens <= copy[i - 1].AboveInputTokens)
                throw new ArgumentException("Steps ascend by their number of input tokens.", nameof(steps));
        }
        return copy;
    }
}

/// <summary>A price for the whole call, tokens below the step included, once its input passes a size.</summary>
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
}
