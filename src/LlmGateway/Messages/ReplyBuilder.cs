using System.Text;

namespace LlmGateway.Messages;

/// <summary>
/// Folds the deltas of a stream into the reply that would have come in one piece. At any time <see cref="Build"/> gives
/// what was received so far.
/// </summary>
internal sealed class ReplyBuilder
{
    private readonly SortedList<int, Slot> _slots = [];
    private readonly List<string> _losses = [];
    private readonly List<TokenLogProb> _logProbs = [];
    private LlmReply _reply = new() { FinishReason = FinishReason.Other };

    /// <summary>Whether the model said why it stopped.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Whether the tokens used are known.</summary>
    public bool HasUsage => _reply.Usage is not null;

    /// <summary>Whether anything of the answer itself has come.</summary>
    public bool HasParts => _slots.Count > 0;

    public void Add(LlmDelta delta)
    {
        switch (delta)
        {
            case TextDelta text:
                SlotOf(text.Index, SlotKind.Text).Text.Append(text.Text);
                break;
            case RefusalDelta refusal:
                SlotOf(refusal.Index, SlotKind.Refusal).Text.Append(refusal.Text);
                break;
            case ThinkingDelta thinking:
                SlotOf(thinking.Index, SlotKind.Thinking).Text.Append(thinking.Text);
                break;
            case ToolCallDelta call:
                var slot = SlotOf(call.Index, SlotKind.ToolCall);
                slot.Id ??= call.Id;
                slot.Name ??= call.Name;
                slot.Text.Append(call.ArgumentsJson);
                break;
            case PartDelta part:
                SlotOf(part.Index, SlotKind.Whole).Whole = part.Part;
                break;
            case PartDetailDelta detail:
                AddDetail(detail);
                break;
            case LogProbsDelta logProbs:
                _logProbs.AddRange(logProbs.LogProbs);
                break;
            case UsageDelta usage:
                _reply = _reply with { Usage = usage.Usage };
                break;
            case FinishDelta finish:
                IsFinished = true;
                _reply = _reply with { FinishReason = finish.Reason, VendorFinishReason = finish.VendorReason, StopSequence = finish.StopSequence };
                break;
            case HeaderDelta header:
                AddHeader(header);
                break;
            case ContinuedDelta continued:
                Rescue(int.MaxValue, $"{continued.Provider}/{continued.Model} went on with the answer");
                _reply = _reply with { Model = continued.Model };
                break;
            case RestartedDelta restarted:
                Rescue(restarted.FromIndex, $"{restarted.Provider}/{restarted.Model} answered from there");
                _reply = _reply with { Model = restarted.Model };
                break;
        }
    }

    /// <summary>The reply so far; a later delta does not change it.</summary>
    public LlmReply Build() => _reply with
    {
        Parts = [.. _slots.Values.Select(slot => slot.ToPart())],
        Losses = [.. _losses],
        LogProbs = [.. _logProbs],
    };

    /// <summary>The parts so far with their indices, in order; thoughts that were taken back leave a gap.</summary>
    public IEnumerable<(int Index, LlmPart Part)> Indexed => _slots.Select(slot => (slot.Key, slot.Value.ToPart()));

    /// <summary>The part of an index as far as it has come; null where it has not begun.</summary>
    public LlmPart? Part(int index) => _slots.TryGetValue(index, out var slot) ? slot.ToPart() : null;

    private void AddHeader(HeaderDelta header)
    {
        _reply = _reply with
        {
            Id = header.Id ?? _reply.Id,
            Model = string.IsNullOrEmpty(header.Model) ? _reply.Model : header.Model,
            RequestId = header.RequestId ?? _reply.RequestId,
            ServiceTier = header.ServiceTier ?? _reply.ServiceTier,
            CreatedAt = header.CreatedAt ?? _reply.CreatedAt,
            ReportedCostUsd = header.ReportedCostUsd ?? _reply.ReportedCostUsd,
            SkippedEvents = header.SkippedEvents > 0 ? header.SkippedEvents : _reply.SkippedEvents,
            Billing = _reply.Billing.Then(header.Billing),
            Extensions = Merge(_reply.Extensions, header.Extensions),
        };
        AddNew(_losses, header.Losses);
    }

    /// <summary>
    /// Another target answers on: what is said of the reply is said of its own, and thoughts are never mixed between vendors.
    /// A signature over a text that another goes on with is over something else.
    /// </summary>
    private void Rescue(int fromIndex, string what)
    {
        var thoughts = false;
        foreach (var (index, slot) in _slots.ToArray())
        {
            thoughts |= slot.IsThinking;
            if (index >= fromIndex || slot.IsThinking) _slots.Remove(index);
            else slot.DropTextSignature();
        }

        IsFinished = false;
        _logProbs.Clear();
        _reply = new LlmReply { FinishReason = FinishReason.Other, SkippedEvents = _reply.SkippedEvents };
        AddNew(_losses, [$"The stream broke in the middle, and {what}{(thoughts ? "; the thoughts before that were left out" : "")}."]);
    }

    private void AddDetail(PartDetailDelta detail)
    {
        if (!_slots.TryGetValue(detail.Index, out var slot)) return; // A detail of a part that never began says nothing.
        if (detail.Signature is { } signature) slot.Signature += signature;
        slot.EncryptedContent = detail.EncryptedContent ?? slot.EncryptedContent;
        slot.Origin = detail.Origin ?? slot.Origin;
        slot.Extensions = detail.Extensions ?? slot.Extensions;
        if (detail.Citation is { } citation) (slot.Citations ??= []).Add(citation);
    }

    /// <summary>The first delta of an index says what its part is.</summary>
    private Slot SlotOf(int index, SlotKind kind)
    {
        if (!_slots.TryGetValue(index, out var slot)) _slots[index] = slot = new Slot(kind);
        return slot;
    }

    private static LlmExtensions? Merge(LlmExtensions? left, LlmExtensions? right)
        => left is null || right is null || left.Dialect != right.Dialect ? right ?? left : new LlmExtensions(left.Dialect, left.Members.Concat(right.Members));

    private static void AddNew(List<string> all, IReadOnlyList<string> more)
    {
        foreach (var one in more)
        {
            if (!all.Contains(one)) all.Add(one);
        }
    }

    private enum SlotKind
    {
        Text,
        Refusal,
        Thinking,
        ToolCall,
        Whole,
    }

    private sealed class Slot(SlotKind kind)
    {
        public StringBuilder Text { get; } = new();

        public string? Id { get; set; }

        public string? Name { get; set; }

        public string? Signature { get; set; }

        public string? EncryptedContent { get; set; }

        public string? Origin { get; set; }

        public LlmExtensions? Extensions { get; set; }

        public List<Citation>? Citations { get; set; }

        public LlmPart? Whole { get; set; }

        public bool IsThinking => kind == SlotKind.Thinking || Whole is ThinkingPart;

        public void DropTextSignature()
        {
            if (kind == SlotKind.Text) (Signature, Origin) = (null, null);
            else if (Whole is TextPart) Whole = Whole with { Signature = null, Origin = null };
        }

        public LlmPart ToPart()
        {
            LlmPart part = kind switch
            {
                SlotKind.Whole => Whole!,
                SlotKind.Refusal => new RefusalPart(Text.ToString()),
                SlotKind.Thinking => new ThinkingPart(Text.ToString()) { EncryptedContent = EncryptedContent },
                SlotKind.ToolCall => new ToolCallPart(Id ?? "", Name ?? "", Text.ToString()),
                _ => new TextPart(Text.ToString()) { Citations = Citations is null ? [] : [.. Citations] },
            };
            return part with { Signature = Signature ?? part.Signature, Origin = Origin ?? part.Origin, Extensions = Extensions ?? part.Extensions };
        }
    }
}
