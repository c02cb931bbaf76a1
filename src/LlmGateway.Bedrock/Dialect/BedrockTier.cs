using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>The service tier both ways: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ServiceTier.html.</summary>
internal static class BedrockTier
{
    private const string Name = BedrockDialect.DialectName;

    /// <summary>The word for a request; null where nothing is to be said.</summary>
    public static string? OfRequest(string? tier, List<string> losses) => tier == "auto" ? null : Of(tier, losses);

    /// <summary>The word for a reply; null where nothing is to be said.</summary>
    public static string? OfReply(string? tier, List<string> losses) => Of(tier, losses);

    public static void Write(Utf8JsonWriter json, string tier)
    {
        json.WriteStartObject("serviceTier"u8);
        json.WriteString("type"u8, tier);
        json.WriteEndObject();
    }

    /// <summary>A known tier; null where there is none, or where the object says something else, which then travels in the bag.</summary>
    public static string? Read(JsonElement root)
        => root.Object("serviceTier"u8) is { } tier && BedrockBlockDecoder.HasOnly(tier, "type") && tier.Text("type"u8) is { } word && IsKnown(word) ? word : null;

    private static string? Of(string? tier, List<string> losses)
    {
        if (tier is null || IsKnown(tier)) return tier;
        if (tier is "standard" or "auto") return "default";
        losses.NoPlace($"service_tier '{tier}'", Name);
        return null;
    }

    private static bool IsKnown(string word) => word is "priority" or "default" or "flex" or "reserved";
}
