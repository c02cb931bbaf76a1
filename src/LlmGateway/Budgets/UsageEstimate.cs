namespace LlmGateway.Budgets;

/// <summary>Token counts for providers that report none, marked as estimates.</summary>
internal static class UsageEstimate
{
    /// <summary>OpenAI's rule of thumb for English: https://help.openai.com/en/articles/4936856.</summary>
    private const int CharactersPerToken = 4;

    public static TokenUsage Of(LlmRequest request, LlmReply reply) => new()
    {
        InputTokens = TokensOf(request.Messages.Sum(m => LengthOf(m.Parts)) + (request.OutputSchema?.Schema.GetRawText().Length ?? 0)),
        OutputTokens = TokensOf(LengthOf(reply.Parts)),
        IsEstimated = true,
    };

    /// <summary>
    /// What the beginning of a stream used. Vendors count as they go or at the end: Anthropic's first event counts the input
    /// and a token or so of the output. What was received is never counted as less than it must be.
    /// </summary>
    /// <returns>The vendor's own count where it covers what was received, else that made up to the estimate, and marked as one. Of what was cut it is always an estimate: the vendor may have counted on.</returns>
    public static TokenUsage AtLeast(TokenUsage? counted, LlmRequest request, LlmReply received, bool isCut)
    {
        var estimate = Of(request, received);
        if (counted is null) return estimate;
        var input = counted.InputTokens > 0 ? counted.InputTokens : estimate.InputTokens;
        var output = Math.Max(counted.OutputTokens, estimate.OutputTokens);
        return !isCut && input == counted.InputTokens && output == counted.OutputTokens ? counted : counted with { InputTokens = input, OutputTokens = output, IsEstimated = true };
    }

    public static long TokensOf(long characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;

    /// <summary>Images, documents and sound by their bytes would be far too dear: vendors count them by size or length, which is not known here.</summary>
    private static long LengthOf(IReadOnlyList<LlmPart> parts) => parts.Sum(part => part switch
    {
        TextPart text => text.Text.Length,
        ThinkingPart thinking => thinking.Text.Length,
        ToolCallPart call => call.Name.Length + call.ArgumentsJson.Length,
        RefusalPart refusal => refusal.Text.Length,
        ToolResultPart result => LengthOf(result.Parts),
        DocumentPart { Source.Text: { } text } => text.Length,
        RawPart raw => raw.Json.Length,
        _ => 0L,
    });
}
