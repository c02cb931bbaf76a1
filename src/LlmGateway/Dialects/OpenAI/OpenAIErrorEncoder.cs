using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>Writes an error with the status and codes that OpenAI's clients know: https://platform.openai.com/docs/guides/error-codes.</summary>
internal static class OpenAIErrorEncoder
{
    public static int Encode(VendorError error, IBufferWriter<byte> body)
    {
        var (status, type, code) = Of(error);
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, error.Message ?? "The model could not be asked.");
        json.WriteString("type"u8, type);
        json.WriteNull("param"u8);
        json.WriteString("code"u8, code);
        json.WriteEndObject();
        json.WriteEndObject();
        return status;
    }

    /// <summary>The code by itself, as the events of Responses have it. Another vendor's own word would say nothing to these clients.</summary>
    public static string CodeOf(VendorError error)
    {
        var (_, type, code) = Of(error);
        return code ?? type;
    }

    private static (int Status, string Type, string? Code) Of(VendorError error) => error.Kind switch
    {
        ProviderErrorKind.RateLimited => (429, "rate_limit_error", "rate_limit_exceeded"),
        ProviderErrorKind.Billing => (429, "insufficient_quota", "insufficient_quota"),
        ProviderErrorKind.Authentication => (401, "authentication_error", "invalid_api_key"),
        ProviderErrorKind.NotFound => (404, "invalid_request_error", "model_not_found"),
        ProviderErrorKind.ContextLength => (400, "invalid_request_error", "context_length_exceeded"),
        ProviderErrorKind.ContentFilter or ProviderErrorKind.Refusal => (400, "invalid_request_error", "content_filter"),
        ProviderErrorKind.RequestTooLarge => (413, "invalid_request_error", error.Code),
        ProviderErrorKind.InvalidRequest => (400, "invalid_request_error", error.Code),
        ProviderErrorKind.Overloaded => (503, "server_error", "overloaded"),
        ProviderErrorKind.Timeout => (504, "server_error", "timeout"),
        ProviderErrorKind.Connection or ProviderErrorKind.MalformedReply or ProviderErrorKind.Truncated => (502, "server_error", "bad_gateway"),
        _ => (500, "server_error", error.Code),
    };
}
