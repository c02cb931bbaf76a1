namespace LlmGateway.Routing.Targets;

/// <summary>What a limit is on.</summary>
internal enum LimitKind
{
    Requests,
    Tokens,
    InputTokens,
    OutputTokens,
}

/// <summary>The three headers of one limit.</summary>
internal sealed record LimitNames(string Limit, string Remaining, string Reset);

/// <summary>
/// The headers that vendors state their limits in: https://platform.openai.com/docs/guides/rate-limits, which others have
/// taken over, and https://platform.claude.com/docs/en/api/rate-limits#response-headers.
/// </summary>
internal static class VendorLimitHeaders
{
    public static readonly (LimitKind Kind, LimitNames Names)[] All =
    [
        (LimitKind.Requests, OpenAI("requests")),
        (LimitKind.Tokens, OpenAI("tokens")),
        (LimitKind.Requests, Anthropic("requests")),
        (LimitKind.Tokens, Anthropic("tokens")),
        (LimitKind.InputTokens, Anthropic("input-tokens")),
        (LimitKind.OutputTokens, Anthropic("output-tokens")),
    ];

    private static LimitNames OpenAI(string what) => new($"x-ratelimit-limit-{what}", $"x-ratelimit-remaining-{what}", $"x-ratelimit-reset-{what}");

    private static LimitNames Anthropic(string what) => new($"anthropic-ratelimit-{what}-limit", $"anthropic-ratelimit-{what}-remaining", $"anthropic-ratelimit-{what}-reset");
}
