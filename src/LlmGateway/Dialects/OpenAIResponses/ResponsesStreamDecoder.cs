using System.Text;
using System.Text.Json;
using LlmGateway.Dialects.OpenAI;

namespace LlmGateway.Dialects.OpenAIResponses;

/// <summary>
/// Reads the events of a stream: https://platform.openai.com/docs/api-reference/responses-streaming. It is complete with
/// <c>response.completed</c> or <c>response.incomplete</c>. What an item says at its end fills in for deltas that were lost.
/// </summary>
internal sealed class ResponsesStreamDecoder : IStreamDecoder
{
    private readonly Dictionary<(long Item, long Content), Open> _open = [];
    private int _parts;
    private bool _hasCalls;
    private bool _hasRefusal;
    private bool _hasLogProbs;

    public bool IsComplete { get; private set; }

    public bool IsEnded => IsComplete;

    public int SkippedEvents { get; private set; }

    public void Decode(ReadOnlySpan<byte> type, ReadOnlyMemory<byte> data, List<LlmDelta> deltas)
    {
        if (ResponsesTextEvent.TryRead(data.Span, out var place, out var text) && _open.TryGetValue(place, out var known) && known.Kind == PartKind.Text)
        {
            Add(known, text, deltas);
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(data);
            Read(document.RootElement, deltas);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            if (!data.Span.SequenceEqual("[DONE]"u8)) SkippedEvents++;
        }
    }

    private void AddLogProbs(JsonElement root, List<LlmDelta> deltas)
    {
        if (OpenAILogProbs.ReadList(root) is not { Count: > 0 } logProbs) return;
        _hasLogProbs = true;
        deltas.Add(new LogProbsDelta(logProbs));
    }

    private void Read(JsonElement root, List<LlmDelta> deltas)
    {
        var type = root.Text("type"u8);
        switch (type)
        {
            case "response.created" or "response.in_progress" or "response.queued" when root.Object("response"u8) is { } response:
                if (type == "response.created") deltas.Add(ResponsesReplyDecoder.Header(response));
                break;
            case "response.output_item.added" when root.Object("item"u8) is { } item:
                Begin(root.Whole("output_index"u8) ?? 0, item, deltas);
                break;
            case "response.output_text.delta" when root.Text("delta"u8) is { } text:
                Add(Part(root, PartKind.Text), text, deltas);
                AddLogProbs(root, deltas);
                break;
            case "response.output_text.done" when !_hasLogProbs:
                AddLogProbs(root, deltas);
                break;
            case "response.refusal.delta" when root.Text("delta"u8) is { } refusal:
                Add(Part(root, PartKind.Refusal), refusal, deltas);
                break;
            case "response.function_call_arguments.delta" when root.Text("delta"u8) is { } arguments && Find(root, 0) is { Kind: PartKind.Call } call:
                Add(call, arguments, deltas);
                break;
            case "response.reasoning_summary_text.delta" or "response.reasoning_text.delta" when root.Text("delta"u8) is { } thought:
                AddThought(root, thought, deltas);
                break;
            case "response.output_text.annotation.added" when root.Object("annotation"u8) is { } annotation:
                AddCitation(Part(root, PartKind.Text), annotation, deltas);
                break;
            case "response.output_item.done" when root.Object("item"u8) is { } item:
                Finish(root.Whole("output_index"u8) ?? 0, item, deltas);
                break;
            case "response.completed" or "response.incomplete" when root.Object("response"u8) is { } response:
                Complete(response, deltas);
                break;
            case "response.failed" when root.Object("response"u8) is { } response:
                if (ResponsesReplyDecoder.UsageOf(response, []) is { } spent) deltas.Add(new UsageDelta(spent)); // It may have been billed.
                ResponsesReplyDecoder.ThrowIfError(response);
                throw new DialectException(ProviderErrorKind.ServerError, "The response failed, and does not say why.");
            case "error":
                var error = OpenAIErrorDecoder.In(root) ?? OpenAIErrorDecoder.Of(root);
                throw new DialectException(error.Kind, error.Message ?? "The stream ends in an error.", error);
            case null:
                if (OpenAIErrorDecoder.In(root) is { } plain) throw new DialectException(plain.Kind, plain.Message ?? "The stream ends in an error.", plain);
                SkippedEvents++;
                break;
            case "response.output_item.added" or "response.output_text.delta" or "response.function_call_arguments.delta" or "response.output_item.done" or "response.completed":
                SkippedEvents++; // It lacks what it must have, or belongs to an item that never began.
                break;
            default:
                break;
        }
    }

    private static void AddCitation(Open part, JsonElement annotation, List<LlmDelta> deltas)
    {
        if (part.Text.Length == 0) deltas.Add(new TextDelta(part.Index, "")); // A detail needs a part that has begun.
        part.Citations++;
        deltas.Add(new PartDetailDelta(part.Index) { Citation = ResponsesItems.ReadAnnotation(annotation) });
    }

    private void Begin(long place, JsonElement item, List<LlmDelta> deltas)
    {
        _hasCalls |= ResponsesItems.IsCall(item.Text("type"u8));
        switch (item.Text("type"u8))
        {
            case "function_call" when item.Text("call_id"u8) is { } id && item.Text("name"u8) is { } name:
                var call = Start(place, 0, PartKind.Call);
                deltas.Add(new ToolCallDelta(call.Index, id, name, ""));
                if (item.Text("arguments"u8) is { Length: > 0 } arguments) Add(call, arguments, deltas);
                break;
            case "reasoning":
                var thought = Start(place, 0, PartKind.Thinking);
                deltas.Add(new ThinkingDelta(thought.Index, ""));
                deltas.Add(new PartDetailDelta(thought.Index) { Origin = ResponsesDialect.DialectName });
                break;
            case "message" or null:
                break; // Its contents begin with their own deltas.
            default:
                Start(place, 0, PartKind.Raw);
                break;
        }
    }

    private Open Start(long item, long content, PartKind kind)
    {
        var open = new Open(_parts++, kind);
        _open[(item, content)] = open;
        _hasRefusal |= kind == PartKind.Refusal;
        return open;
    }

    private Open? Find(JsonElement root, long content) => _open.GetValueOrDefault((root.Whole("output_index"u8) ?? 0, content));

    private Open Part(JsonElement root, PartKind kind)
    {
        var content = root.Whole("content_index"u8) ?? 0;
        return Find(root, content) is { } open && open.Kind == kind ? open : Start(root.Whole("output_index"u8) ?? 0, content, kind);
    }

    private static void Add(Open part, string text, List<LlmDelta> deltas)
    {
        if (text.Length == 0) return;
        part.Text.Append(text);
        deltas.Add(part.Kind switch
        {
            PartKind.Refusal => new RefusalDelta(part.Index, text),
            PartKind.Thinking => new ThinkingDelta(part.Index, text),
            PartKind.Call => new ToolCallDelta(part.Index, null, null, text),
            _ => new TextDelta(part.Index, text),
        });
    }

    /// <summary>Summaries come in parts, which the whole reply joins with a blank line.</summary>
    private void AddThought(JsonElement root, string thought, List<LlmDelta> deltas)
    {
        var part = Find(root, 0) is { Kind: PartKind.Thinking } open ? open : Start(root.Whole("output_index"u8) ?? 0, 0, PartKind.Thinking);
        var summary = (root.Text("type"u8), root.Whole("summary_index"u8) ?? root.Whole("content_index"u8) ?? 0);
        if (part.Text.Length > 0 && summary != part.Summary) thought = "\n\n" + thought;
        part.Summary = summary;
        Add(part, thought, deltas);
    }

    private void Finish(long place, JsonElement item, List<LlmDelta> deltas)
    {
        var content = 0L;
        _hasCalls |= ResponsesItems.IsCall(item.Text("type"u8));
        foreach (var part in ResponsesItems.Read(item))
        {
            FinishPart(place, content++, part, deltas);
        }
    }

    private void FinishPart(long place, long content, LlmPart part, List<LlmDelta> deltas)
    {
        var (kind, text) = part switch
        {
            TextPart said => (PartKind.Text, said.Text),
            RefusalPart refusal => (PartKind.Refusal, refusal.Text),
            ToolCallPart call => (PartKind.Call, call.ArgumentsJson),
            ThinkingPart thinking => (PartKind.Thinking, thinking.Text),
            _ => (PartKind.Raw, ""),
        };
        if (_open.GetValueOrDefault((place, content)) is not { } open || open.Kind != kind)
        {
            var started = Start(place, content, kind);
            deltas.AddRange(Messages.ReplyDeltas.OfPart(started.Index, part));
            return;
        }

        if (kind == PartKind.Raw)
        {
            deltas.Add(new PartDelta(open.Index, part));
            return;
        }

        // Deltas that were lost are the end of what the item says whole.
        var received = open.Text.ToString();
        if (text.Length > received.Length && text.StartsWith(received, StringComparison.Ordinal)) Add(open, text[received.Length..], deltas);
        else if (SkippedEvents > 0 && text != received) throw new DialectException(ProviderErrorKind.Truncated, "An event of the stream could not be read, and the answer is not whole without it.");
        if (part is TextPart { Citations: var citations })
        {
            foreach (var citation in citations.Skip(open.Citations)) deltas.Add(new PartDetailDelta(open.Index) { Citation = citation });
        }

        if (part is ThinkingPart { Extensions: var extras, EncryptedContent: var encrypted }) deltas.Add(new PartDetailDelta(open.Index) { Extensions = extras, EncryptedContent = encrypted, Origin = ResponsesDialect.DialectName });
        else if (part.Extensions is { } more) deltas.Add(new PartDetailDelta(open.Index) { Extensions = more });
    }

    private void Complete(JsonElement response, List<LlmDelta> deltas)
    {
        if (IsComplete) return;
        if (_parts == 0)
        {
            // Some servers say the items here alone.
            var place = 0L;
            foreach (var item in response.Items("output"u8)) Finish(place++, item, deltas);
        }

        var losses = new List<string>();
        if (ResponsesReplyDecoder.UsageOf(response, losses) is { } usage) deltas.Add(new UsageDelta(usage));
        deltas.Add(ResponsesReplyDecoder.Header(response) with { Losses = losses });
        var (reason, word) = ResponsesFinish.Of(response, _hasCalls, _hasRefusal);
        IsComplete = true;
        deltas.Add(new FinishDelta(reason, word));
    }

    private enum PartKind
    {
        Text,
        Refusal,
        Call,
        Thinking,
        Raw,
    }

    private sealed class Open(int index, PartKind kind)
    {
        public int Index => index;

        public PartKind Kind => kind;

        public StringBuilder Text { get; } = new();

        public (string? Type, long Index) Summary { get; set; }

        public int Citations { get; set; }
    }
}
