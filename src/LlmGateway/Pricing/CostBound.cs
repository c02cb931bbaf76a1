namespace LlmGateway.PriceData;

/// <summary>The most that a request can cost before it is sent, for a limit that holds.</summary>
/// <remarks>
/// Each token at the dearest price that it may turn out to have: of its kinds (read, written for an hour, sound, images,
/// reasoning), of the steps that so many input tokens can reach, of the tiers and regions that the request leaves open. What
/// the reply would make unpriced is in no bound, and tools that the vendor runs by itself are not either.
/// </remarks>
internal static class CostBound
{
    /// <summary>How long after it was sent a request may be billed at the prices of its time: no vendor answers later, batches included.</summary>
    internal static readonly TimeSpan Horizon = TimeSpan.FromHours(24);

    /// <summary>The bound in US dollars; null where there is none.</summary>
    /// <param name="price">The model's price.</param>
    /// <param name="inputTokens">The most input tokens.</param>
    /// <param name="outputTokens">The most output tokens, reasoning included.</param>
    /// <param name="requestedTier">The tier that is asked for, in any vendor's word; null, and OpenAI's <c>auto</c>, leave it to the vendor.</param>
    /// <param name="region">The region that is asked; null leaves it to the vendor's settings.</param>
    internal static decimal? Of(ModelPrice price, long inputTokens, long outputTokens, string? requestedTier, string? region)
    {
        var asked = ServiceTierName.Normalise(requestedTier);
        var named = ServiceTierName.Region(region);
        // What was asked for must have a price; what the vendor may do instead counts where it has one.
        if (In(price, asked, named, inputTokens, outputTokens) is not { } most) return null;
        foreach (var tier in TiersOf(price, asked))
            foreach (var place in named is null ? price.Regions.Keys.Where(static key => key != "*").Append(null).Append("*") : [named])
                if (In(price, tier, place, inputTokens, outputTokens) is { } bound) most = Math.Max(most, bound);
                else if (PriceChoice.Of(price, tier, place, out _) is not null) return null;
        return most;
    }

    /// <summary>Every tier that may serve the request: the one asked for or the standard one, as vendors fall back; with none asked for, what an account may be set to.</summary>
    private static IEnumerable<string?> TiersOf(ModelPrice price, string? asked) => asked switch
    {
        null => price.Tiers.Keys.Where(static tier => !tier.Equals("batch", StringComparison.OrdinalIgnoreCase) && !tier.Equals("fast", StringComparison.OrdinalIgnoreCase)).Append(null),
        ServiceTierName.Standard => [asked],
        _ => [asked, null],
    };

    private static decimal? In(ModelPrice price, string? tier, string? region, long inputTokens, long outputTokens)
    {
        if (PriceChoice.Of(price, tier, region, out _) is not { } choice) return null;
        decimal input = 0, output = 0;
        foreach (var reached in Reachable(choice.Price, inputTokens))
        {
            if (reached is { AudioPricedApart: true, AudioInputPerMillion: null } && inputTokens > 0) return null;
            input = Dearest(input, reached.InputPerMillion, reached.CacheReadPerMillion, reached.CacheWritePerMillion, reached.CacheWrite1hPerMillion,
                reached.AudioInputPerMillion, reached.AudioCacheReadPerMillion, reached.ImageInputPerMillion, reached.ImageCacheReadPerMillion);
            output = Dearest(output, reached.OutputPerMillion, reached.ReasoningPerMillion, reached.AudioOutputPerMillion, reached.ImageOutputPerMillion);
        }
        var tokens = Money.Add(Money.Times(inputTokens, Money.OfOne(input)), Money.Times(outputTokens, Money.OfOne(output)));
        return Money.Add(Money.Times(tokens, choice.Factor), Request(choice.Fees));
    }

    private static IEnumerable<ModelPrice> Reachable(ModelPrice price, long inputTokens) =>
        price.Steps.Where(step => inputTokens > step.AboveInputTokens).Select(static step => step.Price).Prepend(price);

    private static decimal Dearest(decimal most, params ReadOnlySpan<decimal?> prices)
    {
        foreach (var price in prices) most = Math.Max(most, price ?? 0m);
        return most;
    }

    private static decimal Request(IReadOnlyDictionary<string, decimal> fees)
    {
        var most = 0m;
        foreach (var (kind, fee) in fees)
            if (kind == FeeKind.Request || kind.StartsWith(FeeKind.RequestOf, StringComparison.Ordinal)) most = Math.Max(most, fee);
        return most;
    }
}
