using System.Globalization;
using System.Text.Json;

namespace LlmGateway.Dialects.Gemini;

/// <summary>Reads an error: <c>{"error":{"code","message","status","details"}}</c>, in a list of one too. Source: https://ai.google.dev/gemini-api/docs/troubleshooting.</summary>
internal static class GeminiErrorDecoder
{
    public static VendorError Decode(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonRead.Parse(body, ProviderErrorKind.MalformedReply, "The error", root => Read(status, root));
        }
        catch (DialectException)
        {
            return new VendorError(VendorError.KindOf(status), null, null, null);
        }
    }

    public static VendorError? In(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0) root = root[0];
        return root.Object("error"u8) is not null ? Read(200, root) : null;
    }

    private static VendorError Read(int status, JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0) root = root[0];
        var error = root.Object("error"u8) ?? default;
        var word = error.Text("status"u8);
        var message = error.Text("message"u8);
        var code = error.Int("code"u8) ?? status;
        return new VendorError(KindOf(code is >= 400 and < 600 ? code : status, word, message), word ?? error.Int("code"u8)?.ToString(CultureInfo.InvariantCulture), message, null) { RetryAfter = RetryInfo.Read(error) };
    }

    private static ProviderErrorKind KindOf(int status, string? word, string? message) => word switch
    {
        "INVALID_ARGUMENT" when ContextLength.IsSaid(message) => ProviderErrorKind.ContextLength,
        "INVALID_ARGUMENT" when Has(message, "API key not valid") => ProviderErrorKind.Authentication,
        "FAILED_PRECONDITION" when Has(message, "billing") => ProviderErrorKind.Billing, // The free tier is not for everyone.
        "INVALID_ARGUMENT" or "FAILED_PRECONDITION" or "OUT_OF_RANGE" => ProviderErrorKind.InvalidRequest,
        "UNAUTHENTICATED" or "PERMISSION_DENIED" => ProviderErrorKind.Authentication,
        "NOT_FOUND" => ProviderErrorKind.NotFound,
        "RESOURCE_EXHAUSTED" => ProviderErrorKind.RateLimited,
        "UNAVAILABLE" => ProviderErrorKind.Overloaded,
        "DEADLINE_EXCEEDED" => ProviderErrorKind.Timeout,
        "INTERNAL" or "ABORTED" or "UNKNOWN" or "DATA_LOSS" => ProviderErrorKind.ServerError,
        _ => status is >= 200 and < 300 ? ProviderErrorKind.ServerError : VendorError.KindOf(status),
    };

    private static bool Has(string? message, string words) => message?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;
}
