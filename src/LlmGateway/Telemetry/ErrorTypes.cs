namespace LlmGateway.Telemetry;

/// <summary>The values of <c>error.type</c>: few, stable, in snake case.</summary>
internal static class ErrorTypes
{
    public const string Cancelled = "cancelled";
    public const string CostLimit = "cost_limit";
    public const string Ledger = "ledger";
    public const string ToolCalls = "tool_calls";
    public const string UnknownPrice = "unknown_price";
    public const string Validation = "validation";

    public static string Of(ProviderErrorKind kind) => kind switch
    {
        ProviderErrorKind.RateLimited => "rate_limited",
        ProviderErrorKind.Overloaded => "overloaded",
        ProviderErrorKind.ServerError => "server_error",
        ProviderErrorKind.Timeout => "timeout",
        ProviderErrorKind.Connection => "connection",
        ProviderErrorKind.Authentication => "authentication",
        ProviderErrorKind.Billing => "billing",
        ProviderErrorKind.NotFound => "not_found",
        ProviderErrorKind.InvalidRequest => "invalid_request",
        ProviderErrorKind.RequestTooLarge => "request_too_large",
        ProviderErrorKind.ContextLength => "context_length",
        ProviderErrorKind.ContentFilter => "content_filter",
        ProviderErrorKind.Refusal => "refusal",
        ProviderErrorKind.Truncated => "truncated",
        ProviderErrorKind.MalformedReply => "malformed_reply",
        ProviderErrorKind.CliNotFound => "cli_not_found",
        _ => "unknown",
    };
}
