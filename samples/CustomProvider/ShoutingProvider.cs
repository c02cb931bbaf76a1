namespace LlmGateway.Samples;

/// <summary>A whole provider: it answers. Schema, validation, retries, cost and telemetry are the client's.</summary>
internal sealed class ShoutingProvider : ILlmProvider
{
    public string Name => "shouting";

    public string DefaultModel => "shouting-1";

    public Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
        => Task.FromResult(new LlmReply(request.Messages[^1].Content.ToUpperInvariant() + "!"));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
