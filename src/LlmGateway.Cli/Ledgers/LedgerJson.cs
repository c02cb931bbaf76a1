using System.Text.Json;
using LlmGateway.Cli.Output;
using LlmGateway.Sqlite;

namespace LlmGateway.Cli.Ledgers;

/// <summary>Calls and sums as JSON; amounts are exact, as text.</summary>
internal static class LedgerJson
{
    public static void Write(Utf8JsonWriter json, SummaryRow row)
    {
        json.WriteString("name", row.Name);
        if (row.Value is not null) json.WriteString("value", row.Value);
        json.WriteNumber("calls", row.Calls);
        json.WriteNumber("failed", row.Failed);
        json.WriteNumber("attempts", row.Attempts);
        json.WriteNumber("input_tokens", row.Usage.InputTokens);
        json.WriteNumber("cache_read_tokens", row.Usage.CacheReadTokens);
        json.WriteNumber("cache_write_tokens", row.Usage.CacheWriteTokens);
        json.WriteNumber("output_tokens", row.Usage.OutputTokens);
        json.WriteNumber("reasoning_tokens", row.Usage.ReasoningTokens);
        Write(json, row.Cost);
    }

    public static void Write(Utf8JsonWriter json, LedgerCall call)
    {
        json.WriteString("id", call.Id);
        json.WriteString("started_at", LedgerText.Of(call.StartedAt));
        Duration(json, "latency_ms", call.Latency);
        Duration(json, "time_to_first_token_ms", call.TimeToFirstToken);
        json.WriteString("operation", call.Operation);
        json.WriteBoolean("streamed", call.IsStreamed);
        json.WriteString("provider", call.Provider);
        json.WriteString("requested_model", call.RequestedModel);
        json.WriteString("model", call.Model);
        json.WriteString("outcome", call.Outcome);
        json.WriteString("error_type", call.ErrorType);
        json.WriteString("finish_reason", call.FinishReason);
        json.WriteNumber("reasks", call.Reasks);
        json.WriteNumber("repairs", call.Repairs);
        Write(json, call.Usage);
        Write(json, call.Cost);
        json.WriteString("input_cost_usd", call.InputCost);
        json.WriteString("output_cost_usd", call.OutputCost);
        json.WriteString("fees_cost_usd", call.FeesCost);
        json.WriteStartObject("tags");
        foreach (var (name, value) in call.Tags) json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteStartArray("budgets");
        foreach (var budget in call.Budgets) json.WriteStringValue(budget);
        json.WriteEndArray();
        json.WriteString("trace_id", call.TraceId);
        json.WriteBoolean("recovered", call.IsRecovered);
        json.WriteStartArray("attempts");
        foreach (var attempt in call.Attempts)
        {
            json.WriteStartObject();
            Write(json, attempt);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, LedgerAttempt attempt)
    {
        json.WriteNumber("number", attempt.Number);
        json.WriteString("provider", attempt.Provider);
        json.WriteString("model", attempt.Model);
        json.WriteString("answered_model", attempt.AnsweredModel);
        json.WriteString("started_at", LedgerText.Of(attempt.StartedAt));
        Duration(json, "latency_ms", attempt.Latency);
        Duration(json, "time_to_first_token_ms", attempt.TimeToFirstToken);
        json.WriteString("outcome", attempt.Outcome);
        json.WriteString("error_kind", attempt.ErrorKind);
        ResponseJson.WriteNumber(json, "http_status", attempt.HttpStatus);
        json.WriteString("request_id", attempt.RequestId);
        Write(json, attempt.Usage);
        json.WriteString("cost_usd", attempt.Cost?.ToString());
        json.WriteString("cost_basis", attempt.Basis);
        json.WriteString("reserved_usd", attempt.Reserved);
        json.WriteString("price_row", attempt.PriceRow is null ? null : $"{attempt.PriceProvider}/{attempt.PriceRow}");
        json.WriteString("price_name", attempt.PriceName);
        json.WriteString("price_source", attempt.PriceSource);
        json.WriteString("service_tier", attempt.ServiceTier);
        json.WriteString("region", attempt.Region);
        json.WriteString("unpriced_because", attempt.UnpricedBecause);
        json.WriteStartArray("parts");
        foreach (var part in attempt.Costs)
        {
            json.WriteStartObject();
            json.WriteString("kind", part.Kind);
            json.WriteNumber("quantity", part.Quantity);
            json.WriteString("unit_price_usd", part.UnitPrice);
            json.WriteString("cost_usd", part.Cost);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, TokenUsage usage)
    {
        json.WriteNumber("input_tokens", usage.InputTokens);
        json.WriteNumber("cache_read_tokens", usage.CacheReadTokens);
        json.WriteNumber("cache_write_tokens", usage.CacheWriteTokens);
        json.WriteNumber("output_tokens", usage.OutputTokens);
        json.WriteNumber("reasoning_tokens", usage.ReasoningTokens);
    }

    private static void Write(Utf8JsonWriter json, LedgerCost cost)
    {
        json.WriteString("total_cost_usd", cost.Total?.ToString());
        json.WriteString("known_cost_usd", cost.Known.ToString());
        json.WriteNumber("unpriced_attempts", cost.Unpriced);
        json.WriteNumber("estimated_attempts", cost.Estimated);
    }

    private static void Duration(Utf8JsonWriter json, string name, TimeSpan? time) => ResponseJson.WriteNumber(json, name, (long?)time?.TotalMilliseconds);
}
