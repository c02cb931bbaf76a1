using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>Writes an error with the status and type that Anthropic's clients know: https://platform.claude.com/docs/en/api/errors.</summary>
internal static class AnthropicErrorEncoder
{
    public static int Encode(VendorError error, IBufferWriter<byte> body)
    {
        var (status, type) = StatusOf(error.Kind);
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        Write(json, error, type);
        return status;
    }

    private static void Write(Utf8JsonWriter json, VendorError error, string type)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, type);
        json.WriteString("message"u8, error.MessageFor("prompt is too long"));
        json.WriteEndObject();
        if (error.RequestId is { } requestId) json.WriteString("request_id"u8, requestId);
        json.WriteEndObject();
    }

    private static (int Status, string Type) StatusOf(ProviderErrorKind kind) => kind switch
    {
        ProviderErrorKind.InvalidRequest or ProviderErrorKind.ContextLength or ProviderErrorKind.ContentFilter or ProviderErrorKind.Refusal => (400, "invalid_request_error"),
        ProviderErrorKind.Authentication => (401, "authentication_error"),
        ProviderErrorKind.Billing => (402, "billing_error"),
        ProviderErrorKind.NotFound => (404, "not_found_error"),
        ProviderErrorKind.RequestTooLarge => (413, "request_too_large"),
        ProviderErrorKind.RateLimited => (429, "rate_limit_error"),
        ProviderErrorKind.Timeout => (504, "timeout_error"),
        ProviderErrorKind.Overloaded => (529, "overloaded_error"),
        _ => (500, "api_error"),
    };
}
