using LlmGateway.Dialects;

namespace LlmGateway.Providers.LocalGemini;

/// <summary>
/// What an error of the CLI means. Its code is the API's status, or one of its own; the words are those of version 0.61.0.
/// Codes: https://github.com/google-gemini/gemini-cli/blob/main/docs/cli/headless.md.
/// </summary>
internal static class GeminiErrorKind
{
    private const int NotLoggedIn = 41;
    private const int BadInput = 42;
    private const int TurnLimit = 53;

    /// <summary>First fit wins.</summary>
    private static readonly (string Words, ProviderErrorKind Kind)[] Telling =
    [
        ("api key not valid", ProviderErrorKind.Authentication),
        ("api key expired", ProviderErrorKind.Authentication),
        ("manual authorization is required", ProviderErrorKind.Authentication),
        ("auth method", ProviderErrorKind.Authentication),
        ("GEMINI_API_KEY", ProviderErrorKind.Authentication),
        ("is not found for API version", ProviderErrorKind.NotFound),
        ("model not found", ProviderErrorKind.NotFound),
        ("requested entity was not found", ProviderErrorKind.NotFound),
        ("exceeds the maximum number of tokens", ProviderErrorKind.ContextLength),
        ("exhausted your daily quota", ProviderErrorKind.RateLimited),
        ("exhausted your capacity", ProviderErrorKind.RateLimited),
        ("exceeded your current quota", ProviderErrorKind.RateLimited),
        ("overloaded", ProviderErrorKind.Overloaded),
        ("fetch failed", ProviderErrorKind.Connection),
        ("ECONNRE", ProviderErrorKind.Connection),
        ("ENOTFOUND", ProviderErrorKind.Connection),
        ("timed out", ProviderErrorKind.Timeout),
        ("terminated", ProviderErrorKind.Truncated), // What its HTTP client calls a body that broke off.
        ("unknown argument", ProviderErrorKind.InvalidRequest),
    ];

    public static ProviderErrorKind Of(int? code, string message)
    {
        // A status of its own meaning wins over words; 400 says little.
        if (StatusOf(code) is { } status && status != 400) return VendorError.KindOf(status);
        foreach (var (words, kind) in Telling)
        {
            if (message.Contains(words, StringComparison.OrdinalIgnoreCase)) return kind;
        }

        return code switch
        {
            400 or BadInput => ProviderErrorKind.InvalidRequest,
            NotLoggedIn => ProviderErrorKind.Authentication,
            TurnLimit => ProviderErrorKind.MalformedReply,
            _ => ProviderErrorKind.Unknown,
        };
    }

    /// <summary>The API's status in the CLI's code; null where the code is the CLI's own.</summary>
    public static int? StatusOf(int? code) => code is >= 400 and < 600 ? code : null;
}
