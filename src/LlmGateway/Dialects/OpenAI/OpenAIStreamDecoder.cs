using System.Text;
using System.Text.Json;
using LlmGateway.PriceData;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>
/// Reads the chunks of a stream: https://platform.openai.com/docs/api-reference/chat/streaming. It is complete with a
/// finish reason; counts may follow in a chunk without choices, and then <c>[DONE]</c>, which some servers leave out.
/// </summary>
internal sealed class OpenAIStreamDecoder(WirePeer peer) : IStreamDecoder
{
    private readonly List<OpenAIStreamCall> _calls = [];
    private readonly TextFrame _frame = new();
    private string? _id;
    private int _parts;
    private int _textPart = -1;
    private int _thinkingPart = -1;
    private int _refusalPart = -1;
    private OpenAIStreamCall? _legacyCall;
    private bool _hasHeader;
    private bool _hasUsage;
    private bool _isDone;

    public bool IsComplete { get; private set; }

    public bool IsEnded => _isDone || (IsComplete && _hasUsage);

    public bool IsLast => _isDone;

    public int SkippedEvents { get; private set; }

    public void Decode(ReadOnlySpan<byte> type, ReadOnlyMemory<byte> data, List<LlmDelta> deltas)
    {
        if (data.Span.Trim((byte)' ').SequenceEqual("[DONE]"u8))
        {
            _isDone = true;
            return;
        }

        if (_hasHeader && !IsComplete && TryReadText(data.Span, out var text))
        {
            AddText(text, deltas);
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

    private bool TryReadText(ReadOnlySpan<byte> data, out string text)
    {
        if (_frame.TryRead(data, out text)) return true;
        if (!OpenAITextEvent.TryRead(data, out text, out var place)) return false;
        _frame.Learn(data, place);
        return true;
    }

    public void End(List<LlmDelta> deltas)
    {
        if (!IsComplete) EndCustomCalls(deltas);
        // After a gap, arguments that are no JSON have lost a piece.
        if (SkippedEvents > 0 && _calls.Exists(call => !call.IsWhole))
        {
            IsComplete = false;
            throw new DialectException(ProviderErrorKind.Truncated, "An event of the stream could not be read, and a tool call is not whole without it.");
        }
    }

    private void Read(JsonElement root, List<LlmDelta> deltas)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            SkippedEvents++;
            return;
        }

        if (OpenAIErrorDecoder.In(root) is { } error) throw new DialectException(error.Kind, error.Message ?? "The stream ends in an error.", error);
        ReadHeader(root, deltas);
        foreach (var choice in root.Items("choices"u8))
        {
            if (choice.Whole("index"u8) is > 0)
            {
                deltas.Add(new HeaderDelta { Losses = ["Further choices of the reply were left out: one answer is read."] });
                continue;
            }

            ReadChoice(choice, deltas);
        }

        ReadUsage(root, deltas);
    }

    /// <summary>Each chunk repeats it; it is told once, and later only what is new.</summary>
    private void ReadHeader(JsonElement root, List<LlmDelta> deltas)
    {
        var tier = root.Text("service_tier"u8);
        if (_hasHeader && tier is null) return;
        if (!_hasHeader)
        {
            _hasHeader = true;
            _id = root.Text("id"u8);
            deltas.Add(new HeaderDelta { Id = _id, Model = root.Text("model"u8) is { Length: > 0 } model ? model : null, CreatedAt = OpenAIReplyDecoder.Created(root), ServiceTier = tier, Billing = BillingReader.In(root), Extensions = OpenAIReplyDecoder.OfRoot(root) });
        }
        else if (BillingReader.In(root) is { IsNone: false } billing)
        {
            deltas.Add(new HeaderDelta { ServiceTier = tier, Billing = billing });
        }
    }

    private void ReadUsage(JsonElement root, List<LlmDelta> deltas)
    {
        var losses = new List<string>();
        if (OpenAIReplyDecoder.UsageOf(root, peer, losses) is { } usage)
        {
            _hasUsage = IsComplete; // Counts that come early are not the last ones.
            deltas.Add(new UsageDelta(usage));
            var billing = BillingReader.In(root);
            if (OpenAIReplyDecoder.ReportedCost(root, peer) is { } cost) deltas.Add(new HeaderDelta { ReportedCostUsd = cost, Billing = billing });
            else if (!billing.IsNone) deltas.Add(new HeaderDelta { Billing = billing });
        }
        else if (losses.Count > 0)
        {
            deltas.Add(new HeaderDelta { Losses = losses });
        }
    }

    private void ReadChoice(JsonElement choice, List<LlmDelta> deltas)
    {
        if ((choice.Object("delta"u8) ?? choice.Object("message"u8)) is { } delta) ReadDelta(delta, deltas);
        if (OpenAILogProbs.Read(choice) is { Count: > 0 } logProbs) deltas.Add(new LogProbsDelta(logProbs));
        if (choice.Text("finish_reason"u8) is not { Length: > 0 } word || IsComplete) return;
        IsComplete = true;
        EndCustomCalls(deltas);
        deltas.Add(new FinishDelta(OpenAIFinish.Of(word, _calls.Count > 0, _refusalPart >= 0), word));
    }

    private void ReadDelta(JsonElement delta, List<LlmDelta> deltas)
    {
        if ((delta.Text("reasoning_content"u8) ?? delta.Text("reasoning"u8)) is { Length: > 0 } thought) AddThought(thought, deltas);
        if (delta.TryGetProperty("reasoning_details"u8, out var details) && details.ValueKind == JsonValueKind.Array && details.GetArrayLength() > 0) AddDetails(details, deltas);
        if (delta.Text("content"u8) is { Length: > 0 } text) AddText(text, deltas);
        foreach (var item in delta.Items("content"u8))
        {
            // Mistral's form: thoughts and text as a list.
            if (item.Text("text"u8) is { Length: > 0 } piece) AddText(piece, deltas);
            foreach (var thinking in item.Items("thinking"u8))
            {
                if (thinking.Text("text"u8) is { Length: > 0 } part) AddThought(part, deltas);
            }
        }

        if (delta.Text("refusal"u8) is { Length: > 0 } refusal)
        {
            if (_refusalPart < 0) _refusalPart = _parts++;
            deltas.Add(new RefusalDelta(_refusalPart, refusal));
        }

        foreach (var annotation in delta.Items("annotations"u8))
        {
            if (_textPart >= 0) deltas.Add(new PartDetailDelta(_textPart) { Citation = OpenAIReplyDecoder.CitationOf(annotation) });
        }

        foreach (var call in delta.Items("tool_calls"u8)) ReadCall(call, deltas);
        if (delta.Object("function_call"u8) is { } function) ReadLegacyCall(function, deltas);
    }

    private void AddText(string text, List<LlmDelta> deltas)
    {
        if (_textPart < 0) _textPart = _parts++;
        deltas.Add(new TextDelta(_textPart, text));
    }

    private void AddThought(string thought, List<LlmDelta> deltas)
    {
        var isFirst = _thinkingPart < 0;
        if (isFirst) _thinkingPart = _parts++;
        deltas.Add(new ThinkingDelta(_thinkingPart, thought));
        if (isFirst) deltas.Add(new PartDetailDelta(_thinkingPart) { Origin = OpenAIDialect.DialectName });
    }

    /// <summary>The form before tools: one call at most, without id and index.</summary>
    private void ReadLegacyCall(JsonElement function, List<LlmDelta> deltas)
    {
        var arguments = OpenAIReplyDecoder.Arguments(function);
        if (_legacyCall is null)
        {
            if (function.Text("name"u8) is not { Length: > 0 } name)
            {
                SkippedEvents++;
                return;
            }

            _calls.Add(_legacyCall = new OpenAIStreamCall(_parts++, null, null));
            deltas.Add(new ToolCallDelta(_legacyCall.Part, OpenAIReplyDecoder.MadeUpId(_id, _legacyCall.Part), name, arguments));
        }
        else if (arguments.Length > 0)
        {
            deltas.Add(new ToolCallDelta(_legacyCall.Part, null, null, arguments));
        }

        _legacyCall.Add(arguments);
    }

    /// <summary>OpenRouter's signed thoughts come in pieces of a list; the whole list goes back in the next turn. A thought may be signed and not shown.</summary>
    private void AddDetails(JsonElement details, List<LlmDelta> deltas)
    {
        if (_thinkingPart < 0) AddThought("", deltas);
        foreach (var detail in details.EnumerateArray()) _details.Add(detail.GetRawText());
        deltas.Add(new PartDetailDelta(_thinkingPart) { Extensions = new LlmExtensions(OpenAIDialect.DialectName, [new("reasoning_details", $"[{string.Join(',', _details)}]")]) });
    }

    private readonly List<string> _details = [];

    /// <summary>
    /// A piece belongs to the call of its index. Servers that give no index begin a call with a new id, or with a name;
    /// a piece with neither goes on with the last one.
    /// </summary>
    private void ReadCall(JsonElement piece, List<LlmDelta> deltas)
    {
        if (piece.Object("custom"u8) is not null)
        {
            ReadCustomCall(piece, deltas);
            return;
        }

        var function = piece.Object("function"u8) ?? default;
        var id = piece.Text("id"u8) is { Length: > 0 } given ? given : null;
        var name = function.Text("name"u8) is { Length: > 0 } named ? named : null;
        var arguments = OpenAIReplyDecoder.Arguments(function);
        var call = Find(piece.Int("index"u8), id, name);
        if (call is null)
        {
            if (name is null)
            {
                SkippedEvents++; // The piece that began the call was lost.
                return;
            }

            call = new OpenAIStreamCall(_parts++, piece.Int("index"u8), id);
            _calls.Add(call);
            deltas.Add(new ToolCallDelta(call.Part, id ?? OpenAIReplyDecoder.MadeUpId(_id, call.Part), name, arguments));
        }
        else if (arguments.Length > 0)
        {
            deltas.Add(new ToolCallDelta(call.Part, null, null, arguments));
        }

        call.Add(arguments);
    }

    /// <summary>A call of a custom tool, whose input is text. The documentation of streams leaves its pieces out; they are joined as those of functions are.</summary>
    private void ReadCustomCall(JsonElement piece, List<LlmDelta> deltas)
    {
        var index = piece.Int("index"u8) ?? 0;
        var custom = piece.Object("custom"u8)!.Value;
        if (!_custom.TryGetValue(index, out var call))
        {
            if (piece.Text("id"u8) is not { } id || custom.Text("name"u8) is not { } name)
            {
                SkippedEvents++;
                return;
            }

            _custom[index] = call = new CustomCall(_parts++, id, name, new StringBuilder());
        }

        call.Input.Append(custom.Text("input"u8));
    }

    private void EndCustomCalls(List<LlmDelta> deltas)
    {
        foreach (var call in _custom.Values) deltas.Add(new PartDelta(call.Part, new RawPart(OpenAIDialect.DialectName, call.ToJson())));
        _custom.Clear();
    }

    private sealed record CustomCall(int Part, string Id, string Name, StringBuilder Input)
    {
        public string ToJson() => new System.Text.Json.Nodes.JsonObject { ["id"] = Id, ["type"] = "custom", ["custom"] = new System.Text.Json.Nodes.JsonObject { ["name"] = Name, ["input"] = Input.ToString() } }.ToJsonString();
    }

    private readonly Dictionary<int, CustomCall> _custom = [];

    private OpenAIStreamCall? Find(int? index, string? id, string? name)
    {
        if (_calls.Count == 0) return null;
        var last = _calls[^1];
        if (index is null) return (id is not null && id != last.Id) || (id is null && name is not null) ? _calls.Find(call => id is not null && call.Id == id) : last;

        // Some servers count every call 0, and tell them apart by their ids alone.
        return _calls.FindLast(call => call.Index == index && (id is null || call.Id is null || call.Id == id || name is null));
    }
}
