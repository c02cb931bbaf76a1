using System.Text.Json;

namespace LlmGateway.Cli.Filters;

/// <summary><c>price --jsonl</c>: a vendor's reply in, its usage and cost out.</summary>
internal static class PriceFilter
{
    /// <exception cref="FilterException">The line names no vendor, holds no reply, or its usage cannot be read.</exception>
    public static void Convert(JsonElement line, Utf8JsonWriter json)
    {
        var provider = line.TryGetProperty("provider", out var name) && name.ValueKind == JsonValueKind.String && name.GetString() is { Length: > 0 } text
            ? text
            : throw new FilterException("invalid_request", "\"provider\" is missing, or not a string.");
        if (!line.TryGetProperty("body", out var body) || body.ValueKind != JsonValueKind.Object)
        {
            throw new FilterException("invalid_request", "\"body\" is missing, or not an object.");
        }

        var reply = Read(provider, body);
        var priced = Calculate(provider, reply);
        json.WriteString("provider", provider);
        json.WriteString("model", reply.Model);
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", priced.InputTokens);
        json.WriteNumber("cache_read_tokens", priced.CacheReadTokens);
        json.WriteNumber("cache_write_tokens", priced.CacheWriteTokens);
        json.WriteNumber("output_tokens", priced.OutputTokens);
        json.WriteNumber("reasoning_tokens", priced.ReasoningTokens);
        json.WriteEndObject();
        WriteCost(json, "input_cost_usd", priced.InputCostUsd);
        WriteCost(json, "output_cost_usd", priced.OutputCostUsd);
        WriteCost(json, "total_cost_usd", priced.TotalCostUsd);
        json.WriteBoolean("priced", priced.TotalCostUsd is not null);
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

    private static TokenUsage Calculate(string provider, VendorReply reply)
    {
        try
        {
            return PriceBook.Default.Calculate(provider, reply);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new FilterException("invalid_usage", e.Message);
        }
    }

    private static void WriteCost(Utf8JsonWriter json, string name, decimal? cost)
        => json.WriteString(name, cost is { } known ? Money.ToExactString(known) : null);
}
