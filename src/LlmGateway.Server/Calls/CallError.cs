using System.Net;
using LlmGateway.Dialects;
using LlmGateway.Relay;
using LlmGateway.Server.Models;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Server.Calls;

/// <summary>What went wrong, as it is told to a caller in its own dialect.</summary>
/// <param name="Error">What.</param>
/// <param name="Status">The HTTP status, where it is not the dialect's for the error.</param>
/// <param name="MayRetry">Whether the caller's own client may try again: not where the gateway has.</param>
internal sealed record CallError(VendorError Error, int? Status, bool MayRetry)
{
    private const int MostErrors = 5;

    /// <summary>The headers that go with it. Never null.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The vendor's error as it came, for a caller of the same dialect; null for none.</summary>
    public WireReply? Wire { get; init; }

    public static CallError Of(Exception e, bool isShuttingDown) => e switch
    {
        BadRequestException bad => new(Plain(bad.Kind, bad.Message) with { RetryAfter = bad.RetryAfter }, bad.Status, bad.RetryAfter is not null) { Headers = bad.Headers },
        ModelNotFoundException => new(Plain(ProviderErrorKind.NotFound, e.Message), null, MayRetry: false),
        DialectException dialect => new(Plain(dialect.Kind, dialect.Message), null, MayRetry: false),
        ProviderException { Wire: { } wire, HttpStatus: { } status } provider => new(ErrorOf(provider), status, MayRetry: false) { Wire = wire },
        ProviderException provider => new(ErrorOf(provider), null, MayRetry: false),
        CostLimitExceededException => new(Plain(ProviderErrorKind.Billing, e.Message), null, MayRetry: false),
        UnknownPriceException or ToolCallsRequestedException => new(Plain(ProviderErrorKind.InvalidRequest, e.Message), null, MayRetry: false),

        // The core's word for a request that can't be asked, such as by a schema that is none. Its kin are mistakes of ours.
        ArgumentException when e.GetType() == typeof(ArgumentException) => new(Plain(ProviderErrorKind.InvalidRequest, e.Message), null, MayRetry: false),
        ResponseValidationException invalid => new(Plain(ProviderErrorKind.MalformedReply, Words(invalid)), null, MayRetry: false),
        LedgerException => new(Plain(ProviderErrorKind.Overloaded, e.Message), null, MayRetry: true),
        GatewayException => new(Plain(ProviderErrorKind.ServerError, e.Message), null, MayRetry: false),
        OperationCanceledException when isShuttingDown => new(Plain(ProviderErrorKind.Overloaded, "The gateway is shutting down, and the answer was not ready in time."), null, MayRetry: true),
        BadHttpRequestException bad => new(Plain(bad.StatusCode == (int)HttpStatusCode.RequestEntityTooLarge ? ProviderErrorKind.RequestTooLarge : ProviderErrorKind.InvalidRequest, bad.Message), bad.StatusCode, MayRetry: false),
        // What it says may hold anything; the log has it.
        _ => new(Plain(ProviderErrorKind.ServerError, $"The gateway failed: {e.GetType().Name}. Its log says more."), null, MayRetry: false),
    };

    /// <summary>The exception's own message is for a program that holds it, and can set options.</summary>
    private static string Words(ResponseValidationException e)
    {
        var requests = e.Attempts == 1 ? "1 request" : $"{e.Attempts} requests";
        var more = e.Errors.Count > MostErrors ? $"; and {e.Errors.Count - MostErrors} more" : "";
        return $"The model's answer does not fit the request's schema, after {requests}: {string.Join("; ", e.Errors.Take(MostErrors).Select(static error => error.ToString().TrimEnd('.')))}{more}. "
            + "Name another model, or say in the schema's descriptions or the prompt what is wanted there. Whoever runs the gateway can allow more tries (LLM_MAX_REASKS, LLM_REASK_WITHIN_SECONDS and the budgets bound them).";
    }

    private static VendorError ErrorOf(ProviderException e) => new(e.Kind, e.VendorCode, e.Message, e.RequestId) { RetryAfter = e.RetryAfter };

    private static VendorError Plain(ProviderErrorKind kind, string message) => new(kind, null, message, null);
}
