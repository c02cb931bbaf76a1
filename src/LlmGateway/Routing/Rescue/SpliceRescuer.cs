using LlmGateway.Messages;

namespace LlmGateway.Routing.Rescue;

/// <summary>The target answers afresh, and what repeats the part handed out is withheld.</summary>
internal sealed class SpliceRescuer(LlmRequest request, ReplyBuilder handed, string provider, string model) : StreamRescuer(StreamRescue.Splice, request, handed)
{
    private readonly Splice _splice = new(handed, provider, model);
    private readonly ReplyBuilder _fresh = new();

    protected override ProviderException? Add(LlmDelta delta, Queue<LlmDelta> output)
    {
        if (!_splice.HasJoined) _fresh.Add(delta);
        if (_splice.Add(delta, output)) return null;
        return new ProviderException(
            provider, ProviderErrorKind.Truncated,
            $"The stream broke, and {provider}/{model}, which was to go on with it, gives another answer. PartialReply holds what was handed out, DivergentReply what the other said. To be spared this, set LLM_STREAM_RESCUE=buffer, or a fallback whose model takes a prefill.")
        {
            PartialReply = Handed.Build(),
            DivergentReply = _fresh.Build(),
        };
    }
}
