using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>
/// Writes an error with the status that AWS's clients know, and its name in the body as <c>__type</c>, where they look for
/// it when no header names it: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors.
/// </summary>
internal static class BedrockErrorEncoder
{
    public static int Encode(VendorError error, IBufferWriter<byte> body)
    {
        var (status, name) = Of(error.Kind);
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        json.WriteString("__type"u8, name);
        json.WriteString("message"u8, error.MessageFor("Input is too long for requested model"));
        json.WriteEndObject();
        return status;
    }

    /// <summary>The exception of a stream that stands for an error, named as ConverseStream names it.</summary>
    public static string StreamNameOf(ProviderErrorKind kind) => kind switch
    {
        ProviderErrorKind.RateLimited => "throttlingException",
        ProviderErrorKind.Overloaded => "serviceUnavailableException",
        ProviderErrorKind.ServerError or ProviderErrorKind.Unknown or ProviderErrorKind.Connection => "internalServerException",
        ProviderErrorKind.InvalidRequest or ProviderErrorKind.ContextLength or ProviderErrorKind.RequestTooLarge or ProviderErrorKind.NotFound
            or ProviderErrorKind.Authentication or ProviderErrorKind.Billing or ProviderErrorKind.ContentFilter or ProviderErrorKind.Refusal => "validationException",
        _ => "modelStreamErrorException",
    };

    private static (int Status, string Name) Of(ProviderErrorKind kind) => kind switch
    {
        ProviderErrorKind.InvalidRequest or ProviderErrorKind.ContextLength or ProviderErrorKind.ContentFilter or ProviderErrorKind.Refusal => (400, "ValidationException"),
        ProviderErrorKind.RequestTooLarge => (413, "ValidationException"),
        ProviderErrorKind.Authentication or ProviderErrorKind.Billing => (403, "AccessDeniedException"),
        ProviderErrorKind.NotFound => (404, "ResourceNotFoundException"),
        ProviderErrorKind.Timeout => (408, "ModelTimeoutException"),
        ProviderErrorKind.RateLimited => (429, "ThrottlingException"),
        ProviderErrorKind.Overloaded => (503, "ServiceUnavailableException"),
        ProviderErrorKind.Truncated or ProviderErrorKind.MalformedReply => (424, "ModelErrorException"),
        _ => (500, "InternalServerException"),
    };
}
