using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>
/// Reads the API's <c>usage</c>, whose <c>input_tokens</c> leave out what was read from and written to the cache.
/// Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching, "Tracking cache performance".
/// </summary>
internal static class AnthropicUsage
{
    /// <summary>No reply can have used more. Without a bound, the sums of made-up counts would overflow.</summary>
    private const long MaxCount = 1_000_000_000_000;

    /// <summary>Null where a count is beyond belief: the usage is then estimated, which is marked.</summary>
    public static TokenUsage? Read(JsonElement usage)
    {
        var read = Count(usage, "cache_read_input_tokens"u8);
        var write = Count(usage, "cache_creation_input_tokens"u8);
        var write1h = 0L;
        if (usage.Member("cache_creation"u8, JsonValueKind.Object) is { } byLifetime)
        {
            write1h = Count(byLifetime, "ephemeral_1h_input_tokens"u8);
            write = Math.Max(write, write1h + Count(byLifetime, "ephemeral_5m_input_tokens"u8));
        }

        var fresh = Count(usage, "input_tokens"u8);
        var output = Count(usage, "output_tokens"u8);
        if (Math.Max(Math.Max(read, write), Math.Max(fresh, output)) > MaxCount) return null;

        return new TokenUsage
        {
            InputTokens = fresh + read + write,
            CacheReadTokens = read,
            CacheWriteTokens = write,
            CacheWrite1hTokens = write1h,
            OutputTokens = output,
            ReasoningTokens = usage.Member("output_tokens_details"u8, JsonValueKind.Object) is { } details ? Count(details, "thinking_tokens"u8) : 0,
        };
    }

    private static long Count(JsonElement element, ReadOnlySpan<byte> name)
        => element.Member(name, JsonValueKind.Number) is { } value && value.TryGetInt64(out var count) && count >= 0 ? Math.Min(count, MaxCount + 1) : 0;
}
