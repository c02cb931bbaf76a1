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
        var input = UsageJson.Sum("usageMetadata.promptTokenCount", prompt, UsageJson.Part(usage, Path, "toolUsePromptTokenCount"));
        // A reply that was blocked, or that is all thoughts, has no candidates; the vendor leaves zeros out.
        var candidates = UsageJson.Part(usage, Path, "candidatesTokenCount");
        var audio = UsageJson.Sum("usageMetadata.promptTokensDetails", Modality(usage, "promptTokensDetails", "AUDIO"), Modality(usage, "toolUsePromptTokensDetails", "AUDIO"));
        var image = UsageJson.Sum("usageMetadata.promptTokensDetails", Modality(usage, "promptTokensDetails", "IMAGE"), Modality(usage, "toolUsePromptTokensDetails", "IMAGE"));
        var (heard, seen) = Cached(usage, cached, audio, image);
        var read = new TokenUsage
        {
            InputTokens = input,
            CacheReadTokens = cached,
            OutputTokens = UsageJson.Sum("usageMetadata.candidatesTokenCount", candidates, thoughts),
            ReasoningTokens = thoughts,
            AudioInputTokens = audio,
            AudioCacheReadTokens = heard,
            AudioOutputTokens = Modality(usage, "candidatesTokensDetails", "AUDIO"),
            ImageInputTokens = image,
            ImageCacheReadTokens = seen,
            ImageOutputTokens = Modality(usage, "candidatesTokensDetails", "IMAGE"),
        };
        UsageJson.ModalitiesWithin(read, "usageMetadata.promptTokensDetails", "usageMetadata.candidatesTokensDetails", "usageMetadata.cacheTokensDetails");
        return read;
    }

    /// <summary>The sound and the images that were read from a cache; null where the details are not given, and so do not say.</summary>
    private static (long? Audio, long? Image) Cached(JsonElement usage, long cached, long audio, long image)
    {
        var said = cached > 0 && usage.TryGetProperty("cacheTokensDetails", out var details) && details.ValueKind == JsonValueKind.Array;
        return (said && audio > 0 ? Modality(usage, "cacheTokensDetails", "AUDIO") : null, said && image > 0 ? Modality(usage, "cacheTokensDetails", "IMAGE") : null);
    }

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
