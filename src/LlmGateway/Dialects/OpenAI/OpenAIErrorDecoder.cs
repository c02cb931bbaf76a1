using System.Text.Json;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>
/// Reads an error: <c>{"error":{"message","type","param","code"}}</c> (https://platform.openai.com/docs/guides/error-codes),
/// and what compatible servers say instead: <c>{"error":"…"}</c>, <c>{"message":…}</c>, <c>{"detail":…}</c>, a list of one.
/// </summary>
internal static class OpenAIErrorDecoder
{
    public static VendorError Decode(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonRead.Parse(body, ProviderErrorKind.MalformedReply, "The error", root => Read(status, root));
        }
        catch (DialectException)
        {
            // A proxy on the way answers in HTML or not at all; the status still says what happened.
            return new VendorError(VendorError.KindOf(status), null, null, null);
        }
    }

    /// <summary>The error in a body or event that came with a good status; null where there is none.</summary>
    public static VendorError? In(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return null;
        if (root.TryGetProperty("error"u8, out var error) && error.ValueKind is JsonValueKind.Object or JsonValueKind.String) return Read(200, root);
        return root.Text("object"u8) == "error" ? Read(200, root) : null; // vLLM's older form.
    }

    /// <summary>The error that a whole event is.</summary>
    public static VendorError Of(JsonElement root) => Read(200, root);

    private static VendorError Read(int status, JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0) root = root[0]; // Gemini's compatible endpoint.
        if (root.Text("error"u8) is { } words) return Of(status, null, null, words);
        var error = root.Object("error"u8) ?? root;
        var message = error.Text("message"u8) ?? error.Text("detail"u8) ?? error.Object("message"u8)?.Text("detail"u8) ?? error.Items("detail"u8).FirstOrDefault().Text("msg"u8);
        var code = error.Text("code"u8) ?? error.Whole("code"u8)?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Of(status, code, error.Text("type"u8) ?? error.Text("status"u8), message) with { RetryAfter = RetryInfo.Read(error) };
    }

    private static VendorError Of(int status, string? code, string? type, string? message)
        => new(KindOf(status, code, type, message), code ?? type, message, null);

    private static ProviderErrorKind KindOf(int status, string? code, string? type, string? message)
    {
        // Quota comes as 429 too, and no wait helps: https://platform.openai.com/docs/guides/error-codes#api-errors.
        if (code is "insufficient_quota" or "billing_hard_limit_reached" || type is "insufficient_quota") return ProviderErrorKind.Billing;
        if (ContextLength.IsCode(code) || ContextLength.IsCode(type) || ContextLength.IsSaid(message)) return ProviderErrorKind.ContextLength;
        if (code is "content_filter" or "content_policy_violation" or "image_content_policy_violation" or "ResponsibleAIPolicyViolation" || type is "content_filter") return ProviderErrorKind.ContentFilter;
        if (code is "rate_limit_exceeded" || type is "rate_limit_error" or "rate_limit_exceeded" or "tokens" or "requests") return ProviderErrorKind.RateLimited;
        if (code is "invalid_api_key" || type is "authentication_error" or "permission_error") return ProviderErrorKind.Authentication;
        if (code is "model_not_found" || type is "not_found_error" or "NotFoundError") return ProviderErrorKind.NotFound;
        if (type is "overloaded_error" or "service_unavailable" || code is "overloaded" or "server_is_overloaded") return ProviderErrorKind.Overloaded;

        // Of a response that failed: https://platform.openai.com/docs/api-reference/responses/object#responses-object-error.
        if (code is "invalid_prompt" or "invalid_image" or "invalid_image_format" or "invalid_base64_image" or "invalid_image_url" or "image_too_large" or "image_too_small" or "image_parse_error" or "invalid_image_mode" or "image_file_too_large" or "unsupported_image_media_type" or "empty_image_file" or "failed_to_download_image" or "image_file_not_found") return ProviderErrorKind.InvalidRequest;

        // In a stream, and from gateways, the code is a status.
        if (status is >= 200 and < 300 && int.TryParse(code, out var number) && number is >= 400 and < 600) return VendorError.KindOf(number);
        if (type is "server_error" or "internal_server_error" or "InternalServerError" || code is "server_error") return status >= 500 ? VendorError.KindOf(status) : ProviderErrorKind.ServerError; // 503 is overload: https://platform.openai.com/docs/guides/error-codes#api-errors.
        if (status is >= 200 and < 300) return type is "invalid_request_error" or "BadRequestError" ? ProviderErrorKind.InvalidRequest : ProviderErrorKind.ServerError;
        return VendorError.KindOf(status);
    }
}
