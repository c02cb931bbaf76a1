using LlmGateway.Providers;
using LlmGateway.Routing.Targets;

namespace LlmGateway.Routing;

/// <summary>What is asked, before it is known of whom, and how it is put to each target.</summary>
internal class Ask(LlmRequest request)
{
    /// <summary>What is asked, with the model's name as the caller gave it: a model's, or a route's.</summary>
    public LlmRequest Request { get; protected set; } = request;

    /// <summary>Whether the target begins the answer anew where another broke off: one JSON value can't be gone on with from a piece of it.</summary>
    public virtual bool BeginsAnew(Target target) => false;

    /// <summary>Whether nothing of the target's answer goes out before it is whole: while it comes it may be asked for again, of anybody.</summary>
    public virtual bool IsHeldBack(Target target) => false;

    /// <summary>The request for a target.</summary>
    public virtual LlmRequest For(Target target)
    {
        if (Request.MaxTokens is null && target.Provider is IRequiresMaxTokens provider && provider.MaxTokensOf(target.Model) is { } most)
            return Request with { Model = target.Model, MaxTokens = most, MaxTokensIsDefault = true };
        return Request.Model == target.Model ? Request : Request with { Model = target.Model };
    }

    /// <summary>A target has begun to answer: what comes now is its.</summary>
    public virtual void AnsweredBy(Target target)
    {
    }

    /// <summary>Makes one attempt at the whole answer.</summary>
    public virtual Task<LlmReply> AskAsync(Target target, LlmRequest request, CancellationToken cancellationToken) => target.Provider.CompleteAsync(request, cancellationToken);
}
