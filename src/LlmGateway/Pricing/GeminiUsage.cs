using System.Text.Json;

namespace LlmGateway.PriceData;

/// <summary>
/// The usage of Gemini's generateContent. promptTokenCount counts cached content; toolUsePromptTokenCount and
/// thoughtsTokenCount stand beside it and the candidates: https://ai.google.dev/api/generate-content#UsageMetadata
/// </summary>
internal static class GeminiUsage
{
    private const string Path = "usageMetadata";

    /// <summary>Reads the usageMetadata object.</summary>
    /// <exception cref="UsageFormatException">A count is missing or no count.</exception>
    internal static TokenUsage Read(JsonElement usage)
    {
        var prompt = UsageJson.Whole(usage, Path, "promptTokenCount");
        var cached = UsageJson.Part(usage, Path, "cachedContentTokenCount");
        UsageJson.Within("usageMetadata.cachedContentTokenCount", cached, prompt, "usageMetadata.promptTokenCount");
        var thoughts = UsageJson.Part(usage, Path, "thoughtsTokenCount");
        return new TokenUsage
        {
            InputTokens = UsageJson.Sum("usageMetadata.promptTokenCount", prompt, UsageJson.Part(usage, Path, "toolUsePromptTokenCount")),
            CacheReadTokens = cached,
            // A reply that was blocked, or that is all thoughts, has no candidates; the vendor leaves zeros out.
            OutputTokens = UsageJson.Sum("usageMetadata.candidatesTokenCount", UsageJson.Part(usage, Path, "candidatesTokenCount"), thoughts),
            ReasoningTokens = thoughts,
        };
    }

    /// <summary>The part of the input that is audio.</summary>
    internal static long AudioInput(JsonElement usage) =>
        UsageJson.Sum("usageMetadata.promptTokensDetails", Modality(usage, "promptTokensDetails", "AUDIO"), Modality(usage, "toolUsePromptTokensDetails", "AUDIO"));

    /// <summary>The tokens of one modality in a list of details.</summary>
    internal static long Modality(JsonElement usage, string list, string modality)
    {
        if (!usage.TryGetProperty(list, out var details) || details.ValueKind != JsonValueKind.Array) return 0;
        var sum = 0L;
        foreach (var entry in details.EnumerateArray())
            if (entry.ValueKind == JsonValueKind.Object && UsageJson.Text(entry, "modality") == modality)
                sum = UsageJson.Sum($"{Path}.{list}", sum, UsageJson.Part(entry, $"{Path}.{list}", "tokenCount"));
        return sum;
    }
}
