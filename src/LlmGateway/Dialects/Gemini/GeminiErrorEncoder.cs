using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.Gemini;

/// <summary>Writes an error with the code and status that Google's clients know: https://ai.google.dev/gemini-api/docs/troubleshooting.</summary>
internal static class GeminiErrorEncoder
{
    public static int Encode(VendorError error, IBufferWriter<byte> body)
    {
        var (code, status) = error.Kind switch
        {
            ProviderErrorKind.InvalidRequest or ProviderErrorKind.ContextLength or ProviderErrorKind.ContentFilter or ProviderErrorKind.Refusal or ProviderErrorKind.RequestTooLarge => (400, "INVALID_ARGUMENT"),
            ProviderErrorKind.Authentication => (401, "UNAUTHENTICATED"),
            ProviderErrorKind.Billing => (403, "PERMISSION_DENIED"),
            ProviderErrorKind.NotFound => (404, "NOT_FOUND"),
            ProviderErrorKind.RateLimited => (429, "RESOURCE_EXHAUSTED"),
            ProviderErrorKind.Overloaded => (503, "UNAVAILABLE"),
            ProviderErrorKind.Timeout => (504, "DEADLINE_EXCEEDED"),
            _ => (500, "INTERNAL"),
        };
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, code);
        json.WriteString("message"u8, error.MessageFor("The input token count exceeds the maximum number of tokens allowed"));
        json.WriteString("status"u8, status);
        json.WriteEndObject();
        json.WriteEndObject();
        return code;
    }
}
