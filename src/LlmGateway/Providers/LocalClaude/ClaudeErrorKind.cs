using System.Globalization;
using System.Text.RegularExpressions;
using LlmGateway.Dialects;

namespace LlmGateway.Providers.LocalClaude;

/// <summary>
/// What an error of the CLI means. It passes on the API's status in most cases, a code of its own in some, and words in
/// all; the words are those of version 2.1.197 and, where marked in the tests, of older ones.
/// </summary>
internal static partial class ClaudeErrorKind
{
    /// <summary>Words that say more than the status or the code beside them: first fit wins.</summary>
    private static readonly (string Words, ProviderErrorKind Kind)[] Telling =
    [
        ("credit balance", ProviderErrorKind.Billing),
        ("monthly spend limit", ProviderErrorKind.Billing),
        ("prompt is too long", ProviderErrorKind.ContextLength),
        ("context limit", ProviderErrorKind.ContextLength),
        ("exceeds 10MB", ProviderErrorKind.RequestTooLarge),
        ("request too large", ProviderErrorKind.RequestTooLarge),
        ("/login", ProviderErrorKind.Authentication),
        ("not logged in", ProviderErrorKind.Authentication),
        ("invalid api key", ProviderErrorKind.Authentication),
        ("failed to authenticate", ProviderErrorKind.Authentication),
        ("issue with the selected model", ProviderErrorKind.NotFound),
        ("usage limit reached", ProviderErrorKind.RateLimited),
        ("limit reached", ProviderErrorKind.RateLimited),
        ("you've hit your", ProviderErrorKind.RateLimited),
        ("overloaded", ProviderErrorKind.Overloaded),
        ("unable to connect", ProviderErrorKind.Connection),
        ("connection to the api was lost", ProviderErrorKind.Connection),
        ("connection error", ProviderErrorKind.Connection),
        ("ECONNRE", ProviderErrorKind.Connection),
        ("timed out", ProviderErrorKind.Timeout),
        ("malformed response", ProviderErrorKind.MalformedReply),
        ("unknown option", ProviderErrorKind.InvalidRequest),
    ];

    public static ProviderErrorKind Of(int? status, string? code, string? terminalReason, string message)
    {
        status ??= StatusIn(message);
        if (terminalReason is "prompt_too_long" or "blocking_limit") return ProviderErrorKind.ContextLength;

        // A status of its own meaning wins over words, which a gateway on the way may have written; 400 says little.
        if (status is not (null or 400)) return VendorError.KindOf(status.Value);
        foreach (var (words, kind) in Telling)
        {
            if (message.Contains(words, StringComparison.OrdinalIgnoreCase)) return kind;
        }

        return code switch
        {
            "authentication_failed" or "oauth_org_not_allowed" => ProviderErrorKind.Authentication,
            "billing_error" => ProviderErrorKind.Billing,
            "rate_limit" => ProviderErrorKind.RateLimited,
            "overloaded" => ProviderErrorKind.Overloaded,
            "server_error" => ProviderErrorKind.ServerError,
            "model_not_found" => ProviderErrorKind.NotFound,
            "invalid_request" => ProviderErrorKind.InvalidRequest,
            _ => status is 400 ? ProviderErrorKind.InvalidRequest : ProviderErrorKind.Unknown,
        };
    }

    /// <summary>The status in the words, where it does not stand beside them: "API Error: 529 …", "Request rejected (429)".</summary>
    public static int? StatusIn(string message)
    {
        var match = StatusWords().Match(message);
        return match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex(@"API Error:(?: Request rejected)? \(?([45][0-9]{2})\b")]
    private static partial Regex StatusWords();
}
