namespace LlmGateway.Dialects;

/// <summary>What a vendor's error says.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Code">The vendor's own code; null where it gave none.</param>
/// <param name="Message">The vendor's own words; null where it gave none.</param>
/// <param name="RequestId">The vendor's id of the request, where the body holds it.</param>
internal sealed record VendorError(ProviderErrorKind Kind, string? Code, string? Message, string? RequestId)
{
    /// <summary>How long to wait before another attempt, where the body says it and not a header; null where it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The message for a client of a protocol that tells a too long prompt by its words alone.</summary>
    /// <param name="words">The words that the protocol's own vendor says it with.</param>
    /// <returns>The message, with the words before it where they belong there and it does not say them.</returns>
    public string MessageFor(string words)
    {
        var message = Message ?? "The model could not be asked.";
        return Kind != ProviderErrorKind.ContextLength || message.Contains(words, StringComparison.OrdinalIgnoreCase) ? message : $"{words}: {message}";
    }

    /// <summary>What a status means by itself. 529 is Anthropic's "overloaded".</summary>
    public static ProviderErrorKind KindOf(int status) => status switch
    {
        401 or 403 => ProviderErrorKind.Authentication,
        402 => ProviderErrorKind.Billing,
        404 => ProviderErrorKind.NotFound,
        408 => ProviderErrorKind.Timeout,
        409 => ProviderErrorKind.ServerError,
        413 => ProviderErrorKind.RequestTooLarge,
        429 => ProviderErrorKind.RateLimited,
        503 or 529 => ProviderErrorKind.Overloaded,
        504 => ProviderErrorKind.Timeout,
        >= 500 => ProviderErrorKind.ServerError,
        >= 400 => ProviderErrorKind.InvalidRequest,
        _ => ProviderErrorKind.MalformedReply,
    };
}
