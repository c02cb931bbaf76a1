namespace LlmGateway.PriceData;

/// <summary>The vendors' words for service tiers, as one: the price book's.</summary>
internal static class ServiceTierName
{
    internal const string Standard = "standard";

    /// <summary>
    /// The price book's word; null where the vendor's word says nothing, or leaves it open. A word that is not known is kept, in
    /// lower case, and has no price unless a row gives it one.
    /// </summary>
    internal static string? Normalise(string? word) => word?.Trim().ToLowerInvariant() switch
    {
        // OpenAI's "auto" is what was asked; what served the request is said at the end.
        null or "" or "auto" or "unspecified" or "traffic_type_unspecified" or "service_tier_unspecified" => null,
        // Groq and Google say on_demand, Bedrock default, a request to Anthropic standard_only.
        Standard or "default" or "on_demand" or "standard_only" or "service_tier_standard" => Standard,
        "on_demand_priority" or "service_tier_priority" => "priority",
        "on_demand_flex" or "service_tier_flex" => "flex",
        "service_tier_batch" => "batch",
        var other => other,
    };

    /// <summary>Whether it is the tier whose price is the row's own.</summary>
    internal static bool IsStandard(string? tier) => tier is null or Standard;

    /// <summary>The region in lower case; null for none.</summary>
    internal static string? Region(string? region) => region?.Trim().ToLowerInvariant() is { Length: > 0 } name ? name : null;

    internal static bool IsGlobal(string? region) => region is null || region.Trim().Equals("global", StringComparison.OrdinalIgnoreCase);
}
