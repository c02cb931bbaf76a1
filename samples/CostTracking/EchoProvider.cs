namespace LlmGateway.Samples;

/// <summary>Answers with the question, and says how many tokens that took.</summary>
internal sealed class EchoProvider : ILlmProvider
{
    public string Name => "echo";

    public string DefaultModel => "echo-1";

    public Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        var question = request.Messages[^1].Content;
        return Task.FromResult(new LlmReply(question, new TokenUsage { InputTokens = 4, OutputTokens = question.Length / 16 }));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
