using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>
/// Writes the events of a stream in the documented order: message_start, each block's start, deltas and stop, one block
/// after the other, message_delta with stop reason and counts, message_stop.
/// </summary>
/// <remarks>Blocks do not interleave here: where the deltas do (parallel calls of OpenAI's), a block waits until the one before it is closed.</remarks>
internal sealed class AnthropicStreamEncoder(List<string> losses) : IStreamEncoder
{
    private const string Name = AnthropicDialect.DialectName;

    private readonly List<(int Index, List<LlmDelta> Deltas)> _waiting = [];
    private HeaderDelta _header = new();
    private TokenUsage? _usage;
    private FinishDelta? _finish;
    private readonly List<KeyValuePair<string, string>> _early = [];
    private readonly List<KeyValuePair<string, string>> _late = [];
    private bool _hasBegun;
    private int _open = -1;
    private bool _isCall;
    private int _blocks;

    public void Encode(LlmDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case HeaderDelta header:
                if (losses.Own(header.Extensions, Name) is { } more) (_hasBegun ? _late : _early).AddRange(more.Members);
                _header = _header with { Id = header.Id ?? _header.Id, Model = header.Model ?? _header.Model, ServiceTier = header.ServiceTier ?? _header.ServiceTier };
                break;
            case UsageDelta usage:
                _usage = usage.Usage;
                break;
            case FinishDelta finish:
                _finish = finish;
                break;
            case LogProbsDelta:
                AnthropicReplyEncoder.Check(hasLogProbs: true, losses);
                break;
            default:
                Part(delta, output);
                break;
        }
    }

    public void Complete(IBufferWriter<byte> output)
    {
        if (_finish is null) throw new InvalidOperationException("The reply has not finished: the stream must end with an error.");
        Begin(output);
        CloseBlock(output);
        foreach (var (_, deltas) in _waiting)
        {
            foreach (var delta in deltas) Write(delta, output);
            CloseBlock(output);
        }

        AnthropicUsageWriter.Check(_usage, losses);
        Event(output, "message_delta", json =>
        {
            json.WriteStartObject("delta"u8);
            json.WriteString("stop_reason"u8, AnthropicFinish.WordOf(_finish.Reason, _finish.VendorReason, _finish.StopSequence, losses));
            json.WriteString("stop_sequence"u8, _finish.StopSequence);
            json.WriteBag(new LlmExtensions(Name, _late), static name => name == AnthropicReplyDecoder.OfUsage);
            json.WriteEndObject();
            AnthropicUsageWriter.Write(json, _usage, own: new LlmExtensions(Name, _early.Concat(_late)));
        });
        Event(output, "message_stop", static _ => { });
    }

    public void SayAlive(IBufferWriter<byte> output) => output.Write("event: ping\ndata: {\"type\": \"ping\"}\n\n"u8);

    public void Fail(VendorError error, IBufferWriter<byte> output)
    {
        output.Write("event: error\ndata: "u8);
        AnthropicErrorEncoder.Encode(error, output);
        output.Write("\n\n"u8);
    }

    private static int IndexOf(LlmDelta delta) => delta switch
    {
        TextDelta text => text.Index,
        RefusalDelta refusal => refusal.Index,
        ThinkingDelta thinking => thinking.Index,
        ToolCallDelta call => call.Index,
        PartDelta part => part.Index,
        PartDetailDelta detail => detail.Index,
        _ => -1,
    };

    private void Part(LlmDelta delta, IBufferWriter<byte> output)
    {
        var index = IndexOf(delta);
        if (index < 0) return;
        if (delta is PartDelta { Part: var part } && !AnthropicReplyEncoder.HasPlace(part, losses)) return;
        Begin(output);
        if (_open < 0 || _open == index)
        {
            Write(delta, output);
            return;
        }

        // Text and thoughts come one after the other; only calls are written side by side.
        if (!_isCall && _waiting.Count == 0 && delta is not PartDetailDelta)
        {
            CloseBlock(output);
            Write(delta, output);
            return;
        }

        var place = _waiting.FindIndex(waiting => waiting.Index == index);
        if (place >= 0) _waiting[place].Deltas.Add(delta);
        else if (delta is not PartDetailDelta) _waiting.Add((index, [delta]));
        else losses.NoPlace("what belongs to a part that is closed already", Name);
    }

    private void Write(LlmDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case TextDelta text:
                Open(text.Index, output, static json => { json.WriteString("type"u8, "text"u8); json.WriteString("text"u8, ""u8); });
                if (text.Text.Length > 0) BlockDelta(output, json => { json.WriteString("type"u8, "text_delta"u8); json.WriteString("text"u8, text.Text); });
                break;
            case RefusalDelta refusal:
                losses.Once($"a refusal was written as text: the {Name} dialect has no part for it.");
                Open(refusal.Index, output, static json => { json.WriteString("type"u8, "text"u8); json.WriteString("text"u8, ""u8); });
                BlockDelta(output, json => { json.WriteString("type"u8, "text_delta"u8); json.WriteString("text"u8, refusal.Text); });
                break;
            case ThinkingDelta { Text: "" }:
                break; // What kind of thought it is, open or redacted, is said by what follows.
            case ThinkingDelta thinking:
                OpenThinking(thinking.Index, output);
                BlockDelta(output, json => { json.WriteString("type"u8, "thinking_delta"u8); json.WriteString("thinking"u8, thinking.Text); });
                break;
            case ToolCallDelta call:
                Open(call.Index, output, json =>
                {
                    json.WriteString("type"u8, "tool_use"u8);
                    json.WriteString("id"u8, call.Id ?? "");
                    json.WriteString("name"u8, call.Name ?? "");
                    json.WriteStartObject("input"u8);
                    json.WriteEndObject();
                });
                _isCall = true;
                if (call.ArgumentsJson.Length > 0) BlockDelta(output, json => { json.WriteString("type"u8, "input_json_delta"u8); json.WriteString("partial_json"u8, call.ArgumentsJson); });
                break;
            case PartDelta { Part: RawPart raw } whole:
                Event(output, "content_block_start", json =>
                {
                    json.WriteNumber("index"u8, _blocks);
                    json.WritePropertyName("content_block"u8);
                    json.WriteExact(raw.Json, "A raw part");
                });
                _open = whole.Index;
                break;
            case PartDelta { Part: var part } whole:
                foreach (var piece in Messages.ReplyDeltas.OfPart(whole.Index, part)) Write(piece, output);
                break;
            case PartDetailDelta detail:
                WriteDetail(detail, output);
                break;
        }
    }

    private void WriteDetail(PartDetailDelta detail, IBufferWriter<byte> output)
    {
        // The block has begun, and its deltas have no place for more members.
        foreach (var name in losses.Own(detail.Extensions, Name, "content[]")?.Members.Keys ?? []) losses.Once($"{name} of a content block was left out of the stream: it became known after the block had begun.");
        if (detail is { EncryptedContent: { } encrypted, Origin: Name } && _open < 0)
        {
            Open(detail.Index, output, json =>
            {
                json.WriteString("type"u8, "redacted_thinking"u8);
                json.WriteString("data"u8, encrypted);
            });
        }

        if (detail.Signature is { } signature)
        {
            if (detail.Origin is null or Name && !_isCall)
            {
                if (_open < 0) OpenThinking(detail.Index, output);
                BlockDelta(output, json => { json.WriteString("type"u8, "signature_delta"u8); json.WriteString("signature"u8, signature); });
            }
            else losses.NoPlace($"{detail.Origin ?? "another"}'s signature", Name);
        }

        if (detail.EncryptedContent is not null && detail.Origin != Name) losses.NoPlace($"{detail.Origin ?? "another"}'s signature of thinking", Name);
        if (detail.Citation is { } citation)
        {
            if (citation.Raw is { Dialect: Name } raw)
            {
                BlockDelta(output, json =>
                {
                    json.WriteString("type"u8, "citations_delta"u8);
                    json.WritePropertyName("citation"u8);
                    json.WriteExact(raw.Json, "A citation");
                });
            }
            else
            {
                losses.NoPlace("citations of another vendor's form", Name);
            }
        }
    }

    private void Begin(IBufferWriter<byte> output)
    {
        if (_hasBegun) return;
        _hasBegun = true;
        Event(output, "message_start", json =>
        {
            json.WriteStartObject("message"u8);
            json.WriteString("id"u8, _header.Id ?? "");
            json.WriteString("type"u8, "message"u8);
            json.WriteString("role"u8, "assistant"u8);
            json.WriteString("model"u8, _header.Model ?? "");
            json.WriteStartArray("content"u8);
            json.WriteEndArray();
            json.WriteNull("stop_reason"u8);
            json.WriteNull("stop_sequence"u8);

            // The output is counted at the end; clients add up nothing, they take the last.
            AnthropicUsageWriter.Write(json, _usage is { } usage ? usage with { OutputTokens = Math.Min(usage.OutputTokens, 1), ReasoningTokens = 0 } : null, AnthropicReplyEncoder.TierOf(_header.ServiceTier, losses));
            json.WriteBag(new LlmExtensions(Name, _early), static name => name == AnthropicReplyDecoder.OfUsage);
            json.WriteEndObject();
        });
    }

    private void Open(int index, IBufferWriter<byte> output, Action<Utf8JsonWriter> block)
    {
        if (_open == index) return;
        CloseBlock(output);
        _open = index;
        Event(output, "content_block_start", json =>
        {
            json.WriteNumber("index"u8, _blocks);
            json.WriteStartObject("content_block"u8);
            block(json);
            json.WriteEndObject();
        });
    }

    private void OpenThinking(int index, IBufferWriter<byte> output) => Open(index, output, static json =>
    {
        json.WriteString("type"u8, "thinking"u8);
        json.WriteString("thinking"u8, ""u8);
        json.WriteString("signature"u8, ""u8);
    });

    private void BlockDelta(IBufferWriter<byte> output, Action<Utf8JsonWriter> delta) => Event(output, "content_block_delta", json =>
    {
        json.WriteNumber("index"u8, _blocks);
        json.WriteStartObject("delta"u8);
        delta(json);
        json.WriteEndObject();
    });

    private void CloseBlock(IBufferWriter<byte> output)
    {
        if (_open < 0) return;
        Event(output, "content_block_stop", json => json.WriteNumber("index"u8, _blocks));
        _open = -1;
        _isCall = false;
        _blocks++;
    }

    private static void Event(IBufferWriter<byte> output, string type, Action<Utf8JsonWriter> members)
    {
        output.Write("event: "u8);
        output.Write(System.Text.Encoding.UTF8.GetBytes(type));
        output.Write("\ndata: "u8);
        using (var json = new Utf8JsonWriter(output, JsonWrite.Options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            members(json);
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }
}
