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

    /// <summary>Whether a chunk of a stream is the one that <c>stream_options.include_usage</c> asks for: no choices, and the counts.</summary>
    public static bool IsAlone(ReadOnlySpan<byte> chunk)
    {
        if (chunk.IndexOf("\"usage\""u8) < 0) return false;
        bool hasNoChoices = false, hasCounts = false;
        try
        {
            var json = new Utf8JsonReader(chunk);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isChoices = json.ValueTextEquals("choices"u8);
                var isUsage = json.ValueTextEquals("usage"u8);
                json.Read();
                if (isChoices) hasNoChoices = json.TokenType == JsonTokenType.StartArray && json.Read() && json.TokenType == JsonTokenType.EndArray;
                if (isChoices && !hasNoChoices) return false;
                if (isUsage) hasCounts = json.TokenType == JsonTokenType.StartObject;
                json.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }

        return hasNoChoices && hasCounts;
    }

    /// <summary>What of the counts has no place.</summary>
    public static void Check(TokenUsage usage, List<string> losses)
    {
        if (usage.CacheWrite1hTokens > 0) losses.NoPlace("cache writes of 1 hour, apart from the others,", OpenAIDialect.DialectName);
    }
}
