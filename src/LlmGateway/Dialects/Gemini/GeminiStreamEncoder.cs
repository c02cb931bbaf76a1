using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LlmGateway.Dialects.Gemini;

/// <summary>Writes the chunks of streamGenerateContent. A call goes out whole, with the last of its arguments; the last chunk has the finish reason and the counts.</summary>
internal sealed class GeminiStreamEncoder(List<string> losses) : IStreamEncoder
{
    private const string Name = GeminiDialect.DialectName;

    private readonly SortedDictionary<int, Pending> _pending = [];
    private readonly List<Citation> _citations = [];
    private readonly List<TokenLogProb> _logProbs = [];
    private readonly OrderedDictionary<string, string> _own = [];
    private int _lastThought = -1;
    private bool _hasParts;
    private HeaderDelta _header = new();
    private TokenUsage? _usage;
    private FinishDelta? _finish;

    public void Encode(LlmDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case HeaderDelta header:
                foreach (var (name, value) in losses.Own(header.Extensions, Name)?.Members ?? new Dictionary<string, string>()) _own[name] = value;
                GeminiReplyEncoder.CheckHeader(null, header.ServiceTier, header.CreatedAt, losses);
                _header = _header with { Id = header.Id ?? _header.Id, Model = header.Model ?? _header.Model };
                break;
            case TextDelta text:
                Chunk(output, [new TextPart(text.Text)]);
                break;
            case RefusalDelta refusal:
                Chunk(output, [new RefusalPart(refusal.Text)]);
                break;
            case ThinkingDelta thinking:
                _lastThought = thinking.Index;
                if (thinking.Text.Length > 0) Chunk(output, [new ThinkingPart(thinking.Text)]);
                break;
            case ToolCallDelta call:
                var pending = PendingOf(call.Index);
                pending.Id ??= call.Id;
                pending.Name ??= call.Name;
                pending.Arguments.Append(call.ArgumentsJson);
                break;
            case PartDelta part:
                Chunk(output, [part.Part]);
                break;
            case PartDetailDelta detail:
                AddDetail(detail, output);
                break;
            case LogProbsDelta logProbs:
                _logProbs.AddRange(logProbs.LogProbs);
                break;
            case UsageDelta usage:
                _usage = usage.Usage;
                break;
            case FinishDelta finish:
                GeminiReplyEncoder.CheckHeader(finish.StopSequence, null, null, losses);
                _finish = finish;
                break;
        }
    }

    public void Complete(IBufferWriter<byte> output)
    {
        if (_finish is null) throw new InvalidOperationException("The reply has not finished: the stream must end with an error.");
        foreach (var call in _pending.Values)
        {
            Chunk(output, [new ToolCallPart(call.Id ?? "", call.Name ?? "", call.Arguments.ToString()) { Signature = call.Signature, Origin = call.Origin, Extensions = call.Extensions }]);
        }

        Chunk(output, [], isLast: true);
    }

    /// <summary>An empty line, not a comment: clients of Google's take every other line for JSON.</summary>
    public void SayAlive(IBufferWriter<byte> output) => output.Write("\n"u8);

    public void Fail(VendorError error, IBufferWriter<byte> output)
    {
        output.Write("data: "u8);
        GeminiErrorEncoder.Encode(error, output);
        output.Write("\n\n"u8);
    }

    private Pending PendingOf(int index)
    {
        if (!_pending.TryGetValue(index, out var pending)) _pending[index] = pending = new Pending();
        return pending;
    }

    private void AddDetail(PartDetailDelta detail, IBufferWriter<byte> output)
    {
        if (detail.Citation is { } citation) _citations.Add(citation);
        if (_pending.TryGetValue(detail.Index, out var call))
        {
            call.Signature = detail.Signature ?? call.Signature;
            call.Origin = detail.Origin ?? call.Origin;
            call.Extensions = detail.Extensions ?? call.Extensions;
            return;
        }

        var own = losses.Own(detail.Extensions, Name, "parts[]");
        if (detail.EncryptedContent is not null) losses.NoPlace("encrypted thinking", Name);
        var signature = detail.Origin is null or Name ? detail.Signature : null;
        if (detail.Signature is not null && signature is null) losses.NoPlace($"{detail.Origin}'s signature", Name);
        if (signature is null && own is null) return;

        // What comes after its text goes out in a part without text, as the vendor's own signatures do.
        Chunk(output, [detail.Index == _lastThought ? new ThinkingPart("", signature) { Origin = Name, Extensions = own } : new TextPart("") { Signature = signature, Origin = Name, Extensions = own }]);
    }

    private void Chunk(IBufferWriter<byte> output, IReadOnlyList<LlmPart> parts, bool isLast = false)
    {
        output.Write("data: "u8);
        _hasParts |= parts.Count > 0;
        var own = isLast && _own.Count > 0 ? new LlmExtensions(Name, _own) : null;
        using (var json = new Utf8JsonWriter(output, JsonWrite.Options))
        {
            json.WriteStartObject();
            if (!isLast || !GeminiReplyEncoder.IsBlocked(own, _finish!.Reason, _hasParts ? 1 : 0)) WriteCandidate(json, parts, own, isLast);
            if (isLast && _usage is { } usage) GeminiReplyEncoder.WriteUsage(json, usage, own, losses);
            if (_header.Model is { } model) json.WriteString("modelVersion"u8, model);
            if (_header.Id is { } id) json.WriteString("responseId"u8, id);
            json.WriteBag(own, static name => name is GeminiReplyDecoder.OfCandidate or GeminiReplyDecoder.OfUsage);
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }

    private void WriteCandidate(Utf8JsonWriter json, IReadOnlyList<LlmPart> parts, LlmExtensions? own, bool isLast)
    {
        json.WriteStartArray("candidates"u8);
        json.WriteStartObject();
        json.WriteStartObject("content"u8);
        json.WriteStartArray("parts"u8);
        foreach (var part in parts) GeminiReplyEncoder.WritePart(json, part, losses);
        json.WriteEndArray();
        json.WriteString("role"u8, "model"u8);
        json.WriteEndObject();
        if (isLast)
        {
            json.WriteString("finishReason"u8, GeminiFinish.WordOf(_finish!.Reason, _finish.VendorReason, losses));
            GeminiReplyEncoder.WriteCitations(json, _citations, losses);
            GeminiLogProbs.Write(json, _logProbs);
        }

        json.WriteNumber("index"u8, 0);
        BagObject.WriteMembers(json, own, GeminiReplyDecoder.OfCandidate);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private sealed class Pending
    {
        public string? Id { get; set; }

        public string? Name { get; set; }

        public string? Signature { get; set; }

        public string? Origin { get; set; }

        public LlmExtensions? Extensions { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}
