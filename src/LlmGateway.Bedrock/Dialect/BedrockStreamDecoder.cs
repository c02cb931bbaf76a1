using System.Text;
using System.Text.Json;
using LlmGateway.Bedrock.EventStream;
using LlmGateway.PriceData;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>Reads the events of a stream: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html. Its <c>messageStop</c> makes it complete; the counts follow in <c>metadata</c>, which is the last.</summary>
internal sealed class BedrockStreamDecoder : IStreamDecoder
{
    private readonly Dictionary<long, BedrockStreamBlock> _blocks = [];
    private int _parts;
    private bool _hasCalls;
    private bool _hasMetadata;

    public bool IsComplete { get; private set; }

    public bool IsEnded => IsComplete && _hasMetadata;

    public int SkippedEvents { get; private set; }

    public void Decode(ReadOnlySpan<byte> type, ReadOnlyMemory<byte> data, List<LlmDelta> deltas)
    {
        if (type.SequenceEqual("contentBlockDelta"u8) && BedrockTextEvent.TryRead(data.Span, out var index, out var text) && _blocks.TryGetValue(index, out var known) && known.Kind == BedrockBlockKind.Text && !IsComplete)
        {
            if (text.Length > 0) deltas.Add(new TextDelta(known.Part, text));
            return;
        }

        if (type.StartsWith(EventStreamEvent.ErrorPrefix)) throw Unmodeled(type, data.Span);
        if (type.SequenceEqual(EventStreamEvent.Damaged))
        {
            SkippedEvents++;
            return;
        }

        var before = deltas.Count;
        try
        {
            using var document = JsonDocument.Parse(data);
            if (type.StartsWith(EventStreamEvent.ExceptionPrefix)) throw Failure(Encoding.UTF8.GetString(type[EventStreamEvent.ExceptionPrefix.Length..]), document.RootElement);
            if (!Read(type, document.RootElement, deltas)) SkippedEvents++;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            if (type.StartsWith(EventStreamEvent.ExceptionPrefix)) throw Failure(Encoding.UTF8.GetString(type[EventStreamEvent.ExceptionPrefix.Length..]), default);
            deltas.RemoveRange(before, deltas.Count - before);
            SkippedEvents++;
        }
    }

    public void End(List<LlmDelta> deltas)
    {
        if (SkippedEvents == 0 || !_blocks.Values.Any(static block => block.Kind == BedrockBlockKind.ToolCall && !IsJson(block.Input.ToString()))) return;
        IsComplete = false;
        throw new DialectException(ProviderErrorKind.Truncated, "An event of the stream could not be read, and a tool call is not whole without it.");
    }

    /// <returns>False where the event lacks what it must have.</returns>
    private bool Read(ReadOnlySpan<byte> type, JsonElement root, List<LlmDelta> deltas)
    {
        if (root.ValueKind != JsonValueKind.Object) return false;
        var index = root.Whole("contentBlockIndex"u8);
        if (type.SequenceEqual("contentBlockDelta"u8))
        {
            if (index is not { } at || root.Object("delta"u8) is not { } delta) return false;
            return IsComplete || AddDelta(at, delta, deltas);
        }

        if (type.SequenceEqual("contentBlockStart"u8))
        {
            if (index is not { } at || root.Object("start"u8) is not { } start) return false;
            return IsComplete || StartBlock(at, start, deltas);
        }

        if (type.SequenceEqual("contentBlockStop"u8))
        {
            if (index is not { } at) return false;
            if (_blocks.TryGetValue(at, out var block)) StopBlock(block, deltas);
            return true;
        }

        if (type.SequenceEqual("messageStop"u8)) return Finish(root, deltas);
        if (type.SequenceEqual("metadata"u8)) AddMetadata(root, deltas);
        return true; // The message's start says its role alone; and an event may be younger than this code.
    }

    private bool StartBlock(long index, JsonElement start, List<LlmDelta> deltas)
    {
        if (_blocks.ContainsKey(index)) return true;
        if (start.Object("toolUse"u8) is { } call)
        {
            if (call.Text("toolUseId"u8) is not { } id || call.Text("name"u8) is not { } name) return false;
            if (call.TryGetProperty("type"u8, out _))
            {
                Add(index, BedrockBlockKind.VendorCall, call.GetRawText());
                return true;
            }

            var block = Add(index, BedrockBlockKind.ToolCall);
            _hasCalls = true;
            deltas.Add(new ToolCallDelta(block.Part, id, name, ""));
            if (BagReader.Rest(call, BedrockDialect.DialectName, static member => member is "toolUseId" or "name") is { } more) deltas.Add(new PartDetailDelta(block.Part) { Extensions = more });
            return true;
        }

        if (start.Object("toolResult"u8) is { } result) Add(index, BedrockBlockKind.VendorResult, result.GetRawText());
        else if (start.Object("image"u8) is { } image) Add(index, BedrockBlockKind.Image, image.GetRawText());
        return true; // Texts and thoughts begin with their first piece.
    }

    private bool AddDelta(long index, JsonElement delta, List<LlmDelta> deltas)
    {
        _blocks.TryGetValue(index, out var block);
        if (delta.Text("text"u8) is { } text)
        {
            block ??= Begin(index, BedrockBlockKind.Text);
            if (block.Kind != BedrockBlockKind.Text) return false;
            deltas.Add(new TextDelta(block.Part, text));
            return true;
        }

        if (delta.Object("citation"u8) is { } citation)
        {
            if (block is null)
            {
                block = Begin(index, BedrockBlockKind.Text);
                deltas.Add(new TextDelta(block.Part, ""));
            }

            if (block.Kind != BedrockBlockKind.Text) return false;
            deltas.Add(new PartDetailDelta(block.Part) { Citation = BedrockBlockDecoder.CitationOf(citation) });
            return true;
        }

        if (delta.Object("reasoningContent"u8) is { } reasoning) return AddThought(index, block, reasoning, deltas);
        if (delta.Object("toolUse"u8) is { } call)
        {
            if (call.Text("input"u8) is not { } piece || block is null) return false;
            return AddInput(block, piece, deltas);
        }

        if (delta.Member("toolResult"u8, JsonValueKind.Array) is { } pieces && block is { Kind: BedrockBlockKind.VendorResult })
        {
            foreach (var piece in pieces.EnumerateArray()) block.Pieces.Add(piece.GetRawText());
            return true;
        }

        if (delta.Object("image"u8) is { } image && block is { Kind: BedrockBlockKind.Image })
        {
            if (image.Object("source"u8)?.Text("bytes"u8) is { } bytes) block.AddBlob(bytes);
            if (image.Object("error"u8) is { } error) block.Error = error.GetRawText();
            return true;
        }

        // A kind that is younger than this code; but a known one without what it must have is malformed.
        if (!delta.TryGetProperty("text"u8, out _) && !delta.TryGetProperty("toolUse"u8, out _) && block is null) Begin(index, BedrockBlockKind.Unknown);
        return !delta.TryGetProperty("text"u8, out _) && !delta.TryGetProperty("toolUse"u8, out _);

        BedrockStreamBlock Begin(long at, BedrockBlockKind kind) => Add(at, kind);
    }

    private bool AddThought(long index, BedrockStreamBlock? block, JsonElement reasoning, List<LlmDelta> deltas)
    {
        var isNew = block is null;
        block ??= Add(index, BedrockBlockKind.Thinking);
        if (block.Kind != BedrockBlockKind.Thinking) return false;
        deltas.Add(new ThinkingDelta(block.Part, reasoning.Text("text"u8) ?? ""));
        var detail = new PartDetailDelta(block.Part) { Origin = BedrockDialect.DialectName, Signature = reasoning.Text("signature"u8) };
        if (reasoning.Text("redactedContent"u8) is { } redacted)
        {
            block.AddBlob(redacted);
            detail = detail with { EncryptedContent = block.Blob };
        }

        if (isNew || detail.Signature is not null || detail.EncryptedContent is not null) deltas.Add(detail);
        return true;
    }

    private static bool AddInput(BedrockStreamBlock block, string piece, List<LlmDelta> deltas)
    {
        if (block.Kind is not (BedrockBlockKind.ToolCall or BedrockBlockKind.VendorCall)) return false;
        block.Input.Append(piece);
        if (block.Kind == BedrockBlockKind.ToolCall && piece.Length > 0) deltas.Add(new ToolCallDelta(block.Part, null, null, piece));
        return true;
    }

    /// <summary>Kinds that the middle has no pieces for are given whole.</summary>
    private void StopBlock(BedrockStreamBlock block, List<LlmDelta> deltas)
    {
        if (block.IsStopped) return;
        block.IsStopped = true;
        try
        {
            StopBlock(block, block.Kind, deltas);
        }
        catch (JsonException)
        {
            SkippedEvents++; // Its pieces do not make a block; the rest of the reply is whole without it.
        }
    }

    private static void StopBlock(BedrockStreamBlock block, BedrockBlockKind kind, List<LlmDelta> deltas)
    {
        switch (kind)
        {
            case BedrockBlockKind.ToolCall when block.Input.Length == 0:
                AddInput(block, "{}", deltas); // A call without arguments streams no pieces.
                break;
            case BedrockBlockKind.VendorCall:
                var input = block.Input.Length > 0 ? block.Input.ToString() : "{}";
                AddWhole(block, "toolUse", "input", IsJson(input) ? input : JsonSerializerText(input), deltas);
                break;
            case BedrockBlockKind.VendorResult:
                AddWhole(block, "toolResult", "content", $"[{string.Join(',', block.Pieces)}]", deltas);
                break;
            case BedrockBlockKind.Image:
                var members = block.Error is null ? "" : $",\"error\":{block.Error}";
                AddWhole(block, "image", "source", $"{{\"bytes\":{JsonSerializerText(block.Blob)}}}{members}", deltas);
                break;
        }
    }

    private static void AddWhole(BedrockStreamBlock block, string kind, string member, string value, List<LlmDelta> deltas)
    {
        var start = block.Start.AsSpan(0, block.Start.LastIndexOf('}')).TrimEnd();
        var separator = start.Length > 1 ? "," : "";
        using var whole = JsonDocument.Parse($"{{\"{kind}\":{start}{separator}\"{member}\":{value}}}}}");
        var part = BedrockBlockDecoder.PartOf(whole.RootElement);
        if (part is RawPart raw && BedrockReplyDecoder.BillingOf(raw) is { IsNone: false } billing) deltas.Add(new HeaderDelta { Billing = billing });
        deltas.Add(new PartDelta(block.Part, part));
    }

    private bool Finish(JsonElement root, List<LlmDelta> deltas)
    {
        if (IsComplete) return true;
        if (root.Text("stopReason"u8) is not { } reason) return false;
        foreach (var block in _blocks.Values) StopBlock(block, deltas);
        IsComplete = true;
        if (BedrockReplyDecoder.Extras(root) is { } extras) deltas.Add(new HeaderDelta { Extensions = extras });
        deltas.Add(new FinishDelta(BedrockFinish.Of(reason, _hasCalls), reason) { StopSequence = BedrockReplyDecoder.StopSequenceOf(root) });
        return true;
    }

    private void AddMetadata(JsonElement root, List<LlmDelta> deltas)
    {
        _hasMetadata = true;
        var losses = new List<string>();
        if (BedrockUsage.Read(root.Object("usage"u8), losses) is { } usage) deltas.Add(new UsageDelta(usage));
        deltas.Add(new HeaderDelta
        {
            Model = BedrockReplyDecoder.ModelOf(root),
            ServiceTier = BedrockTier.Read(root),
            Billing = BillingReader.In(root),
            Losses = losses,
            Extensions = BedrockReplyDecoder.Extras(root),
        });
    }

    private BedrockStreamBlock Add(long index, BedrockBlockKind kind, string start = "{}")
    {
        var block = new BedrockStreamBlock(kind == BedrockBlockKind.Unknown ? -1 : _parts++, kind) { Start = start };
        _blocks[index] = block;
        return block;
    }

    private static DialectException Failure(string type, JsonElement payload)
    {
        var error = BedrockErrorDecoder.OfStream(type, payload);
        return new DialectException(error.Kind, error.Message ?? "The stream ends in an error.", error);
    }

    private static DialectException Unmodeled(ReadOnlySpan<byte> type, ReadOnlySpan<byte> message)
    {
        var code = Encoding.UTF8.GetString(type[EventStreamEvent.ErrorPrefix.Length..]);
        var text = message.IsEmpty ? null : Encoding.UTF8.GetString(message);
        var kind = BedrockErrorDecoder.KindOf(status: 500, code, text);
        return new DialectException(kind, text ?? "The stream ends in an error.", new VendorError(kind, code, text, null));
    }

    private static string JsonSerializerText(string text) => $"\"{JsonEncodedText.Encode(text).Value}\"";

    private static bool IsJson(string text)
    {
        if (text.Length == 0) return true;
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
