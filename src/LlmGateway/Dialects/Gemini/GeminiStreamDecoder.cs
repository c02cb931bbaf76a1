using System.Text.Json;
using LlmGateway.PriceData;

namespace LlmGateway.Dialects.Gemini;

/// <summary>
/// Reads the chunks of streamGenerateContent, each a reply of its own with a piece of the answer. A finish reason makes it
/// complete. Answers that say one in each chunk, with their sources after the last, are documented too: where the first
/// piece has a reason already, the stream is read to its end, and only that makes it complete.
/// </summary>
internal sealed class GeminiStreamDecoder : IStreamDecoder
{
    private string? _scope;
    private int _parts;
    private int _openText = -1;
    private int _openThought = -1;
    private int _lastText = -1;
    private bool _hasCalls;
    private bool _hasHeader;
    private bool _isRepeated;
    private bool _hasPlainPiece;
    private bool _hasFinalUsage;
    private bool _isDone;
    private string? _finish;
    private string? _blocked;
    private OrderedDictionary<string, string>? _extras;
    private List<Citation>? _citations;

    public bool IsComplete { get; private set; }

    public bool IsEnded => _isDone || (IsComplete && _hasFinalUsage && (_hasPlainPiece || _blocked is not null));

    public bool IsLast => _isDone;

    public int SkippedEvents { get; private set; }

    public void Decode(ReadOnlySpan<byte> type, ReadOnlyMemory<byte> data, List<LlmDelta> deltas)
    {
        if (_hasHeader && _openText >= 0 && GeminiTextEvent.TryRead(data.Span, out var text))
        {
            Said();
            _lastText = _openText;
            deltas.Add(new TextDelta(_openText, text));
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(data);
            Read(document.RootElement, deltas);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // "[DONE]" of a compatible server is no chunk either, and nothing is lost with it.
            if (data.Span.SequenceEqual("[DONE]"u8)) _isDone = true;
            else SkippedEvents++;
        }
    }

    public void End(List<LlmDelta> deltas)
    {
        if (_finish is null && _blocked is null) return;
        if (_lastText >= 0) deltas.AddRange((_citations ?? []).Select(citation => new PartDetailDelta(_lastText) { Citation = citation }));
        else if (_citations is not null) deltas.Add(new HeaderDelta { Losses = [GeminiReplyDecoder.CitationsWithoutText] });
        IsComplete = true;
        deltas.Add(_finish is null ? new FinishDelta(FinishReason.ContentFilter, _blocked) : new FinishDelta(GeminiFinish.Of(_finish, _hasCalls), _finish));
    }

    private void Read(JsonElement root, List<LlmDelta> deltas)
    {
        if (GeminiErrorDecoder.In(root) is { } error) throw new DialectException(error.Kind, error.Message ?? "The stream ends in an error.", error);
        if (root.ValueKind != JsonValueKind.Object)
        {
            SkippedEvents++;
            return;
        }

        ReadHeader(root, deltas);
        foreach (var candidate in root.Items("candidates"u8))
        {
            if (candidate.Whole("index"u8) is > 0)
            {
                deltas.Add(new HeaderDelta { Losses = ["Further candidates of the reply were left out: one answer is read."] });
                continue;
            }

            ReadCandidate(candidate, deltas);
        }

        _blocked ??= GeminiReplyDecoder.BlockReason(root);
        IsComplete |= _blocked is not null;
        ReadUsage(root, deltas);
    }

    private void ReadHeader(JsonElement root, List<LlmDelta> deltas)
    {
        _scope ??= root.Text("responseId"u8);
        var extras = ExtrasOf(root);
        var billing = BillingReader.In(root);
        if (_hasHeader && extras is null && billing.IsNone) return;
        deltas.Add(new HeaderDelta { Id = root.Text("responseId"u8), Model = root.Text("modelVersion"u8), Billing = billing, Extensions = extras });
        _hasHeader = true;
    }

    /// <summary>What the candidate says in later chunks stands beside what it said before: a member replaces only the one of its name, as in the vendor's own clients.</summary>
    private LlmExtensions? ExtrasOf(JsonElement root)
    {
        var all = GeminiReplyDecoder.ExtrasOfRoot(root);
        if (First(root) is not { } candidate || GeminiReplyDecoder.ExtrasOfCandidate(candidate) is not { } rest) return all;
        _extras ??= [];
        foreach (var (name, json) in rest.Members) _extras[name] = json;
        return new LlmExtensions(GeminiDialect.DialectName, [.. all?.Members ?? new Dictionary<string, string>(), new(GeminiReplyDecoder.OfCandidate, BagObject.ToObject(_extras))]);
    }

    private static JsonElement? First(JsonElement root)
    {
        foreach (var candidate in root.Items("candidates"u8))
        {
            if (candidate.ValueKind == JsonValueKind.Object && candidate.Whole("index"u8) is not > 0) return candidate;
        }

        return null;
    }

    private void ReadUsage(JsonElement root, List<LlmDelta> deltas)
    {
        var losses = new List<string>();
        if (GeminiReplyDecoder.UsageOf(root, losses) is { } usage)
        {
            _hasFinalUsage = IsComplete;
            deltas.Add(new UsageDelta(usage));
        }
        else if (losses.Count > 0 && IsComplete)
        {
            deltas.Add(new HeaderDelta { Losses = losses });
        }

        if ((_finish ?? _blocked) is not null && GeminiReplyDecoder.ExtrasOfUsage(root) is { } rest) deltas.Add(new HeaderDelta { Extensions = new LlmExtensions(GeminiDialect.DialectName, [rest]) });
    }

    private void ReadCandidate(JsonElement candidate, List<LlmDelta> deltas)
    {
        var said = deltas.Count;
        foreach (var json in (candidate.Object("content"u8) ?? default).Items("parts"u8))
        {
            Add(GeminiPartDecoder.Read(json, () => GeminiIds.Make(_scope ?? "reply", _parts), static _ => null), deltas);
        }

        var word = candidate.Text("finishReason"u8);
        if (deltas.Count > said) Said(isPlain: string.IsNullOrEmpty(word));
        if (GeminiLogProbs.Read(candidate) is { Count: > 0 } logProbs) deltas.Add(new LogProbsDelta(logProbs));
        foreach (var citation in GeminiReplyDecoder.Citations(candidate))
        {
            if (_citations?.Exists(one => one.Raw == citation.Raw) != true) (_citations ??= []).Add(citation);
        }

        if (string.IsNullOrEmpty(word)) return;
        _finish = word;
        IsComplete = !_isRepeated;
    }

    /// <summary>A piece of the answer has come. After a finish reason it says that reasons here end nothing.</summary>
    private void Said(bool isPlain = true)
    {
        _hasPlainPiece |= isPlain && _finish is null;
        if (_finish is null) return;
        _isRepeated = true;
        IsComplete = false;
    }

    /// <summary>Pieces of text go on with the part that is open; what is signed is a part of its own, since a signature stands for all of its part.</summary>
    private void Add(LlmPart part, List<LlmDelta> deltas)
    {
        switch (part)
        {
            case TextPart { Text: "", Signature: null, Extensions: null }:
                break;
            case TextPart { Signature: null, Extensions: null } text:
                if (_openText < 0) Open(ref _openText);
                _lastText = _openText;
                deltas.Add(new TextDelta(_openText, text.Text));
                break;
            case ThinkingPart { Signature: null, Extensions: null } thinking:
                var isNew = _openThought < 0;
                if (isNew) Open(ref _openThought);
                deltas.Add(new ThinkingDelta(_openThought, thinking.Text));
                if (isNew) deltas.Add(new PartDetailDelta(_openThought) { Origin = GeminiDialect.DialectName });
                break;
            default:
                _openText = _openThought = -1;
                if (part is ToolCallPart) _hasCalls = true;
                if (part is TextPart) _lastText = _parts;
                deltas.AddRange(Messages.ReplyDeltas.OfPart(_parts++, part));
                break;
        }
    }

    private void Open(ref int part)
    {
        _openText = _openThought = -1;
        part = _parts++;
    }
}
