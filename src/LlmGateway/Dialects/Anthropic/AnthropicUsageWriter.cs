using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>Writes counts as the Messages API has them: input_tokens without the cached ones.</summary>
internal static class AnthropicUsageWriter
{
    private const string Name = AnthropicDialect.DialectName;

    public static void Write(Utf8JsonWriter json, TokenUsage? usage, string? tier = null, LlmExtensions? own = null)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, usage is null ? 0 : Math.Max(0, usage.InputTokens - usage.CacheReadTokens - usage.CacheWriteTokens));
        json.WriteNumber("cache_creation_input_tokens"u8, usage?.CacheWriteTokens ?? 0);
        json.WriteNumber("cache_read_input_tokens"u8, usage?.CacheReadTokens ?? 0);
        if (usage is { CacheWriteTokens: > 0 })
        {
            json.WriteStartObject("cache_creation"u8);
            json.WriteNumber("ephemeral_5m_input_tokens"u8, usage.CacheWriteTokens - usage.CacheWrite1hTokens);
            json.WriteNumber("ephemeral_1h_input_tokens"u8, usage.CacheWrite1hTokens);
            json.WriteEndObject();
        }

        json.WriteNumber("output_tokens"u8, usage?.OutputTokens ?? 0);
        if (usage is { ReasoningTokens: > 0 })
        {
            json.WriteStartObject("output_tokens_details"u8);
            json.WriteNumber("thinking_tokens"u8, usage.ReasoningTokens);
            json.WriteEndObject();
        }

        if (tier is not null) json.WriteString("service_tier"u8, tier);
        BagObject.WriteMembers(json, own, AnthropicReplyDecoder.OfUsage);
        json.WriteEndObject();
    }

    /// <summary>What of the counts has no place.</summary>
    public static void Check(TokenUsage? usage, List<string> losses)
    {
        if (usage is null) losses.Once($"the reply's tokens are not known and are written as 0: the {Name} dialect requires a count.");
        else if (usage.AudioInputTokens + usage.AudioOutputTokens > 0) losses.NoPlace("counts of audio tokens", Name);
        if (usage?.ImageInputTokens + usage?.ImageOutputTokens > 0) losses.NoPlace("counts of image tokens", Name);
    }
}
