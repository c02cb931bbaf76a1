using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>
/// Reads an error: <c>{"message"}</c>; its name stands in the header <c>x-amzn-errortype</c>, and in some bodies as
/// <c>__type</c>. Source: https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html.
/// </summary>
internal static class BedrockErrorDecoder
{
    public static VendorError Decode(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var code = ShortName(root.Text("__type"u8) ?? root.Text("code"u8));
            var message = MessageOf(root);
            return new VendorError(KindOf(status, code, message), code, message, null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A proxy on the way answers in HTML or not at all; the status still says what happened.
            return new VendorError(KindOf(status, null, null), null, null, null);
        }
    }

    /// <summary>Reads an exception in a stream, by its type and its payload.</summary>
    public static VendorError OfStream(string type, JsonElement payload)
    {
        var message = MessageOf(payload) ?? payload.Text("originalMessage"u8);
        return new VendorError(KindOf(status: 200, type, message), type, message, null);
    }

    /// <summary>By the name where there is one, else by the status.</summary>
    public static ProviderErrorKind KindOf(int status, string? code, string? message)
    {
        switch (code?.ToUpperInvariant())
        {
            case "THROTTLINGEXCEPTION" or "TOOMANYREQUESTSEXCEPTION" or "THROTTLING":
                return ProviderErrorKind.RateLimited;
            case "SERVICEUNAVAILABLEEXCEPTION" or "SERVICEUNAVAILABLE" or "MODELNOTREADYEXCEPTION":
                return ProviderErrorKind.Overloaded;
            case "INTERNALSERVEREXCEPTION" or "INTERNALFAILURE" or "MODELSTREAMERROREXCEPTION" or "MODELERROREXCEPTION":
                return ProviderErrorKind.ServerError;
            case "MODELTIMEOUTEXCEPTION" or "REQUESTTIMEOUT":
                return ProviderErrorKind.Timeout;
            case "ACCESSDENIEDEXCEPTION" or "UNRECOGNIZEDCLIENTEXCEPTION" or "EXPIREDTOKENEXCEPTION" or "INVALIDSIGNATUREEXCEPTION" or "INCOMPLETESIGNATURE" or "MISSINGAUTHENTICATIONTOKENEXCEPTION":
                return ProviderErrorKind.Authentication;
            case "RESOURCENOTFOUNDEXCEPTION":
                return ProviderErrorKind.NotFound;
            case "SERVICEQUOTAEXCEEDEDEXCEPTION":
                return ProviderErrorKind.RateLimited;
            case "VALIDATIONEXCEPTION" when status is not 413:
                return OfInvalid(message);
            case null when status is 400:
                return OfInvalid(message);
            case null when status is 424:
                return ProviderErrorKind.ServerError; // ModelErrorException: the model failed, not the request.
            default:
                return VendorError.KindOf(status);
        }
    }

    private static ProviderErrorKind OfInvalid(string? message)
    {
        if (message is null) return ProviderErrorKind.InvalidRequest;
        if (Has("too long") || Has("context window") || ContextLength.IsSaid(message)) return ProviderErrorKind.ContextLength;
        if (Has("model identifier is invalid")) return ProviderErrorKind.NotFound;
        return ProviderErrorKind.InvalidRequest;

        bool Has(string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
    }

    private static string? MessageOf(JsonElement root) => root.Text("message"u8) ?? root.Text("Message"u8);

    /// <summary>Without the namespace before <c>#</c> and the address behind <c>:</c>.</summary>
    private static string? ShortName(string? code) => code?[(code.LastIndexOf('#') + 1)..].Split(':')[0];
}
