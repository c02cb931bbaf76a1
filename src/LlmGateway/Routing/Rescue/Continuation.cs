using LlmGateway.Budgets;

namespace LlmGateway.Routing.Rescue;

/// <summary>A request that asks another model to go on with an answer that broke off.</summary>
internal static class Continuation
{
    /// <summary>
    /// The request with the text so far as its last message, the assistant's. The most tokens are less by what the text is
    /// estimated to have used, so that the caller's limit holds for the whole answer; at least 1 is left.
    /// </summary>
    /// <returns>
    /// Null where the answer cannot be gone on with: the model is not known to take a beginning, there is no text yet,
    /// something other than text and thoughts has begun, or the request asks for what a vendor does not give together with a
    /// beginning (thinking, JSON, a forced tool) or what would be of half the answer only (log-probabilities).
    /// </returns>
    public static LlmRequest? Compose(LlmRequest request, LlmReply partial, ModelCapabilities capabilities)
    {
        if (capabilities.Prefill != true || !TakesBeginning(request) || !partial.Parts.All(part => part is TextPart or ThinkingPart)) return null;

        var text = SentPart(partial.Text);
        if (text.Length == 0) return null;

        // A beginning that the caller wrote himself goes on in what the model wrote.
        var messages = request.Messages;
        if (messages is [.., { Role: LlmRole.Assistant } begun])
        {
            if (!begun.Parts.All(part => part is TextPart)) return null;
            text = begun.Content + text;
            messages = [.. messages.Take(messages.Count - 1)];
        }

        return request with
        {
            Messages = [.. messages, LlmMessage.Assistant(text)],
            MaxTokens = request.MaxTokens is { } most ? (int)Math.Max(1, most - UsageEstimate.TokensOf(partial.Text.Length)) : null,
        };
    }

    /// <summary>
    /// What of a text is sent: Anthropic refuses a beginning that ends in white space, and half a character cannot be
    /// written. <see cref="ContinuationFilter"/> sees to it that the rest does not come twice.
    /// </summary>
    public static string SentPart(string text)
    {
        var length = text.Length;
        while (length > 0 && (IsSpace(text[length - 1]) || char.IsHighSurrogate(text[length - 1]))) length--;
        return text[..length];
    }

    private static bool TakesBeginning(LlmRequest request)
        => request is { OutputSchema: null, JsonMode: false, LogProbs: not true, ToolChoice: not { Mode: LlmToolChoiceMode.Required or LlmToolChoiceMode.Named } }
            && request.Reasoning is null or { Enabled: false } or { Enabled: null, Effort: null or "none", BudgetTokens: null or 0 };

    /// <summary>White space as Python has it, in which the vendors' servers are written, and as .NET has it.</summary>
    private static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f';
}
