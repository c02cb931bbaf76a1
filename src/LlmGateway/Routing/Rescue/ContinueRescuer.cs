using LlmGateway.Messages;

namespace LlmGateway.Routing.Rescue;

/// <summary>The target goes on from the partial answer.</summary>
internal sealed class ContinueRescuer(LlmRequest request, ReplyBuilder handed, string provider, string model) : StreamRescuer(StreamRescue.Continue, request, handed)
{
    private readonly ContinuationFilter _filter = new(handed, provider, model);

    protected override ProviderException? Add(LlmDelta delta, Queue<LlmDelta> output)
    {
        _filter.Add(delta, output);
        return null;
    }
}
