using System.Text.Json;

namespace LlmGateway.PriceData;

/// <summary>The usage of Bedrock's Converse, whose inputTokens are the uncached ones alone: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html</summary>
internal static class ConverseUsage
{
    private const string Path = "usage";

    /// <summary>Reads the usage object.</summary>
    /// <exception cref="UsageFormatException">A count is missing or no count.</exception>
    internal static TokenUsage Read(JsonElement usage)
    {
        var read = UsageJson.Part(usage, Path, "cacheReadInputTokens");
        var written = UsageJson.Part(usage, Path, "cacheWriteInputTokens");
        var hour = WrittenForAnHour(usage);
        UsageJson.Within("usage.cacheDetails", hour, written, "usage.cacheWriteInputTokens");
        return new TokenUsage
        {
            InputTokens = UsageJson.Sum("usage.inputTokens", UsageJson.Whole(usage, Path, "inputTokens"), read, written),
            CacheReadTokens = read,
            CacheWriteTokens = written,
            CacheWrite1hTokens = hour,
            OutputTokens = UsageJson.Whole(usage, Path, "outputTokens"),
        };
    }

    private static long WrittenForAnHour(JsonElement usage)
    {
        if (!usage.TryGetProperty("cacheDetails", out var details) || details.ValueKind != JsonValueKind.Array) return 0;
        var sum = 0L;
        foreach (var entry in details.EnumerateArray())
            if (entry.ValueKind == JsonValueKind.Object && UsageJson.Text(entry, "ttl") == "1h")
                sum = UsageJson.Sum("usage.cacheDetails", sum, UsageJson.Part(entry, "usage.cacheDetails", "inputTokens"));
        return sum;
    }
}
