namespace LlmGateway.Messages;

/// <summary>A whole reply as deltas, for providers and targets that do not stream: folding them gives the reply again.</summary>
internal static class ReplyDeltas
{
    public static IEnumerable<LlmDelta> Of(LlmReply reply)
    {
        yield return new HeaderDelta
        {
            Id = reply.Id,
            Model = reply.Model,
            RequestId = reply.RequestId,
            ServiceTier = reply.ServiceTier,
            CreatedAt = reply.CreatedAt,
            ReportedCostUsd = reply.ReportedCostUsd,
            Billing = reply.Billing,
            Losses = reply.Losses,
            SkippedEvents = reply.SkippedEvents,
            Extensions = reply.Extensions,
        };
        for (var i = 0; i < reply.Parts.Count; i++)
        {
            foreach (var delta in OfPart(i, reply.Parts[i])) yield return delta;
        }

        if (reply.LogProbs.Count > 0) yield return new LogProbsDelta(reply.LogProbs);
        if (reply.Usage is { } usage) yield return new UsageDelta(usage);
        yield return new FinishDelta(reply.FinishReason, reply.VendorFinishReason) { StopSequence = reply.StopSequence };
    }

    /// <summary>One part as deltas.</summary>
    public static IEnumerable<LlmDelta> OfPart(int index, LlmPart part)
    {
        switch (part)
        {
            case TextPart text:
                yield return new TextDelta(index, text.Text);
                foreach (var citation in text.Citations) yield return new PartDetailDelta(index) { Citation = citation };
                break;
            case RefusalPart refusal:
                yield return new RefusalDelta(index, refusal.Text);
                break;
            case ThinkingPart thinking:
                yield return new ThinkingDelta(index, thinking.Text);
                break;
            case ToolCallPart call:
                yield return new ToolCallDelta(index, call.Id, call.Name, call.ArgumentsJson);
                break;
            default:
                yield return new PartDelta(index, part);
                yield break;
        }

        var encrypted = (part as ThinkingPart)?.EncryptedContent;
        if (part.Signature is not null || part.Origin is not null || part.Extensions is not null || encrypted is not null)
        {
            yield return new PartDetailDelta(index) { Signature = part.Signature, Origin = part.Origin, Extensions = part.Extensions, EncryptedContent = encrypted };
        }
    }
}
