namespace LlmGateway.Tests.Fakes;

internal static class Replies
{
    public static TokenUsage Tokens(long input, long output) => new() { InputTokens = input, OutputTokens = output };

    public static LlmReply Costing(string text, decimal usd) => new(text, Tokens(10, 5)) { ReportedCostUsd = usd };

    public static LlmReply Tool(string arguments, string id = "call_1", string name = "answer") => new()
    {
        Parts = [new ToolCallPart(id, name, arguments)],
        FinishReason = FinishReason.ToolCalls,
        Usage = Tokens(10, 5),
    };

    public static ProviderException Error(ProviderErrorKind kind, TimeSpan? retryAfter = null, LlmReply? partial = null)
        => new("fake", kind, "it broke") { RetryAfter = retryAfter, PartialReply = partial };
}
