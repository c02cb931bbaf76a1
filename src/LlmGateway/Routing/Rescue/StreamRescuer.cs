using LlmGateway.Messages;
using LlmGateway.Routing.Targets;

namespace LlmGateway.Routing.Rescue;

/// <summary>How another target goes on with a stream that died: what it is asked, and what of its answer is handed out.</summary>
internal abstract class StreamRescuer(StreamRescue kind, LlmRequest request, ReplyBuilder handed)
{
    private readonly Queue<LlmDelta> _given = [];

    public StreamRescue Kind => kind;

    /// <summary>What the target is asked.</summary>
    public LlmRequest Request => request;

    /// <summary>All that has been handed out, with what is handed out now.</summary>
    public ReplyBuilder Handed => handed;

    /// <summary>The best way that the target has to go on with what was handed out; null for none.</summary>
    public static StreamRescuer? For(RouteRun run, Target target, ReplyBuilder handed)
    {
        // Its bytes are another answer's, not to be joined to those that were handed out.
        var request = run.Ask.For(target) with { Wire = null };
        var (provider, model) = (target.Provider.Name, target.Model);
        if (run.Ask.BeginsAnew(target))
        {
            // What is held back is joined to what went out before, as by a splice.
            return run.Ask.IsHeldBack(target) && !run.Rescue.HasFlag(StreamRescue.Splice) ? null : new RestartRescuer(request, provider, model);
        }

        if (run.Rescue.HasFlag(StreamRescue.Continue) && target.PrefillRefused != true && Continuation.Compose(request, handed.Build(), target.Capabilities) is { } begun)
            return new ContinueRescuer(begun, handed, provider, model);
        return run.Rescue.HasFlag(StreamRescue.Splice) ? new SpliceRescuer(request, handed, provider, model) : null;
    }

    /// <summary>Takes a delta of the target.</summary>
    /// <returns>Why its answer can't go on; null where it does.</returns>
    public ProviderException? Take(LlmDelta delta)
        => Add(delta, _given);

    /// <summary>What there is to hand out.</summary>
    public bool TryGive(out LlmDelta delta)
    {
        if (!_given.TryDequeue(out delta!)) return false;
        handed.Add(delta);
        return true;
    }

    /// <summary>The whole reply, from what was handed out and from what the last target said of it.</summary>
    public LlmReply ReplyOf(LlmReply last)
    {
        var whole = handed.Build();
        IReadOnlyList<string> losses = [.. whole.Losses, .. last.Losses.Where(loss => !whole.Losses.Contains(loss))];
        if (last.Parts.Any(part => part is ThinkingPart) && !whole.Parts.Any(part => part is ThinkingPart))
            losses = [.. losses, $"The thoughts of {last.Model ?? "the model that finished the answer"} were left out: they are not mixed with another's answer."];
        return last with { Parts = whole.Parts, Losses = losses, LogProbs = whole.LogProbs };
    }

    protected abstract ProviderException? Add(LlmDelta delta, Queue<LlmDelta> output);
}
