namespace LlmGateway.Routing.Targets;

/// <summary>What the end of an attempt says of the target's health.</summary>
internal enum AttemptVerdict
{
    /// <summary>It works: it answered, if only to say what is wrong with the request.</summary>
    Works,

    /// <summary>Alive, but with no room: neither counted for it nor against it.</summary>
    Busy,

    /// <summary>Says nothing: cancelled, or not classified.</summary>
    Unclear,

    /// <summary>It failed.</summary>
    Failed,
}

/// <summary>How errors are judged.</summary>
internal static class AttemptVerdicts
{
    public static AttemptVerdict Of(ProviderException? error) => error?.Kind switch
    {
        null => AttemptVerdict.Works,
        // An answer cut at its limit of tokens is whole in the protocol's eyes; it is cut by the request, not by the vendor.
        ProviderErrorKind.Truncated when error.PartialReply?.FinishReason == FinishReason.Length => AttemptVerdict.Works,
        ProviderErrorKind.Connection or ProviderErrorKind.Timeout or ProviderErrorKind.ServerError or ProviderErrorKind.Overloaded
            or ProviderErrorKind.MalformedReply or ProviderErrorKind.Truncated => AttemptVerdict.Failed,
        ProviderErrorKind.RateLimited => AttemptVerdict.Busy,
        ProviderErrorKind.Unknown or ProviderErrorKind.CliNotFound => AttemptVerdict.Unclear,
        _ => AttemptVerdict.Works,
    };
}
