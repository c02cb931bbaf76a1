using System.Buffers;
using System.Text.Json;
using LlmGateway.Bedrock.EventStream;
using LlmGateway.Messages;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>
/// Writes the events of a stream in the documented order: messageStart, each block's start (of calls and images alone),
/// deltas and stop, one block after the other, messageStop, metadata.
/// </summary>
/// <remarks>Clients put blocks together one at a time: where the deltas interleave (parallel calls of OpenAI's), a block waits until the one before it is closed.</remarks>
internal sealed class BedrockStreamEncoder(List<string> losses) : IStreamEncoder
{
    private const string Name = BedrockDialect.DialectName;

    private readonly ArrayBufferWriter<byte> _payload = new();
    private readonly List<(int Index, List<LlmDelta> Deltas)> _waiting = [];
    private HeaderDelta _header = new();
    private LlmExtensions? _own;
    private TokenUsage? _usage;
    private FinishDelta? _finish;
    private bool _hasBegun;
    private int _open = -1;
    private bool _isCall;
    private bool _isThought;
    private bool _hasWritten;
    private int _blocks;

    public void Encode(LlmDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case HeaderDelta header:
                AddHeader(header);
                break;
            case UsageDelta usage:
                _usage = usage.Usage;
                break;
            case FinishDelta finish:
                _finish = finish;
                break;
            case LogProbsDelta:
                BedrockReplyEncoder.CheckLogProbs(hasLogProbs: true, losses);
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
        Close(output);
        foreach (var (_, deltas) in _waiting)
        {
            foreach (var delta in deltas) Write(delta, output);
            Close(output);
        }

        BedrockReplyEncoder.Check(_header.Id, _header.Model, _header.CreatedAt, _header.ReportedCostUsd, _own, losses);
        BedrockUsage.Check(_usage, losses);
        Event(output, "messageStop", json =>
        {
            json.WriteString("stopReason"u8, BedrockFinish.WordOf(_finish.Reason, _finish.VendorReason, _finish.StopSequence, losses));
            BedrockReplyEncoder.WriteStopSequence(json, _finish.StopSequence, _own, losses);
            json.WriteBag(_own, static member => member != "additionalModelResponseFields");
        });
        Event(output, "metadata", json =>
        {
            BedrockUsage.Write(json, _usage);
            if (_own?.Members.ContainsKey("metrics") != true) BedrockReplyEncoder.WriteMetrics(json);
            var tier = BedrockTier.OfReply(_header.ServiceTier, losses);
            if (tier is not null) BedrockTier.Write(json, tier);
            json.WriteBag(_own, member => member is "usage" or "stopReason" or "additionalModelResponseFields" || (member == "serviceTier" && tier is not null));
        });
    }

    /// <summary>The protocol has none.</summary>
    public void SayAlive(IBufferWriter<byte> output)
    {
    }

    public void Fail(VendorError error, IBufferWriter<byte> output)
    {
        using (var json = Payload())
        {
            json.WriteStartObject();
            json.WriteString("message"u8, error.Message ?? "The model could not be asked.");
            json.WriteEndObject();
        }

        EventStreamWriter.WriteException(output, BedrockErrorEncoder.StreamNameOf(error.Kind), _payload.WrittenSpan);
    }

    private void AddHeader(HeaderDelta header)
    {
        if (losses.Own(header.Extensions, Name) is { } own) _own = _own is null ? own : new LlmExtensions(Name, _own.Members.Concat(own.Members));
        _header = _header with
        {
            Id = header.Id ?? _header.Id,
            Model = header.Model ?? _header.Model,
            ServiceTier = header.ServiceTier ?? _header.ServiceTier,
            CreatedAt = header.CreatedAt ?? _header.CreatedAt,
            ReportedCostUsd = header.ReportedCostUsd ?? _header.ReportedCostUsd,
        };
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
        if (delta is PartDelta { Part: var part } && !BedrockReplyEncoder.HasPlace(part, losses)) return;
        Begin(output);
        if (_open < 0 || _open == index)
        {
            Write(delta, output);
            return;
        }

        // Text and thoughts come one after the other; only calls are written side by side.
        if (!_isCall && _waiting.Count == 0 && delta is not PartDetailDelta)
        {
            Close(output);
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
                WriteText(text.Index, text.Text, output);
                break;
            case RefusalDelta refusal:
                losses.Once($"a refusal was written as text: the {Name} dialect has no part for it.");
                WriteText(refusal.Index, refusal.Text, output);
                break;
            case ThinkingDelta thinking:
                Open(thinking.Index, output);
                _isThought = true;
                if (thinking.Text.Length > 0) Reasoning(output, "text", thinking.Text);
                break;
            case ToolCallDelta call:
                WriteCall(call, output);
                break;
            case PartDelta { Part: ImagePart or RawPart } whole:
                Close(output);
                new BedrockWholeBlock(losses, (type, write) => Block(output, type, write)).Write(whole.Part);
                _open = whole.Index;
                break;
            case PartDelta whole:
                foreach (var piece in ReplyDeltas.OfPart(whole.Index, BedrockReplyEncoder.Own(whole.Part, losses))) Write(piece, output);
                break;
            case PartDetailDelta detail:
                WriteDetail(detail, output);
                break;
        }
    }

    private void WriteText(int index, string text, IBufferWriter<byte> output)
    {
        Open(index, output);
        if (text.Length > 0 || !_hasWritten) Delta(output, json => json.WriteString("text"u8, text));
    }

    private void WriteCall(ToolCallDelta call, IBufferWriter<byte> output)
    {
        if (_open != call.Index)
        {
            Open(call.Index, output);
            Block(output, "contentBlockStart", json =>
            {
                json.WriteStartObject("start"u8);
                json.WriteStartObject("toolUse"u8);
                json.WriteString("toolUseId"u8, BedrockToolId.Of(call.Id ?? ""));
                json.WriteString("name"u8, call.Name ?? "");
                json.WriteEndObject();
                json.WriteEndObject();
            });
            _isCall = true;
        }

        if (call.ArgumentsJson.Length == 0) return;
        Delta(output, json =>
        {
            json.WriteStartObject("toolUse"u8);
            json.WriteString("input"u8, call.ArgumentsJson);
            json.WriteEndObject();
        });
    }

    private void WriteDetail(PartDetailDelta detail, IBufferWriter<byte> output)
    {
        // A stream's block starts with what it must have; nothing of the bag can follow it.
        foreach (var member in detail.Extensions?.Members.Keys ?? []) losses.NoPlace($"{detail.Extensions!.Dialect}'s content[].{member} in a stream", Name);
        if (detail.Origin is not (null or Name) || !_isThought)
        {
            if (detail.Signature is not null || detail.EncryptedContent is not null) losses.NoPlace($"{detail.Origin ?? "another"}'s signature{(_isThought ? " of thinking" : "")}", Name);
        }
        else
        {
            if (detail.Signature is { } signature) Reasoning(output, "signature", signature);
            if (detail.EncryptedContent is { } encrypted) Reasoning(output, "redactedContent", encrypted);
        }

        if (detail.Citation is { } citation)
        {
            Delta(output, json =>
            {
                json.WritePropertyName("citation"u8);
                json.WriteExact(BedrockCitation.Own(citation, losses).Raw!.Json, "A citation");
            });
        }
    }

    private void Reasoning(IBufferWriter<byte> output, string member, string value) => Delta(output, json =>
    {
        json.WriteStartObject("reasoningContent"u8);
        json.WriteString(member, value);
        json.WriteEndObject();
    });

    private void Begin(IBufferWriter<byte> output)
    {
        if (_hasBegun) return;
        _hasBegun = true;
        Event(output, "messageStart", static json => json.WriteString("role"u8, "assistant"u8));
    }

    /// <summary>Texts and thoughts have no start of their own: their first piece says what they are.</summary>
    private void Open(int index, IBufferWriter<byte> output)
    {
        if (_open == index) return;
        Close(output);
        _open = index;
    }

    private void Close(IBufferWriter<byte> output)
    {
        if (_hasWritten)
        {
            Block(output, "contentBlockStop", static _ => { });
            _blocks++;
        }

        _open = -1;
        _isCall = _isThought = _hasWritten = false;
    }

    private void Delta(IBufferWriter<byte> output, Action<Utf8JsonWriter> delta) => Block(output, "contentBlockDelta", json =>
    {
        json.WriteStartObject("delta"u8);
        delta(json);
        json.WriteEndObject();
    });

    private void Block(IBufferWriter<byte> output, string type, Action<Utf8JsonWriter> members)
    {
        _hasWritten = true;
        Event(output, type, json =>
        {
            members(json);
            json.WriteNumber("contentBlockIndex"u8, _blocks);
        });
    }

    private void Event(IBufferWriter<byte> output, string type, Action<Utf8JsonWriter> members)
    {
        using (var json = Payload())
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        EventStreamWriter.WriteEvent(output, type, _payload.WrittenSpan);
    }

    private Utf8JsonWriter Payload()
    {
        _payload.ResetWrittenCount();
        return new Utf8JsonWriter(_payload, JsonWrite.Options);
    }
}
