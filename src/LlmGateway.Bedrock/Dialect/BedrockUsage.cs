using System.Text.Json;
using LlmGateway.PriceData;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>Counts both ways. Converse's inputTokens are those alone that no cache had to do with: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html.</summary>
internal static class BedrockUsage
{
    private const string Name = BedrockDialect.DialectName;

    public static TokenUsage? Read(JsonElement? usage, List<string> losses) => usage is { } counts ? UsageRead.OrNull(() => ConverseUsage.Read(counts), losses) : null;

    public static void Write(Utf8JsonWriter json, TokenUsage? usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("inputTokens"u8, usage is null ? 0 : Math.Max(0, usage.InputTokens - usage.CacheReadTokens - usage.CacheWriteTokens));
        json.WriteNumber("outputTokens"u8, usage?.OutputTokens ?? 0);
        json.WriteNumber("totalTokens"u8, usage?.TotalTokens ?? 0);
        if (usage is { CacheReadTokens: > 0 }) json.WriteNumber("cacheReadInputTokens"u8, usage.CacheReadTokens);
        if (usage is { CacheWriteTokens: > 0 })
        {
            json.WriteNumber("cacheWriteInputTokens"u8, usage.CacheWriteTokens);
            json.WriteStartArray("cacheDetails"u8);
            WriteDetail(json, "1h", usage.CacheWrite1hTokens);
            WriteDetail(json, "5m", usage.CacheWriteTokens - usage.CacheWrite1hTokens);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>What of the counts has no place.</summary>
    public static void Check(TokenUsage? usage, List<string> losses)
    {
        if (usage is null) losses.Once($"the reply's tokens are not known and are written as 0: the {Name} dialect requires a count.");
        if (usage is { ReasoningTokens: > 0 }) losses.NoPlace("count of reasoning tokens", Name);
        if (usage?.AudioInputTokens + usage?.AudioOutputTokens > 0) losses.NoPlace("counts of audio tokens", Name);
        if (usage?.ImageInputTokens + usage?.ImageOutputTokens > 0) losses.NoPlace("counts of image tokens", Name);
    }

    private static void WriteDetail(Utf8JsonWriter json, string lifetime, long tokens)
    {
        if (tokens <= 0) return;
        json.WriteStartObject();
        json.WriteString("ttl"u8, lifetime);
        json.WriteNumber("inputTokens"u8, tokens);
        json.WriteEndObject();
    }
}
