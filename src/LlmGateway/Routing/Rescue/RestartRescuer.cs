using LlmGateway.Messages;

namespace LlmGateway.Routing.Rescue;

/// <summary>The target begins an answer anew that is read as a whole: a value in JSON.</summary>
internal sealed class RestartRescuer(LlmRequest request, string provider, string model) : StreamRescuer(StreamRescue.Splice, request, new ReplyBuilder())
{
    private bool _hasBegun;

    protected override ProviderException? Add(LlmDelta delta, Queue<LlmDelta> output)
    {
        if (!_hasBegun) output.Enqueue(new RestartedDelta(0, provider, model));
        _hasBegun = true;
        output.Enqueue(delta);
        return null;
    }
}
