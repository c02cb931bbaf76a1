using System.Diagnostics.CodeAnalysis;
using System.Security.Authentication;
using System.Text;
using LlmGateway.Dialects;
using LlmGateway.Relay;
using LlmGateway.Wire;

namespace LlmGateway.Providers.Http;

/// <summary>Words what went wrong between the gateway and a vendor, with what to do about it and without secrets.</summary>
internal sealed class HttpErrors(HttpTarget target, TimeProvider time)
{
    public static bool IsOfConnection(Exception e) => e is HttpRequestException or IOException or AuthenticationException or InvalidDataException;

    /// <param name="response">What came back.</param>
    /// <param name="error">What it says.</param>
    /// <param name="body">Its body, where that may be passed on; empty where it may not.</param>
    public ProviderException Vendor(HttpResponseMessage response, VendorError error, ReadOnlyMemory<byte> body = default)
    {
        var status = (int)response.StatusCode;
        var what = status is >= 300 and < 400
            ? $"HTTP {status}: a redirect, which is not followed because it would carry the key elsewhere. Check LLM_BASE_URL"
            : $"HTTP {status}{(error.Code is null ? "" : $" {error.Code}")}{(error.Message is null ? "" : $": {error.Message}")}";
        return Of(response, error.Kind, what + Advice(error.Kind), error, wire: WireOf(response, error, body));
    }

    /// <summary>The body as the caller may see it. What speaks of the gateway's own key, or may hold it, is not the caller's.</summary>
    private WireReply? WireOf(HttpResponseMessage response, VendorError error, ReadOnlyMemory<byte> body)
    {
        if (body.Span.TrimStart(" \t\r\n"u8) is not [(byte)'{' or (byte)'[', ..] || (int)response.StatusCode < 400) return null;
        if (error.Kind is ProviderErrorKind.Authentication or ProviderErrorKind.Billing) return null;
        var text = Encoding.UTF8.GetString(body.Span);
        return Redact(text) == text && Redact(error.Message) == error.Message ? new WireReply(target.Dialect.Name, body.ToArray(), response.Content.Headers.ContentType?.ToString()) : null;
    }

    public ProviderException Of(HttpResponseMessage response, ProviderErrorKind kind, string what, VendorError? error = null, Exception? cause = null, WireReply? wire = null) => new(target.Name, kind, $"{target.Name}: {Redact(what)}", cause)
    {
        HttpStatus = (int)response.StatusCode,
        VendorCode = Redact(error?.Code),
        RequestId = Redact(RequestIdOf(response) ?? error?.RequestId),
        RetryAfter = RetryAfter.Read(response.Headers, time.GetUtcNow()) ?? error?.RetryAfter,
        Wire = wire,
    };

    public ProviderException Connection(Exception cause)
        => new(target.Name, ProviderErrorKind.Connection, $"{target.Name}: no complete answer from {target.BaseUrl}: {Redact(cause.Message)}", cause) { IsOutcomeUnknown = !IsBeforeSending(cause) };

    /// <summary>Without a connection nothing was sent, so nothing can be billed.</summary>
    private static bool IsBeforeSending(Exception e) => e is AuthenticationException
        or HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError };

    public ProviderException Request(DialectException cause) => new(target.Name, cause.Kind, cause.Message, cause);

    public static string? RequestIdOf(HttpResponseMessage response)
    {
        foreach (var name in (ReadOnlySpan<string>)["request-id", "x-request-id", "x-amzn-requestid", "x-goog-request-id"])
        {
            if (response.Headers.TryGetValues(name, out var values)) return values.FirstOrDefault();
        }

        return null;
    }

    private string Advice(ProviderErrorKind kind) => kind switch
    {
        ProviderErrorKind.Authentication => $" (check {target.KeySettings})",
        ProviderErrorKind.NotFound => $" (check LLM_MODEL, and LLM_BASE_URL, which is {target.BaseUrl})",
        ProviderErrorKind.ContextLength => " (shorten the conversation, or choose a model with a larger context window)",
        _ => "",
    };

    [return: NotNullIfNotNull(nameof(text))]
    private string? Redact(string? text) => text is null ? null : target.Authorizer.Redact(text);
}
