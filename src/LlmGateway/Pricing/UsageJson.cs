using System.Text.Json;

namespace LlmGateway.PriceData;

/// <summary>Strict reading of counts.</summary>
internal static class UsageJson
{
    /// <summary>A count that must be there.</summary>
    internal static long Whole(JsonElement usage, string path, string name) =>
        Count(usage, path, name) ?? throw new UsageFormatException($"{path}.{name}", "the count is missing.");

    /// <summary>A count that is 0 where it is absent.</summary>
    internal static long Part(JsonElement usage, string path, string name) => Count(usage, path, name) ?? 0;

    /// <summary>A count in an object of details; 0 where either is absent.</summary>
    internal static long Part(JsonElement usage, string path, string details, string name) =>
        Object(usage, path, details) is { } inner ? Part(inner, $"{path}.{details}", name) : 0;

    /// <summary>A count; null where it is absent or null.</summary>
    internal static long? Count(JsonElement element, string path, string name)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var count)) throw new UsageFormatException($"{path}.{name}", "an integer number of tokens is expected.");
        return count >= 0 ? count : throw new UsageFormatException($"{path}.{name}", $"{count} is negative; a number of tokens is 0 or more.");
    }

    /// <summary>An object; null where it is absent or null.</summary>
    internal static JsonElement? Object(JsonElement element, string path, string name)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Object ? value : throw new UsageFormatException(path.Length == 0 ? name : $"{path}.{name}", "an object is expected.");
    }

    /// <summary>A text; null where it is absent, null or empty.</summary>
    internal static string? Text(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.String) throw new UsageFormatException(name, "a text is expected.");
        try
        {
            return value.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            throw new UsageFormatException(name, "half of a surrogate pair is no text.");
        }
    }

    internal static long Sum(string field, params ReadOnlySpan<long> counts)
    {
        var sum = 0L;
        foreach (var count in counts)
            sum = count <= long.MaxValue - sum ? sum + count : throw new UsageFormatException(field, "the counts are too large to add up.");
        return sum;
    }

    internal static void Within(string field, long part, long whole, string of)
    {
        if (part > whole) throw new UsageFormatException(field, $"{part} is larger than {of} ({whole}), which it is a part of.");
    }

    /// <summary>Refuses counts of sound and images that are no parts of what they are said to be parts of.</summary>
    internal static void ModalitiesWithin(TokenUsage usage, string input, string output, string cached)
    {
        Within(input, Sum(input, usage.AudioInputTokens, usage.ImageInputTokens), usage.InputTokens, "the tokens of the input");
        Within(output, Sum(output, usage.AudioOutputTokens, usage.ImageOutputTokens), usage.OutputTokens - usage.ReasoningTokens, "the tokens of the output less its reasoning");
        Within(cached, usage.AudioCacheReadTokens ?? 0, usage.AudioInputTokens, "the audio tokens of the input");
        Within(cached, usage.ImageCacheReadTokens ?? 0, usage.ImageInputTokens, "the image tokens of the input");
        Within(cached, Sum(cached, usage.AudioCacheReadTokens ?? 0, usage.ImageCacheReadTokens ?? 0), usage.CacheReadTokens, "the tokens read from a cache");
    }
}
