namespace LlmGateway.PriceData;

/// <summary>The price that holds for one tier in one region: a price, what it is multiplied by, and the fees, which are not.</summary>
internal readonly record struct PriceChoice(ModelPrice Price, decimal Factor, IReadOnlyDictionary<string, decimal> Fees)
{
    /// <summary>The price of a call.</summary>
    /// <param name="price">The model's.</param>
    /// <param name="tier">The tier in the price book's word; null for the standard one.</param>
    /// <param name="region">The region in lower case; null for none.</param>
    /// <param name="because">Why there is none.</param>
    internal static PriceChoice? Of(ModelPrice price, string? tier, string? region, out string? because)
    {
        because = null;
        PriceVariant? inTier = null, inRegion = null;
        if (!(tier is not null && price.Tiers.TryGetValue(tier, out inTier)) && !ServiceTierName.IsStandard(tier))
            because = $"the price of the service tier '{tier}' is not known";
        else if (!ServiceTierName.IsGlobal(region) && !price.Regions.TryGetValue(region!, out inRegion) && !price.Regions.TryGetValue("*", out inRegion))
            because = $"the price in the region '{region}' is not known";
        else if (inTier?.Price is not null && inRegion?.Price is not null)
            because = $"the price of the service tier '{tier}' in the region '{region}' is not known: each has a price of its own";
        if (because is not null) return null;
        var own = inTier?.Price ?? inRegion?.Price;
        return new PriceChoice(own ?? price, Money.Times(inTier?.Factor ?? 1m, inRegion?.Factor ?? 1m), own is { Fees.Count: > 0 } ? own.Fees : price.Fees);
    }
}
