using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>
/// Reads an error: <c>{"type":"error","error":{"type","message"},"request_id"}</c>.
/// Source: https://platform.claude.com/docs/en/api/errors.
/// </summary>
internal static class AnthropicErrorDecoder
{
    public static VendorError Decode(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(status, document.RootElement);
        }
        catch (JsonException)
        {
            // A proxy on the way answers in HTML or not at all; the status still says what happened.
            return new VendorError(VendorError.KindOf(status), null, null, null);
        }
    }

    public static VendorError Read(int status, JsonElement root)
    {
        var error = root.Member("error"u8, JsonValueKind.Object) ?? default;
        var code = error.Text("type"u8);
        var message = error.Text("message"u8);
        return new VendorError(KindOf(status, code, message), code, message, root.Text("request_id"u8));
    }

    private static ProviderErrorKind KindOf(int status, string? code, string? message) => code switch
    {
        "invalid_request_error" or null when ContextLength.IsSaid(message) => ProviderErrorKind.ContextLength, // The API has no code of its own for it.
        "invalid_request_error" when message?.Contains("credit balance is too low", StringComparison.OrdinalIgnoreCase) == true => ProviderErrorKind.Billing,
        "invalid_request_error" when status is 200 or 400 => ProviderErrorKind.InvalidRequest,
        "authentication_error" or "permission_error" => ProviderErrorKind.Authentication,
        "billing_error" => ProviderErrorKind.Billing,
        "not_found_error" => ProviderErrorKind.NotFound,
        "request_too_large" => ProviderErrorKind.RequestTooLarge,
        "rate_limit_error" => ProviderErrorKind.RateLimited,
        "timeout_error" => ProviderErrorKind.Timeout,
        "api_error" or "conflict_error" => ProviderErrorKind.ServerError,
        "overloaded_error" => ProviderErrorKind.Overloaded,
        _ => VendorError.KindOf(status),
    };
}
