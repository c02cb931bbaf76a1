using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmGateway.Cli.Output;

/// <summary>What <c>--json</c> prints: a response, or an error, on one line. A projection of the call's record.</summary>
internal static class ResponseJson
{
    /// <summary>Text for people and scripts, not for HTML: it needs no more escapes than JSON does.</summary>
    public static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(CallRecord record, Action<Utf8JsonWriter> content) => Write(json =>
    {
        json.WritePropertyName("content");
        content(json);
        json.WriteString("model", record.Model);
        json.WriteString("provider", record.Provider);
        json.WriteNumber("latency_ms", (long)record.Latency.TotalMilliseconds);
        json.WritePropertyName("usage");
        WriteUsage(json, record.Usage);
        WriteMoney(json, "total_cost_usd", record.Usage.TotalCostUsd);
        json.WritePropertyName("metadata");
        WriteRecord(json, record);
    });

    public static string Of(Exception error) => Write(json =>
    {
        var failure = Failure.Of(error);
        json.WriteStartObject("error");
        json.WriteString("kind", failure.Kind);
        json.WriteString("message", failure.Message);
        if (error is ProviderException provider)
        {
            json.WriteString("provider", provider.Provider);
            WriteNumber(json, "http_status", provider.HttpStatus);
            json.WriteString("vendor_code", provider.VendorCode);
            json.WriteString("request_id", provider.RequestId);
        }

        if (error is CostLimitExceededException limit)
        {
            WriteMoney(json, "limit_usd", limit.LimitUsd);
            WriteMoney(json, "spent_usd", limit.SpentUsd);
            WriteMoney(json, "reserved_usd", limit.ReservedUsd);
            WriteMoney(json, "asked_usd", limit.AskedUsd);
            json.WriteString("budget", limit.Budget);
        }

        if (error is ResponseValidationException validation)
        {
            json.WriteStartArray("errors");
            foreach (var one in validation.Errors)
            {
                json.WriteStartObject();
                json.WriteString("pointer", one.Pointer);
                json.WriteString("message", one.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("raw_text", validation.RawText);
        }

        json.WriteEndObject();
        if (error is GatewayException { Record: { } record })
        {
            json.WritePropertyName("usage");
            WriteUsage(json, record.Usage);
            WriteMoney(json, "total_cost_usd", record.Usage.TotalCostUsd);
            json.WritePropertyName("metadata");
            WriteRecord(json, record);
        }
    });

    public static string Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteUsage(Utf8JsonWriter json, TokenUsage usage)
    {
        json.WriteStartObject();
        json.WriteNumber("input_tokens", usage.InputTokens);
        json.WriteNumber("cache_read_tokens", usage.CacheReadTokens);
        json.WriteNumber("cache_write_tokens", usage.CacheWriteTokens);
        json.WriteNumber("output_tokens", usage.OutputTokens);
        json.WriteNumber("reasoning_tokens", usage.ReasoningTokens);
        json.WriteBoolean("estimated", usage.IsEstimated);
        WriteMoney(json, "input_cost_usd", usage.InputCostUsd);
        WriteMoney(json, "output_cost_usd", usage.OutputCostUsd);
        WriteMoney(json, "fees_cost_usd", usage.FeesCostUsd);
        WriteMoney(json, "total_cost_usd", usage.TotalCostUsd);
        json.WriteEndObject();
    }

    private static void WriteRecord(Utf8JsonWriter json, CallRecord record)
    {
        json.WriteStartObject();
        json.WriteString("call_id", record.CallId);
        json.WriteString("started_at", record.StartedAt);
        json.WriteString("outcome", Word(record.Outcome));
        json.WriteString("error_type", record.ErrorType);
        json.WriteString("route", record.Route);
        json.WriteString("requested_model", record.RequestedModel);
        json.WriteString("finish_reason", record.FinishReason is { } reason ? Word(reason) : null);
        json.WriteString("vendor_finish_reason", record.VendorFinishReason);
        json.WriteString("response_id", record.ResponseId);
        json.WriteString("request_id", record.RequestId);
        json.WriteString("output_mode", record.OutputMode is { } mode ? Word(mode) : null);
        json.WriteStartArray("schema_notes");
        foreach (var note in record.SchemaNotes) json.WriteStringValue(note);
        json.WriteEndArray();
        json.WriteNumber("reasks", record.Reasks);
        json.WriteStartObject("tags");
        foreach (var (tag, value) in record.Tags) json.WriteString(tag, value);
        json.WriteEndObject();
        json.WriteStartArray("budgets");
        foreach (var budget in record.Budgets) json.WriteStringValue(budget);
        json.WriteEndArray();
        json.WriteNumber("rescues", record.Rescues);
        json.WriteStartArray("skipped_targets");
        foreach (var skipped in record.SkippedTargets)
        {
            json.WriteStartObject();
            json.WriteString("target", skipped.Target);
            json.WriteString("because", skipped.Because);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("attempts");
        foreach (var attempt in record.Attempts) WriteAttempt(json, attempt);
        json.WriteEndArray();
        json.WriteStartArray("repairs");
        foreach (var repair in record.Repairs)
        {
            json.WriteStartObject();
            json.WriteString("kind", repair.Kind);
            json.WriteNumber("offset", repair.Offset);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("coercions");
        foreach (var coercion in record.Coercions)
        {
            json.WriteStartObject();
            json.WriteString("kind", coercion.Kind);
            json.WriteString("pointer", coercion.Pointer);
            json.WriteString("from", coercion.From);
            json.WriteString("to", coercion.To);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("losses");
        foreach (var loss in record.Losses) json.WriteStringValue(loss);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteAttempt(Utf8JsonWriter json, AttemptRecord attempt)
    {
        json.WriteStartObject();
        json.WriteNumber("number", attempt.Number);
        json.WriteNumber("ask", attempt.Ask);
        json.WriteString("provider", attempt.Provider);
        json.WriteString("model", attempt.Model);
        json.WriteString("target", attempt.Target);
        json.WriteString("started_at", attempt.StartedAt);
        json.WriteNumber("latency_ms", (long)attempt.Latency.TotalMilliseconds);
        WriteNumber(json, "time_to_first_token_ms", attempt.TimeToFirstToken is { } first ? (long)first.TotalMilliseconds : null);
        json.WriteString("outcome", Word(attempt.Outcome));
        json.WriteString("error_kind", attempt.ErrorKind is { } kind ? Word(kind) : null);
        WriteNumber(json, "http_status", attempt.HttpStatus);
        json.WriteString("request_id", attempt.RequestId);
        json.WritePropertyName("usage");
        WriteUsage(json, attempt.Usage);
        WriteMoney(json, "reserved_usd", attempt.ReservedUsd);
        json.WriteString("cost_basis", Word(attempt.CostBasis));
        json.WriteString("price_row", attempt.PriceMatch is { } match ? $"{match.Provider}/{match.Row}" : null);
        json.WriteString("price_source", attempt.PriceMatch?.Source);
        json.WriteString("unpriced_because", attempt.UnpricedBecause);
        WriteNumber(json, "retry_delay_ms", attempt.RetryDelay is { } delay ? (long)delay.TotalMilliseconds : null);
        json.WriteString("ended_because", attempt.EndedBecause);
        json.WriteString("next_because", attempt.NextBecause);
        json.WriteBoolean("hedge", attempt.IsHedge);
        json.WriteString("rescue", attempt.Rescue is { } rescue ? Word(rescue) : null);
        json.WriteEndObject();
    }

    public static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    /// <summary>An exact number, or null where it is unknown.</summary>
    private static void WriteMoney(Utf8JsonWriter json, string name, decimal? value)
    {
        json.WritePropertyName(name);
        if (value is { } amount) json.WriteRawValue(Money.ToExactString(amount));
        else json.WriteNullValue();
    }

    public static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum
        => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
