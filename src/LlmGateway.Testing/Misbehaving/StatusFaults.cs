using System.Globalization;
using LlmGateway.Dialects;

namespace LlmGateway.Testing.Misbehaving;

/// <summary>Errors that a status tells.</summary>
internal static class StatusFaults
{
    public static Task RateLimited(Exchange exchange) => exchange.ErrorAsync(Error(ProviderErrorKind.RateLimited, "Too many requests. Slow down."), headers: RetryAfter(exchange));

    public static Task Overloaded(Exchange exchange) => exchange.ErrorAsync(Error(ProviderErrorKind.Overloaded, "Too much to do. Come back later."), 503, RetryAfter(exchange));

    public static Task Down(Exchange exchange) => exchange.ErrorAsync(Error(ProviderErrorKind.Overloaded, "Down for maintenance."), 503);

    public static Task Fails(Exchange exchange) => exchange.ErrorAsync(Error(ProviderErrorKind.ServerError, "Something broke here."), 500);

    public static Task Unauthorized(Exchange exchange) => exchange.ErrorAsync(Error(ProviderErrorKind.Authentication, "The key is not valid."), 401);

    public static Task Forbidden(Exchange exchange) => exchange.ErrorAsync(Error(ProviderErrorKind.Authentication, "The key may not ask this model."), 403);

    public static Task NotFound(Exchange exchange) => exchange.ErrorAsync(Error(ProviderErrorKind.NotFound, $"The model '{exchange.Request.Model}' does not exist."), 404);

    public static Task BadRequest(Exchange exchange) => exchange.ErrorAsync(Error(ProviderErrorKind.InvalidRequest, "A field of the request has no meaning here."), 400);

    public static Task ContextLength(Exchange exchange)
        => exchange.ErrorAsync(Error(ProviderErrorKind.ContextLength, exchange.Dialect.Name is "openai" or "openai_responses" ? "This model's maximum context length is 1000 tokens, and the messages have more." : "1001 tokens are more than the maximum of 1000."));

    public static Task NoPrefill(Exchange exchange) => Asked.PrefillOf(exchange.Request) is null
        ? StreamFaults.Ok(exchange)
        : exchange.ErrorAsync(Error(ProviderErrorKind.InvalidRequest, "This model takes no prefill of the assistant's message: the conversation must end with a message of the user."), 400);

    public static VendorError Error(ProviderErrorKind kind, string message) => new(kind, null, message, null);

    private static string RetryAfter(Exchange exchange)
        => exchange.Fault.Time is { } time ? string.Create(CultureInfo.InvariantCulture, $"Retry-After: {Math.Ceiling(time.TotalSeconds)}\r\n") : "";
}
