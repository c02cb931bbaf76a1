using System.Text.Json;

namespace LlmGateway.PriceData;

/// <summary>The usage of OpenAI's Chat Completions and of the many that are compatible. Its prompt_tokens count the cached ones: https://platform.openai.com/docs/api-reference/chat/object</summary>
internal static class ChatUsage
{
    private const string Path = "usage";

    /// <summary>Where servers put the tokens that were read from a cache: OpenAI; DeepSeek; Moonshot; xAI before it had details.</summary>
    private static readonly string[] CachedElsewhere = ["prompt_cache_hit_tokens", "cached_tokens", "cached_prompt_text_tokens"];

    /// <summary>Reads the usage object.</summary>
    /// <param name="usage">The object.</param>
    /// <param name="vendor">The vendor's one name: xAI and Gemini leave reasoning out of completion_tokens.</param>
    /// <exception cref="UsageFormatException">A count is missing or no count.</exception>
    internal static TokenUsage Read(JsonElement usage, string vendor)
    {
        var input = UsageJson.Whole(usage, Path, "prompt_tokens");
        var total = UsageJson.Count(usage, Path, "total_tokens");
        // An embedding has no completion, and its total says so.
        var completion = UsageJson.Count(usage, Path, "completion_tokens") ?? (total == input ? 0 : UsageJson.Whole(usage, Path, "completion_tokens"));
        var written = UsageJson.Part(usage, Path, "prompt_tokens_details", "cache_write_tokens");
        var read = Cached(usage);
        UsageJson.Within("usage.prompt_tokens_details", UsageJson.Sum("usage.prompt_tokens_details", read, written), input, "usage.prompt_tokens");
        var details = UsageJson.Object(usage, Path, "completion_tokens_details");
        var reasoning = (details is { } d ? UsageJson.Count(d, "usage.completion_tokens_details", "reasoning_tokens") : null) ?? UsageJson.Part(usage, Path, "reasoning_tokens");
        var (output, reasoned) = Output(vendor, input, completion, reasoning, total);
        UsageJson.Within("usage.completion_tokens_details.reasoning_tokens", reasoned, output, "usage.completion_tokens");
        return OpenAIModalities.Of(
            usage,
            new TokenUsage { InputTokens = input, CacheReadTokens = read, CacheWriteTokens = written, OutputTokens = output, ReasoningTokens = reasoned },
            "prompt_tokens_details",
            "completion_tokens_details");
    }

    /// <summary>All output, and the reasoning in it. The total tells whether completion_tokens count the reasoning; without it, the vendor does.</summary>
    private static (long Output, long Reasoning) Output(string vendor, long input, long completion, long reasoning, long? total)
    {
        var counted = UsageJson.Sum("usage.completion_tokens", input, completion);
        if (total is { } all && all > counted && (all - counted == reasoning || vendor is "gemini" or "vertex"))
            return (all - input, Math.Max(reasoning, all - counted));
        // Perplexity's reasoning stands beside the completion, and is in no sum.
        var apart = (vendor == "xai" && total != counted) || vendor == "perplexity";
        return (apart ? UsageJson.Sum("usage.completion_tokens", completion, reasoning) : completion, reasoning);
    }

    private static long Cached(JsonElement usage)
    {
        var details = UsageJson.Object(usage, Path, "prompt_tokens_details");
        var known = details is { } d ? UsageJson.Count(d, "usage.prompt_tokens_details", "cached_tokens") : null;
        foreach (var name in CachedElsewhere)
        {
            var count = UsageJson.Count(usage, Path, name);
            if (known is not null && count is not null && count != known)
                throw new UsageFormatException($"usage.{name}", $"{count} contradicts the {known} cached tokens that another field of the usage says.");
            known ??= count;
        }
        return known ?? 0;
    }
}

/// <summary>The usage of OpenAI's Responses. Its input_tokens count the cached ones: https://platform.openai.com/docs/api-reference/responses/object</summary>
internal static class ResponsesUsage
{
    private const string Path = "usage";

    /// <summary>Reads the usage object.</summary>
    /// <exception cref="UsageFormatException">A count is missing or no count.</exception>
    internal static TokenUsage Read(JsonElement usage)
    {
        var input = UsageJson.Whole(usage, Path, "input_tokens");
        var output = UsageJson.Whole(usage, Path, "output_tokens");
        // Realtime and transcriptions say token_details, Responses and images tokens_details.
        var (ofInput, ofOutput) = usage.TryGetProperty("input_token_details", out _) ? ("input_token_details", "output_token_details") : ("input_tokens_details", "output_tokens_details");
        var read = UsageJson.Part(usage, Path, ofInput, "cached_tokens");
        var written = UsageJson.Part(usage, Path, ofInput, "cache_write_tokens");
        UsageJson.Within($"{Path}.{ofInput}", UsageJson.Sum($"{Path}.{ofInput}", read, written), input, "usage.input_tokens");
        var reasoning = UsageJson.Part(usage, Path, ofOutput, "reasoning_tokens");
        UsageJson.Within($"{Path}.{ofOutput}.reasoning_tokens", reasoning, output, "usage.output_tokens");
        var counts = new TokenUsage { InputTokens = input, CacheReadTokens = read, CacheWriteTokens = written, OutputTokens = output, ReasoningTokens = reasoning };
        return OpenAIModalities.Of(usage, counts, ofInput, ofOutput);
    }
}

/// <summary>The sound and the images in OpenAI's counts: https://platform.openai.com/docs/api-reference/realtime-server-events/response/done</summary>
internal static class OpenAIModalities
{
    private const string Path = "usage";

    /// <summary>The counts with those of the details.</summary>
    /// <exception cref="UsageFormatException">A count is no count, or larger than what it is a part of.</exception>
    internal static TokenUsage Of(JsonElement usage, TokenUsage counts, string ofInput, string ofOutput)
    {
        var audio = UsageJson.Part(usage, Path, ofInput, "audio_tokens");
        var image = UsageJson.Part(usage, Path, ofInput, "image_tokens");
        var cached = counts.CacheReadTokens > 0 && UsageJson.Object(usage, Path, ofInput) is { } input ? UsageJson.Object(input, $"{Path}.{ofInput}", "cached_tokens_details") : null;
        var read = counts with
        {
            AudioInputTokens = audio,
            AudioCacheReadTokens = audio > 0 && cached is { } heard ? UsageJson.Part(heard, $"{Path}.{ofInput}.cached_tokens_details", "audio_tokens") : null,
            AudioOutputTokens = UsageJson.Part(usage, Path, ofOutput, "audio_tokens"),
            ImageInputTokens = image,
            ImageCacheReadTokens = image > 0 && cached is { } seen ? UsageJson.Part(seen, $"{Path}.{ofInput}.cached_tokens_details", "image_tokens") : null,
            ImageOutputTokens = UsageJson.Part(usage, Path, ofOutput, "image_tokens"),
        };
        UsageJson.ModalitiesWithin(read, $"{Path}.{ofInput}", $"{Path}.{ofOutput}", $"{Path}.{ofInput}.cached_tokens_details");
        return read;
    }
}
