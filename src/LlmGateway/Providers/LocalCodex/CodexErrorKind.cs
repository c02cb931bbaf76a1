using System.Globalization;
using System.Text.RegularExpressions;
using LlmGateway.Dialects;

namespace LlmGateway.Providers.LocalCodex;

/// <summary>
/// What an error of the CLI means. It tells it in words, with the API's status in some; the words are those of version
/// 0.169.0.
/// </summary>
internal static partial class CodexErrorKind
{
    /// <summary>First fit wins.</summary>
    private static readonly (string Words, ProviderErrorKind Kind)[] Telling =
    [
        ("quota exceeded", ProviderErrorKind.Billing),
        ("out of credits", ProviderErrorKind.Billing),
        ("room in the model's context window", ProviderErrorKind.ContextLength),
        ("hit your usage limit", ProviderErrorKind.RateLimited),
        ("rate limit", ProviderErrorKind.RateLimited),
        ("at capacity", ProviderErrorKind.Overloaded),
        ("experiencing high demand", ProviderErrorKind.ServerError),
        ("not logged in", ProviderErrorKind.Authentication),
        ("no Codex credentials", ProviderErrorKind.Authentication),
        ("access token could not be refreshed", ProviderErrorKind.Authentication),
        ("log out and sign in again", ProviderErrorKind.Authentication),
        ("does not exist", ProviderErrorKind.NotFound),
        ("stream closed before response.completed", ProviderErrorKind.Truncated),
        ("stream disconnected before completion", ProviderErrorKind.Truncated),
        ("connection failed", ProviderErrorKind.Connection),
        ("error sending request", ProviderErrorKind.Connection),
        ("timed out", ProviderErrorKind.Timeout),
        ("timeout", ProviderErrorKind.Timeout),
        ("unexpected argument", ProviderErrorKind.InvalidRequest),
        ("unknown variant", ProviderErrorKind.InvalidRequest),
        ("invalid prompt", ProviderErrorKind.InvalidRequest),
    ];

    public static ProviderErrorKind Of(int? status, string message)
    {
        status ??= StatusIn(message);

        // A status of its own meaning wins over words, which a gateway on the way may have written; 400 says little.
        if (status is not (null or 400)) return VendorError.KindOf(status.Value);
        foreach (var (words, kind) in Telling)
        {
            if (message.Contains(words, StringComparison.OrdinalIgnoreCase)) return kind;
        }

        return status is 400 ? ProviderErrorKind.InvalidRequest : ProviderErrorKind.Unknown;
    }

    /// <summary>The status in the words: "unexpected status 401 Unauthorized: …", "exceeded retry limit, last status: 429 …".</summary>
    public static int? StatusIn(string message)
    {
        var match = StatusWords().Match(message);
        return match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex(@"(?:unexpected|last) status:? ([45][0-9]{2})\b")]
    private static partial Regex StatusWords();
}
