using System.Text.Json;

namespace LlmGateway.PriceData;

/// <summary>
/// Finds what a reply says was billed by other prices than the price book's, which are the standard tier's for text tokens:
/// such a reply must not be priced as if it were an ordinary one.
/// </summary>
internal static class BilledApart
{
    private static readonly string[] StandardTiers = ["standard", "default", "auto", "on_demand", "ON_DEMAND", "TRAFFIC_TYPE_UNSPECIFIED", "SERVICE_TIER_UNSPECIFIED", "SERVICE_TIER_STANDARD"];

    /// <summary>Vendor-side tools that OpenAI bills a call: https://platform.openai.com/docs/pricing#built-in-tools</summary>
    private static readonly string[] BilledTools = ["web_search_call", "file_search_call", "code_interpreter_call", "image_generation_call"];

    /// <summary>Fields and values, in the order found; empty for an ordinary reply.</summary>
    internal static IReadOnlyList<string> In(JsonElement body)
    {
        List<string> found = [];
        Tier(body, "service_tier", found);
        Tier(body, "serviceTier", found);
        Items(body, found);
        Grounding(body, found);
        if (body.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object) InUsage(usage, found);
        if (body.TryGetProperty("usageMetadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object)
        {
            Tier(metadata, "trafficType", found);
            Tier(metadata, "serviceTier", found);
            foreach (var modality in (ReadOnlySpan<string>)["AUDIO", "IMAGE", "VIDEO"])
                if (GeminiUsage.Modality(metadata, "candidatesTokensDetails", modality) is > 0 and var count) found.Add($"usageMetadata.candidatesTokensDetails {modality}: {count}");
        }
        return found;
    }

    private static void InUsage(JsonElement usage, List<string> found)
    {
        Tier(usage, "service_tier", found);
        // Anthropic's fast mode and its residency in one country cost a multiple: https://platform.claude.com/docs/en/about-claude/pricing
        if (Word(usage, "speed") is { } speed && speed != "standard") found.Add($"usage.speed: {speed}");
        if (Word(usage, "inference_geo") is { } geo && geo is not ("global" or "not_available")) found.Add($"usage.inference_geo: {geo}");
        Counts(usage, "server_tool_use", found);
        Counts(usage, "server_side_tool_usage_details", found);
        foreach (var name in (ReadOnlySpan<string>)["num_search_queries", "num_sources_used", "citation_tokens"])
            if (Positive(usage, name)) found.Add($"usage.{name}: {usage.GetProperty(name).GetRawText()}");
        if (usage.TryGetProperty("completion_tokens_details", out var details) && details.ValueKind == JsonValueKind.Object && Positive(details, "audio_tokens"))
            found.Add($"usage.completion_tokens_details.audio_tokens: {details.GetProperty("audio_tokens").GetRawText()}");
        // Compaction and advisors run beside the answer; the usage's own counts leave them out.
        if (usage.TryGetProperty("iterations", out var iterations) && iterations.ValueKind == JsonValueKind.Array)
            foreach (var iteration in iterations.EnumerateArray())
                if (iteration.ValueKind == JsonValueKind.Object && Word(iteration, "type") is { } type && type != "message") found.Add($"usage.iterations: {type}");
    }

    private static void Tier(JsonElement element, string name, List<string> found)
    {
        if (Word(element, name) is { } tier && !StandardTiers.Contains(tier)) found.Add($"{name}: {tier}");
    }

    private static void Counts(JsonElement usage, string name, List<string> found)
    {
        if (!usage.TryGetProperty(name, out var counts) || counts.ValueKind != JsonValueKind.Object) return;
        // Anthropic bills no fee for fetching a page.
        foreach (var count in counts.EnumerateObject())
            if (count.Name != "web_fetch_requests" && Positive(counts, count.Name)) found.Add($"usage.{name}.{count.Name}: {count.Value.GetRawText()}");
    }

    private static void Items(JsonElement body, List<string> found)
    {
        if (!body.TryGetProperty("output", out var output) || output.ValueKind != JsonValueKind.Array) return;
        foreach (var item in output.EnumerateArray())
            if (item.ValueKind == JsonValueKind.Object && Word(item, "type") is { } type && BilledTools.Contains(type)) found.Add($"output: {type}");
    }

    private static void Grounding(JsonElement body, List<string> found)
    {
        if (!body.TryGetProperty("candidates", out var candidates) || candidates.ValueKind != JsonValueKind.Array) return;
        foreach (var candidate in candidates.EnumerateArray())
            if (candidate.ValueKind == JsonValueKind.Object
                && candidate.TryGetProperty("groundingMetadata", out var grounding) && grounding.ValueKind == JsonValueKind.Object
                && grounding.TryGetProperty("webSearchQueries", out var queries) && queries.ValueKind == JsonValueKind.Array && queries.GetArrayLength() > 0)
                found.Add($"candidates.groundingMetadata.webSearchQueries: {queries.GetArrayLength()}");
    }

    private static bool Positive(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number > 0;

    private static string? Word(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value)) return null;
        // Bedrock says it as an object with a type.
        if (value.ValueKind == JsonValueKind.Object) return Word(value, "type");
        return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
