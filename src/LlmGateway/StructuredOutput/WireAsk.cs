using LlmGateway.Providers;
using LlmGateway.Routing.Targets;

namespace LlmGateway.StructuredOutput;

/// <summary>
/// An ask of a caller that put its schema in its own protocol. A target that speaks the same protocol, and whose model keeps to
/// schemas itself, gets it as it came, and is believed, unless told otherwise; for any other the gateway keeps the promise.
/// </summary>
internal sealed class WireAsk(LlmRequest request, OutputContract contract, bool checkNative) : TypedAsk(request, contract)
{
    /// <summary>Whether the target gets the request as it came.</summary>
    public static bool IsPassedOn(LlmRequest request, Target target, bool checkNative)
        => !checkNative && request.Wire is { } wire && target.Provider is ISpeaksDialect peer && peer.Dialect == wire.Dialect && !peer.Refuses("response_format") && (request.JsonMode || target.Capabilities.NativeSchema);

    public bool IsPassedOn(Target target) => IsPassedOn(Request, target, checkNative);

    public override LlmRequest For(Target target)
    {
        if (!IsPassedOn(target))
        {
            // Any object is a schema like another here: the gateway sees to it, and the vendor need not.
            var planned = base.For(target);
            return planned.JsonMode ? planned with { JsonMode = false } : planned;
        }

        return Request.Model == target.Model ? Request : Request with { Model = target.Model };
    }

    /// <summary>A reply that is no answer: a refusal, a cut one, calls of the caller's tools. The tool that was ours alone is not the caller's.</summary>
    public static LlmReply Shown(LlmReply reply) => reply with
    {
        Parts = [.. reply.Parts.Select(static part => part is ToolCallPart { Name: OutputPlan.ToolName } call ? new TextPart(call.ArgumentsJson) : part)],
        Wire = null,
    };

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
}
