using System.Globalization;
using System.Text.Json;

namespace LlmGateway.Cli.Filters;

/// <summary><c>price --jsonl</c>: a vendor's reply in, its usage and cost out.</summary>
internal static class PriceFilter
{
    /// <summary>RFC 3339 with an offset, without which a time is no moment.</summary>
    private static readonly string[] Times = [.. Enumerable.Range(0, 8).Select(static digits => $"yyyy-MM-dd'T'HH:mm:ss{(digits == 0 ? "" : "." + new string('f', digits))}K")];

    /// <exception cref="FilterException">The line names no vendor, holds no reply, or its usage cannot be read.</exception>
    public static void Convert(JsonElement line, Utf8JsonWriter json)
    {
        var provider = Text(line, "provider") ?? throw new FilterException("invalid_request", "\"provider\" is missing, or not a string.");
        if (!line.TryGetProperty("body", out var body) || body.ValueKind != JsonValueKind.Object)
        {
            throw new FilterException("invalid_request", "\"body\" is missing, or not an object.");
        }

        var context = new PriceContext { At = At(line), Region = Text(line, "region"), ServiceTier = Text(line, "service_tier") };
        var reply = Read(provider, body);
        var priced = Price(provider, reply, context);
        json.WriteString("provider", provider);
        json.WriteString("model", reply.Model);
        WriteUsage(json, priced.Usage);
        WriteCost(json, "input_cost_usd", priced.Usage.InputCostUsd);
        WriteCost(json, "output_cost_usd", priced.Usage.OutputCostUsd);
        WriteCost(json, "total_cost_usd", priced.Usage.TotalCostUsd);
        json.WriteBoolean("priced", priced.Usage.TotalCostUsd is not null);
        WriteCost(json, "fees_cost_usd", priced.Usage.FeesCostUsd);
        json.WriteString("service_tier", priced.ServiceTier);
        json.WriteString("region", priced.Region);
        WriteMatch(json, priced.Match);
        WriteParts(json, priced.Parts);
        json.WriteString("unpriced_because", priced.UnpricedBecause);
    }

    private static DateTimeOffset? At(JsonElement line)
    {
        if (Text(line, "at") is not { } text) return null;
        // A moment written with a space, without seconds or without an offset is read by no one in the same way.
        var hasOffset = text.EndsWith('Z') || text.EndsWith('z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        return hasOffset && DateTimeOffset.TryParseExact(text.ToUpperInvariant(), Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : throw new FilterException("invalid_request", $"\"at\" is '{text}'; an RFC 3339 time with its offset is expected, such as 2026-08-19T01:00:00Z.");
    }

    /// <summary>A text that need not be there; null where it is absent or null.</summary>
    private static string? Text(JsonElement line, string name)
    {
        if (!line.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text)
            ? text
            : throw new FilterException("invalid_request", $"\"{name}\" is not a string, or it is empty.");
    }

    private static VendorReply Read(string provider, JsonElement body)
    {
        try
        {
            return VendorUsage.Read(provider, body);
        }
        catch (UsageFormatException e)
        {
            throw new FilterException("invalid_usage", e.Message);
        }
    }

    private static PricedReply Price(string provider, VendorReply reply, PriceContext context)
    {
        try
        {
            return PriceBook.Default.Price(provider, reply, context);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new FilterException("invalid_usage", e.Message);
        }
    }

    private static void WriteUsage(Utf8JsonWriter json, TokenUsage usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", usage.InputTokens);
        json.WriteNumber("cache_read_tokens", usage.CacheReadTokens);
        json.WriteNumber("cache_write_tokens", usage.CacheWriteTokens);
        json.WriteNumber("output_tokens", usage.OutputTokens);
        json.WriteNumber("reasoning_tokens", usage.ReasoningTokens);
        json.WriteNumber("cache_write_1h_tokens", usage.CacheWrite1hTokens);
        json.WriteNumber("audio_input_tokens", usage.AudioInputTokens);
        WriteCount(json, "audio_cache_read_tokens", usage.AudioCacheReadTokens);
        json.WriteNumber("audio_output_tokens", usage.AudioOutputTokens);
        json.WriteNumber("image_input_tokens", usage.ImageInputTokens);
        WriteCount(json, "image_cache_read_tokens", usage.ImageCacheReadTokens);
        json.WriteNumber("image_output_tokens", usage.ImageOutputTokens);
        json.WriteEndObject();
    }

    private static void WriteMatch(Utf8JsonWriter json, PriceMatch? match)
    {
        if (match is null)
        {
            json.WriteNull("matched");
            return;
        }

        json.WriteStartObject("matched");
        json.WriteString("provider", match.Provider);
        json.WriteString("row", match.Row);
        json.WriteString("name", match.MatchedName);
        json.WriteString("source", match.Source);
        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, IReadOnlyList<CostPart> parts)
    {
        json.WriteStartArray("parts");
        foreach (var part in parts)
        {
            json.WriteStartObject();
            json.WriteString("kind", part.Kind);
            json.WriteNumber("quantity", part.Quantity);
            WriteCost(json, "unit_price_usd", part.UnitPriceUsd);
            WriteCost(json, "cost_usd", part.CostUsd);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCount(Utf8JsonWriter json, string name, long? count)
    {
        if (count is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    private static void WriteCost(Utf8JsonWriter json, string name, decimal? cost)
        => json.WriteString(name, cost is { } known ? Money.ToExactString(known) : null);
}
