using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>Writes the chunks of a stream: the role first, then the deltas, the finish reason, the counts in a chunk without choices, and <c>[DONE]</c>.</summary>
internal sealed class OpenAIStreamEncoder(List<string> losses) : IStreamEncoder
{
    private const string Name = OpenAIDialect.DialectName;

    private readonly Dictionary<int, int> _calls = [];
    private HeaderDelta _header = new();
    private TokenUsage? _usage;
    private FinishDelta? _finish;
    private bool _hasRefusal;
    private LlmExtensions? _own;
    private bool _hasBegun;

    public void Encode(LlmDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case HeaderDelta header:
                if (losses.Own(header.Extensions, Name) is { } more) _own = _own is null ? more : new LlmExtensions(Name, _own.Members.Concat(more.Members));
                _header = _header with { Id = header.Id ?? _header.Id, Model = header.Model ?? _header.Model, CreatedAt = header.CreatedAt ?? _header.CreatedAt, ServiceTier = header.ServiceTier ?? _header.ServiceTier };
                break;
            case TextDelta text:
                Chunk(output, json => json.WriteString("content"u8, text.Text));
                break;
            case RefusalDelta refusal:
                _hasRefusal = true;
                Chunk(output, json => json.WriteString("refusal"u8, refusal.Text));
                break;
            case ThinkingDelta thinking when thinking.Text.Length > 0:
                Chunk(output, json => json.WriteString("reasoning_content"u8, thinking.Text));
                break;
            case ToolCallDelta call:
                Chunk(output, json => WriteCall(json, call));
                break;
            case PartDetailDelta detail:
                WriteDetail(detail, output);
                break;
            case PartDelta { Part: var part }:
                if (OpenAIMessageEncoder.CustomCallId(part) is not null) WriteCustomCall((RawPart)part, output);
                else losses.NoPlace(part is RawPart raw ? $"{raw.Dialect}'s part of a reply" : $"a {part.GetType().Name} in a reply", Name);
                break;
            case LogProbsDelta logProbs:
                Chunk(output, static _ => { }, logProbs.LogProbs);
                break;
            case UsageDelta usage:
                _usage = usage.Usage;
                break;
            case FinishDelta finish:
                OpenAIReplyEncoder.CheckStop(finish.StopSequence, losses);
                _finish = finish;
                break;
        }
    }

    public void Complete(IBufferWriter<byte> output)
    {
        if (_finish is null) throw new InvalidOperationException("The reply has not finished: the stream must end with an error.");
        Begin(output);
        Event(output, json =>
        {
            WriteHead(json);
            json.WriteStartArray("choices"u8);
            json.WriteStartObject();
            json.WriteNumber("index"u8, 0);
            json.WriteStartObject("delta"u8);
            json.WriteEndObject();
            json.WriteString("finish_reason"u8, OpenAIFinish.WordOf(_finish.Reason, _finish.VendorReason, _hasRefusal, losses));
            BagObject.WriteMembers(json, _own, OpenAIReplyDecoder.OfChoice);
            json.WriteEndObject();
            json.WriteEndArray();
        });
        if (_usage is { } usage)
        {
            OpenAIUsage.Check(usage, losses);
            Event(output, json =>
            {
                WriteHead(json);
                json.WriteStartArray("choices"u8);
                json.WriteEndArray();
                OpenAIUsage.Write(json, usage);
            });
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    /// <summary>The protocol has no event for it; a comment of server-sent events is none.</summary>
    public void SayAlive(IBufferWriter<byte> output) => output.Write(": waiting\n\n"u8);

    public void Fail(VendorError error, IBufferWriter<byte> output)
    {
        output.Write("data: "u8);
        OpenAIErrorEncoder.Encode(error, output);
        output.Write("\n\n"u8);
    }

    private void WriteDetail(PartDetailDelta detail, IBufferWriter<byte> output)
    {
        if (detail.Signature is not null || detail.EncryptedContent is not null) losses.NoPlace($"{detail.Origin ?? "another"}'s signature", Name);
        if (losses.Own(detail.Extensions, Name, "parts[]") is { } own) Chunk(output, json => json.WriteBag(own));
        if (detail.Citation is { } citation)
        {
            Chunk(output, json =>
            {
                json.WriteStartArray("annotations"u8);
                OpenAIReplyEncoder.WriteAnnotation(json, citation, losses);
                json.WriteEndArray();
            });
        }
    }

    private void WriteCall(Utf8JsonWriter json, ToolCallDelta call)
    {
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        var isFirst = !_calls.TryGetValue(call.Index, out var index);
        if (isFirst) _calls[call.Index] = index = _calls.Count;
        json.WriteNumber("index"u8, index);
        if (isFirst)
        {
            json.WriteString("id"u8, call.Id ?? "");
            json.WriteString("type"u8, "function"u8);
        }

        json.WriteStartObject("function"u8);
        if (isFirst) json.WriteString("name"u8, call.Name ?? "");
        json.WriteString("arguments"u8, call.ArgumentsJson);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>Whole, with the index that a chunk's call must have.</summary>
    private void WriteCustomCall(RawPart raw, IBufferWriter<byte> output) => Chunk(output, json =>
    {
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, _calls.Count);
        _calls[-1 - _calls.Count] = _calls.Count;
        using var document = JsonDocument.Parse(raw.Json);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (!member.NameEquals("index"u8)) member.WriteTo(json);
        }

        json.WriteEndObject();
        json.WriteEndArray();
    });

    private void Begin(IBufferWriter<byte> output)
    {
        if (_hasBegun) return;
        _hasBegun = true;
        Chunk(output, json =>
        {
            json.WriteString("role"u8, "assistant"u8);
            json.WriteString("content"u8, ""u8);
            BagObject.WriteMembers(json, _own, OpenAIReplyDecoder.OfMessage);
        });
    }

    private void Chunk(IBufferWriter<byte> output, Action<Utf8JsonWriter> delta, IReadOnlyList<TokenLogProb>? logProbs = null)
    {
        Begin(output);
        Event(output, json =>
        {
            WriteHead(json);
            json.WriteStartArray("choices"u8);
            json.WriteStartObject();
            json.WriteNumber("index"u8, 0);
            json.WriteStartObject("delta"u8);
            delta(json);
            json.WriteEndObject();
            if (logProbs is not null) OpenAILogProbs.Write(json, logProbs);
            json.WriteNull("finish_reason"u8);
            json.WriteEndObject();
            json.WriteEndArray();
        });
    }

    private void WriteHead(Utf8JsonWriter json)
    {
        json.WriteString("id"u8, _header.Id ?? "");
        json.WriteString("object"u8, "chat.completion.chunk"u8);
        json.WriteNumber("created"u8, (_header.CreatedAt ?? DateTimeOffset.UnixEpoch).ToUnixTimeSeconds());
        json.WriteString("model"u8, _header.Model ?? "");
        if (_header.ServiceTier is { } tier) json.WriteString("service_tier"u8, tier);
        json.WriteBag(_own, static name => name is OpenAIReplyDecoder.OfChoice or OpenAIReplyDecoder.OfMessage);
    }

    private static void Event(IBufferWriter<byte> output, Action<Utf8JsonWriter> members)
    {
        output.Write("data: "u8);
        using (var json = new Utf8JsonWriter(output, JsonWrite.Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }
}
