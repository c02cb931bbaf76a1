using System.Text;
using System.Text.Json;
using LlmGateway.PriceData;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>Reads the events of a stream: https://platform.claude.com/docs/en/build-with-claude/streaming. Its stop reason, or <c>message_stop</c>, makes it complete.</summary>
internal sealed class AnthropicStreamDecoder : IStreamDecoder
{
    private readonly Dictionary<long, Block> _blocks = [];
    private readonly AnthropicStreamUsage _usage = new();
    private readonly TextFrame _frame = new();

    /// <summary>The block that the frame's text belongs to.</summary>
    private long _framed;
    private int _parts;
    private bool _isFinished;
    private bool _hasStopped;

    public bool IsComplete => _isFinished || _hasStopped;

    public bool IsEnded => _hasStopped || (_isFinished && _usage.IsFinal);

    public bool IsLast => _hasStopped;

    public int SkippedEvents { get; private set; }

    public void Decode(ReadOnlySpan<byte> type, ReadOnlyMemory<byte> data, List<LlmDelta> deltas)
    {
        if (TryReadText(data.Span, out var index, out var text) && _blocks.TryGetValue(index, out var known) && known.Kind == BlockKind.Text)
        {
            deltas.Add(new TextDelta(known.Part, text));
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(data);
            Read(document.RootElement, deltas);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            SkippedEvents++;
        }
    }

    private bool TryReadText(ReadOnlySpan<byte> data, out long index, out string text)
    {
        index = _framed;
        if (_frame.TryRead(data, out text)) return true;
        if (!AnthropicTextEvent.TryRead(data, out index, out text, out var place)) return false;
        if (_frame.Learn(data, place)) _framed = index;
        return true;
    }

    public void End(List<LlmDelta> deltas)
    {
        if (SkippedEvents > 0 && _blocks.Values.Any(block => block.Kind == BlockKind.ToolCall && !IsJson(block.Input)))
        {
            _isFinished = _hasStopped = false;
            throw new DialectException(ProviderErrorKind.Truncated, "An event of the stream could not be read, and a tool call is not whole without it.");
        }

        if (_hasStopped && !_isFinished) deltas.Add(new FinishDelta(FinishReason.Other, null));
    }

    private void Read(JsonElement root, List<LlmDelta> deltas)
    {
        switch (root.Text("type"u8))
        {
            case "message_start" when root.Object("message"u8) is { } message:
                Start(message, deltas);
                break;
            case "content_block_start" when root.Whole("index"u8) is { } index && root.Object("content_block"u8) is { } block:
                StartBlock(index, block, deltas);
                break;
            case "content_block_delta" when root.Whole("index"u8) is { } index && root.Object("delta"u8) is { } delta && _blocks.TryGetValue(index, out var block):
                AddToBlock(block, delta, deltas);
                break;
            case "content_block_stop" when root.Whole("index"u8) is { } index && _blocks.TryGetValue(index, out var block):
                StopBlock(block, deltas);
                break;
            case "message_delta":
                Finish(root, deltas);
                break;
            case "message_stop":
                _hasStopped = true;
                break;
            case "error":
                var error = AnthropicErrorDecoder.Read(status: 200, root);
                throw new DialectException(error.Kind, error.Message ?? "The stream ends in an error.", error);
            case null or "message_start" or "content_block_start" or "content_block_delta" or "content_block_stop":
                SkippedEvents++; // It lacks what it must have, or belongs to a block that never began.
                break;
            default:
                break; // A ping, or an event that is younger than this code.
        }
    }

    private void Start(JsonElement message, List<LlmDelta> deltas)
    {
        deltas.Add(new HeaderDelta
        {
            Id = message.Text("id"u8),
            Model = message.Text("model"u8),
            ServiceTier = message.Object("usage"u8)?.Text("service_tier"u8),
            Billing = BillingReader.In(message),
            Extensions = AnthropicReplyDecoder.Extras(message),
        });
        foreach (var block in message.Items("content"u8)) deltas.Add(new PartDelta(_parts++, AnthropicMessageDecoder.BlockOf(block))); // A server that fills it in at once.
        _usage.Add(message, isFinal: false, deltas);
    }

    private void StartBlock(long index, JsonElement json, List<LlmDelta> deltas)
    {
        var part = AnthropicMessageDecoder.BlockOf(json);
        var block = new Block(_parts++, part);
        _blocks[index] = block;
        switch (part)
        {
            case TextPart text:
                deltas.Add(new TextDelta(block.Part, text.Text));
                foreach (var citation in text.Citations) deltas.Add(new PartDetailDelta(block.Part) { Citation = citation });
                break;
            case ThinkingPart { EncryptedContent: { } encrypted }:
                deltas.Add(new ThinkingDelta(block.Part, ""));
                deltas.Add(new PartDetailDelta(block.Part) { EncryptedContent = encrypted, Origin = AnthropicDialect.DialectName });
                break;
            case ThinkingPart thinking:
                deltas.Add(new ThinkingDelta(block.Part, thinking.Text));
                deltas.Add(new PartDetailDelta(block.Part) { Origin = AnthropicDialect.DialectName, Signature = string.IsNullOrEmpty(thinking.Signature) ? null : thinking.Signature });
                break;
            case ToolCallPart call:
                // The input begins as an empty object, which the pieces replace.
                deltas.Add(new ToolCallDelta(block.Part, call.Id, call.Name, ""));
                if (call.ArgumentsJson != "{}") AddInput(block, call.ArgumentsJson, deltas);
                if (call.Extensions is not null) deltas.Add(new PartDetailDelta(block.Part) { Extensions = call.Extensions });
                break;
        }

        if (part.Extensions is not null && part is not ToolCallPart and not RawPart) deltas.Add(new PartDetailDelta(block.Part) { Extensions = part.Extensions });
    }

    private void AddToBlock(Block block, JsonElement delta, List<LlmDelta> deltas)
    {
        switch (delta.Text("type"u8))
        {
            case "text_delta" when delta.Text("text"u8) is { } text && block.Kind == BlockKind.Text:
                deltas.Add(new TextDelta(block.Part, text));
                break;
            case "thinking_delta" when delta.Text("thinking"u8) is { } thinking && block.Kind == BlockKind.Thinking:
                deltas.Add(new ThinkingDelta(block.Part, thinking));
                break;
            case "signature_delta" when delta.Text("signature"u8) is { } signature:
                deltas.Add(new PartDetailDelta(block.Part) { Signature = signature, Origin = AnthropicDialect.DialectName });
                break;
            case "input_json_delta" when delta.Text("partial_json"u8) is { } piece:
                AddInput(block, piece, deltas);
                break;
            case "citations_delta" when delta.Object("citation"u8) is { } citation:
                deltas.Add(new PartDetailDelta(block.Part) { Citation = AnthropicMessageDecoder.CitationOf(citation) });
                break;
            case null or "text_delta" or "thinking_delta" or "signature_delta" or "input_json_delta":
                SkippedEvents++;
                break;
            default:
                block.Grow(delta); // A kind of delta that is younger than this code.
                break;
        }
    }

    private static void AddInput(Block block, string piece, List<LlmDelta> deltas)
    {
        block.Input.Append(piece);
        if (block.Kind == BlockKind.ToolCall && piece.Length > 0) deltas.Add(new ToolCallDelta(block.Part, null, null, piece));
    }

    private static void StopBlock(Block block, List<LlmDelta> deltas)
    {
        // A call without arguments streams no pieces: its input is the empty object it began with.
        if (block.Kind == BlockKind.ToolCall && block.Input.Length == 0) AddInput(block, "{}", deltas);
        if (block.Raw is { } raw) deltas.Add(new PartDelta(block.Part, block.Input.Length == 0 && block.Pieces.Count == 0 ? raw : Whole(raw, block)));
    }

    /// <summary>A block of a kind without a name here that came in pieces, such as a web search of the vendor's: its input is JSON, other members are text.</summary>
    private static RawPart Whole(RawPart raw, Block block)
    {
        try
        {
            var node = System.Text.Json.Nodes.JsonNode.Parse(raw.Json)!.AsObject();
            if (block.Input.Length > 0) node["input"] = System.Text.Json.Nodes.JsonNode.Parse(block.Input.ToString());
            foreach (var (name, text) in block.Pieces) node[name] = (node[name] is System.Text.Json.Nodes.JsonValue start && start.TryGetValue<string>(out var before) ? before : "") + text;
            return raw with { Json = node.ToJsonString() };
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return raw; // Pieces that are no JSON, or a start with a member twice.
        }
    }

    private void Finish(JsonElement root, List<LlmDelta> deltas)
    {
        var delta = root.Object("delta"u8) ?? default;
        if (AnthropicReplyDecoder.Extras(delta) is { } extras) deltas.Add(new HeaderDelta { Extensions = extras });
        _usage.Add(root, isFinal: delta.Text("stop_reason"u8) is not null, deltas);
        if (BillingReader.In(root) is { IsNone: false } billing) deltas.Add(new HeaderDelta { Billing = billing });
        if (delta.Text("stop_reason"u8) is not { } reason || _isFinished) return;
        _isFinished = true;
        deltas.Add(new FinishDelta(AnthropicFinish.Of(reason), reason) { StopSequence = delta.Text("stop_sequence"u8) });
    }

    private static bool IsJson(StringBuilder text)
    {
        if (text.Length == 0) return true;
        try
        {
            using var document = JsonDocument.Parse(text.ToString());
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private enum BlockKind
    {
        Text,
        Thinking,
        ToolCall,
        Raw,
    }

    private sealed class Block(int part, LlmPart start)
    {
        public int Part => part;

        public BlockKind Kind { get; } = start switch
        {
            TextPart => BlockKind.Text,
            ThinkingPart => BlockKind.Thinking,
            ToolCallPart => BlockKind.ToolCall,
            _ => BlockKind.Raw,
        };

        public RawPart? Raw { get; } = start as RawPart;

        public StringBuilder Input { get; } = new();

        /// <summary>The texts that deltas of unknown kinds add to members of a raw block, as compaction's do to its content.</summary>
        public Dictionary<string, StringBuilder> Pieces { get; } = [];

        public void Grow(JsonElement delta)
        {
            if (Kind != BlockKind.Raw) return;
            foreach (var member in delta.EnumerateObject())
            {
                if (member.Name == "type" || member.Value.ValueKind != JsonValueKind.String) continue;
                if (!Pieces.TryGetValue(member.Name, out var pieces)) Pieces[member.Name] = pieces = new StringBuilder();
                pieces.Append(member.Value.GetString());
            }
        }
    }
}
