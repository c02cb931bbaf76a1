using LlmGateway.Providers;
using LlmGateway.Routing.Targets;

namespace LlmGateway.StructuredOutput;

/// <summary>
/// An ask of a caller that put its schema in its own protocol. A target that speaks the same protocol, and whose model keeps to
/// schemas itself, gets it as it came, and is believed, unless told otherwise; for any other the gateway keeps the promise.
/// </summary>
internal sealed class WireAsk(LlmRequest request, OutputContract contract, bool checkNative) : TypedAsk(request, contract)
{
    private readonly LlmRequest _own = request;
    private readonly OutputContract _contract = contract;

    /// <summary>Whether nobody is believed any more: something has gone out, and what comes now is the answer anew.</summary>
    public bool HoldsBackAll { get; set; }

    private bool MustCall => Request.ToolChoice?.Mode is LlmToolChoiceMode.Required or LlmToolChoiceMode.Named;

    /// <summary>Whether the target gets the request as it came.</summary>
    public static bool IsPassedOn(LlmRequest request, Target target, bool checkNative)
        => !checkNative && request.Wire is { } wire && target.Provider is ISpeaksDialect peer && peer.Dialect == wire.Dialect && !peer.Refuses("response_format") && (request.JsonMode || target.Capabilities.NativeSchema);

    public bool IsPassedOn(Target target) => IsPassedOn(_own, target, checkNative);

    public override bool IsHeldBack(Target target) => HoldsBackAll || !IsPassedOn(target);

    /// <summary>What went out of a believed target's answer is gone on with by another such as in any stream.</summary>
    public override bool BeginsAnew(Target target) => IsHeldBack(target);

    public override LlmRequest For(Target target)
    {
        if (IsPassedOn(target)) return _own.Model == target.Model ? _own : _own with { Model = target.Model };

        // The schema is for a text, and a tool is to be called. A model that writes a text all the same is shown it.
        var planned = MustCall && !IsCorrection && PlanOf(target).Mode == OutputMode.Prompt ? Unplanned(target) with { OutputSchema = null } : base.For(target);

        // Any object is a schema like another here: the gateway sees to it, and the vendor need not.
        return planned.JsonMode ? planned with { JsonMode = false } : planned;
    }

    /// <summary>The caller's own limit holds. Where it set none, the answer was cut at one of the gateway's or the vendor's.</summary>
    public override bool CanHave(int maxTokens, LlmReply cut)
        => _own.MaxTokens is null && (For(Target).MaxTokens ?? cut.Usage?.OutputTokens) < maxTokens;

    /// <summary>A reply that is no answer: a refusal, a cut one, calls of the caller's tools. The tool and the wrapper that were ours alone are not the caller's.</summary>
    public LlmReply Shown(LlmReply reply)
    {
        var plan = Plan;
        return reply with
        {
            Parts = [.. reply.Parts.Select(part => part is ToolCallPart call && plan.IsAnswer(part) ? new TextPart(Bare(call.ArgumentsJson)) : part is TextPart text && Bare(text.Text) is var bare && bare.Length < text.Text.Length ? text with { Text = bare } : part)],
            Wire = null,
        };
    }

    /// <summary>The reply with the valid answer in the place of what the model wrote.</summary>
    public static LlmReply WithAnswer(LlmReply reply, string json) => reply with
    {
        Parts = [.. reply.Parts.Where(static part => part is ThinkingPart), new TextPart(json)],
        FinishReason = FinishReason.Stop,
        VendorFinishReason = null,
        StopSequence = null,
        LogProbs = [],
        Wire = null,
    };

    protected override OutputPlan Choose(Target target)
        => MustCall ? OutputPlan.Choose(_contract, target.Capabilities with { ForcedTool = false }, Request with { ToolChoice = null }) : base.Choose(target);

    private string Bare(string text) => _contract.IsWrapped ? WrappedText.Inner(text) : text;
}
