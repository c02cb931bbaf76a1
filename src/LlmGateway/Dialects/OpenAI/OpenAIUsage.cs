using System.Text.Json;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>Writes counts as Chat Completions has them: prompt_tokens with the cached ones in them.</summary>
internal static class OpenAIUsage
{
    public static void Write(Utf8JsonWriter json, TokenUsage usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, usage.InputTokens);
        json.WriteNumber("completion_tokens"u8, usage.OutputTokens);
        json.WriteNumber("total_tokens"u8, usage.TotalTokens);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CacheReadTokens);
        if (usage.CacheWriteTokens > 0) json.WriteNumber("cache_write_tokens"u8, usage.CacheWriteTokens);
        if (usage.AudioInputTokens > 0) json.WriteNumber("audio_tokens"u8, usage.AudioInputTokens);
        if (usage.ImageInputTokens > 0) json.WriteNumber("image_tokens"u8, usage.ImageInputTokens);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.ReasoningTokens);
        if (usage.AudioOutputTokens > 0) json.WriteNumber("audio_tokens"u8, usage.AudioOutputTokens);
        if (usage.ImageOutputTokens > 0) json.WriteNumber("image_tokens"u8, usage.ImageOutputTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>What of the counts has no place.</summary>
    public static void Check(TokenUsage usage, List<string> losses)
    {
        if (usage.CacheWrite1hTokens > 0) losses.NoPlace("cache writes of 1 hour, apart from the others,", OpenAIDialect.DialectName);
    }
}
