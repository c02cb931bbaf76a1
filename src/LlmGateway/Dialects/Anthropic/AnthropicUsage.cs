using System.Text.Json;
using LlmGateway.PriceData;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>The usage of Anthropic's Messages API. Its input_tokens are the uncached ones alone: https://platform.claude.com/docs/en/build-with-claude/prompt-caching#tracking-cache-performance</summary>
internal static class AnthropicUsage
{
    private const string Path = "usage";

    /// <summary>Reads the usage object of a whole reply.</summary>
    /// <exception cref="UsageFormatException">A count is missing or no count.</exception>
    internal static TokenUsage Read(JsonElement usage)
    {
        var fresh = UsageJson.Whole(usage, Path, "input_tokens");
        var read = UsageJson.Part(usage, Path, "cache_read_input_tokens");
        var hour = UsageJson.Part(usage, Path, "cache_creation", "ephemeral_1h_input_tokens");
        var lifetimes = UsageJson.Sum("usage.cache_creation", hour, UsageJson.Part(usage, Path, "cache_creation", "ephemeral_5m_input_tokens"));
        // What the sum has over the two lifetimes has the usual one, which costs as five minutes do.
        var written = UsageJson.Count(usage, Path, "cache_creation_input_tokens") ?? lifetimes;
        UsageJson.Within("usage.cache_creation", lifetimes, written, "usage.cache_creation_input_tokens");
        var output = UsageJson.Whole(usage, Path, "output_tokens");
        var thinking = UsageJson.Part(usage, Path, "output_tokens_details", "thinking_tokens");
        UsageJson.Within("usage.output_tokens_details.thinking_tokens", thinking, output, "usage.output_tokens");
        return new TokenUsage
        {
            InputTokens = UsageJson.Sum("usage.input_tokens", fresh, read, written),
            CacheReadTokens = read,
            CacheWriteTokens = written,
            CacheWrite1hTokens = hour,
            OutputTokens = output,
            ReasoningTokens = thinking,
        };
    }
}
