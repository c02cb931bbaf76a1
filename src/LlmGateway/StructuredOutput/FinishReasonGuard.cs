namespace LlmGateway.StructuredOutput;

/// <summary>Turns a reply that is no answer into the error it is. Neither a retry nor a re-ask would help, and each would be paid for.</summary>
internal static class FinishReasonGuard
{
    /// <exception cref="ProviderException">The answer was refused or filtered, or, where that matters, cut.</exception>
    public static void Check(LlmReply reply, LlmRequest request, string provider, bool mustBeWhole)
    {
        if (Find(reply, request, provider, mustBeWhole) is { } error) throw error;
    }

    /// <summary>The error that the reply is; null where it is an answer.</summary>
    public static ProviderException? Find(LlmReply reply, LlmRequest request, string provider, bool mustBeWhole)
    {
        var (kind, what) = reply.FinishReason switch
        {
            FinishReason.Refusal => (ProviderErrorKind.Refusal, "the model refused to answer"),
            FinishReason.ContentFilter => (ProviderErrorKind.ContentFilter, "the vendor's filter withheld the answer"),
            FinishReason.Length when mustBeWhole => (ProviderErrorKind.Truncated, $"the answer was cut at its limit of {request.MaxTokens} tokens; raise LLM_MAX_TOKENS"),
            _ => default,
        };
        if (what is null) return null;
        var word = reply.VendorFinishReason is { } reason ? $" ({reason})" : "";
        return new ProviderException(provider, kind, $"{provider}/{reply.Model ?? request.Model}: {what}{word}.")
        {
            RequestId = reply.RequestId,
            VendorCode = reply.VendorFinishReason,
            PartialReply = reply,
        };
    }
}
