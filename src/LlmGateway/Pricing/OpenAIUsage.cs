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
        return new TokenUsage { InputTokens = input, CacheReadTokens = read, CacheWriteTokens = written, OutputTokens = output, ReasoningTokens = reasoned };
    }

    /// <summary>All output, and the reasoning in it. The total tells whether completion_tokens count the reasoning; without it, the vendor does.</summary>
    private static (long Output, long Reasoning) Output(string vendor, long input, long completion, long reasoning, long? total)
    {
        var counted = UsageJson.Sum("usage.completion_tokens", input, completion);
        if (total is { } all && all > counted && (all - counted == reasoning || vendor is "gemini" or "vertex"))
            return (all - input, Math.Max(reasoning, all - counted));
        var apart = vendor == "xai" && total != counted;
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
        var read = UsageJson.Part(usage, Path, "input_tokens_details", "cached_tokens");
        var written = UsageJson.Part(usage, Path, "input_tokens_details", "cache_write_tokens");
        UsageJson.Within("usage.input_tokens_details", UsageJson.Sum("usage.input_tokens_details", read, written), input, "usage.input_tokens");
        var reasoning = UsageJson.Part(usage, Path, "output_tokens_details", "reasoning_tokens");
        UsageJson.Within("usage.output_tokens_details.reasoning_tokens", reasoning, output, "usage.output_tokens");
        return new TokenUsage { InputTokens = input, CacheReadTokens = read, CacheWriteTokens = written, OutputTokens = output, ReasoningTokens = reasoning };
    }
}
