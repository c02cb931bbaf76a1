using LlmGateway.Sqlite;

namespace LlmGateway.Cli.Ledgers;

/// <summary>Calls as CSV by RFC 4180. A text that a spreadsheet would take for a formula has an apostrophe before it.</summary>
internal static class LedgerCsv
{
    public const string Header = "id,started_at,latency_ms,time_to_first_token_ms,operation,streamed,provider,requested_model,model,outcome,error_type,attempts,reasks,repairs,input_tokens,cache_read_tokens,cache_write_tokens,output_tokens,reasoning_tokens,total_cost_usd,known_cost_usd,unpriced_attempts,estimated_attempts,tags,budgets,trace_id";

    public static string Of(LedgerCall call) => string.Join(',', ((string?[])
    [
        call.Id, LedgerText.Of(call.StartedAt), LedgerText.Milliseconds(call.Latency), LedgerText.Milliseconds(call.TimeToFirstToken), call.Operation, call.IsStreamed ? "true" : "false",
        call.Provider, call.RequestedModel, call.Model, call.Outcome, call.ErrorType, LedgerText.Of(call.Attempts.Count), LedgerText.Of(call.Reasks), LedgerText.Of(call.Repairs),
        LedgerText.Of(call.Usage.InputTokens), LedgerText.Of(call.Usage.CacheReadTokens), LedgerText.Of(call.Usage.CacheWriteTokens), LedgerText.Of(call.Usage.OutputTokens), LedgerText.Of(call.Usage.ReasoningTokens),
        call.Cost.Total?.ToString(), call.Cost.Known.ToString(), LedgerText.Of(call.Cost.Unpriced), LedgerText.Of(call.Cost.Estimated),
        LedgerText.Tags(call), string.Join(' ', call.Budgets), call.TraceId,
    ]).Select(Field));

    private static string Field(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (text[0] is '=' or '+' or '-' or '@' or '\t' or '\r') text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
