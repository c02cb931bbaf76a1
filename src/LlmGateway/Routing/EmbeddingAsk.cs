using LlmGateway.Routing.Targets;

namespace LlmGateway.Routing;

/// <summary>An ask for vectors.</summary>
internal sealed class EmbeddingAsk(LlmRequest request, LlmEmbeddingRequest embedding) : Ask(request)
{
    /// <summary>The vectors, once asked.</summary>
    public IReadOnlyList<ReadOnlyMemory<float>> Vectors { get; private set; } = [];

    public override async Task<LlmReply> AskAsync(Target target, LlmRequest request, CancellationToken cancellationToken)
    {
        var reply = await target.Provider.EmbedAsync(embedding, cancellationToken).ConfigureAwait(false);
        Vectors = reply.Vectors;
        return new LlmReply { Model = reply.Model, RequestId = reply.RequestId, Usage = reply.Usage, Losses = reply.Losses };
    }
}
