namespace LlmGateway;

/// <summary>What is known of a call beside the reply: it fills in what the reply does not say, whose own word wins. Immutable.</summary>
public sealed record PriceContext
{
    /// <summary>When the call was made; null = now, by the book's clock.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The region that was asked, such as <c>eu-central-1</c>; null, and <c>global</c>, for none.</summary>
    public string? Region { get; init; }

    /// <summary>The service tier that was asked for, in any vendor's word; null for none.</summary>
    public string? ServiceTier { get; init; }
}

/// <summary>What a call cost, and how that comes about. Immutable.</summary>
public sealed record PricedReply
{
    /// <summary>The tokens with their cost; its costs are null where the cost is unknown.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>The price that was found for the model; null where there is none.</summary>
    public PriceMatch? Match { get; init; }

    /// <summary>The tier it was priced by, in the price book's word; null where neither the reply nor the context says.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>The region it was priced by; null where neither the reply nor the context says.</summary>
    public string? Region { get; init; }

    /// <summary>What the cost is made of, which adds up to it exactly; empty where the cost is unknown. Never null.</summary>
    public IReadOnlyList<CostPart> Parts { get; init; } = [];

    /// <summary>Why the cost is unknown, in words; null where it is known.</summary>
    public string? UnpricedBecause { get; init; }
}

/// <summary>One part of a cost.</summary>
/// <param name="Kind">
/// <c>input</c>, <c>cache_read</c>, <c>cache_write</c>, <c>cache_write_1h</c>, <c>audio_input</c>, <c>audio_cache_read</c>, <c>image_input</c>,
/// <c>image_cache_read</c>, <c>output</c>, <c>reasoning</c>, <c>audio_output</c>, <c>image_output</c>, or a <see cref="BilledFee.Kind"/>.
/// A kind comes more than once where a part of it has another price.
/// </param>
/// <param name="Quantity">How many tokens or pieces; more than 0.</param>
/// <param name="UnitPriceUsd">What one of them costs, in US dollars.</param>
/// <param name="CostUsd">Both multiplied, unrounded.</param>
public sealed record CostPart(string Kind, long Quantity, decimal UnitPriceUsd, decimal CostUsd);
