using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmGateway.Dialects.OpenAI;
using LlmGateway.Messages;

namespace LlmGateway.Dialects.OpenAIResponses;

/// <summary>
/// Writes the events of a stream: the response, each part as an item of its own from its beginning to its end, and the
/// whole response last. Items are numbered in the order in which they begin; calls may be open side by side.
/// </summary>
internal sealed class ResponsesStreamEncoder(List<string> losses) : IStreamEncoder
{
    private const string Name = ResponsesDialect.DialectName;

    private readonly ReplyBuilder _reply = new();
    private readonly Dictionary<int, int> _items = [];
    private readonly Dictionary<int, string> _ids = [];
    private readonly List<int> _unfinished = [];
    private readonly List<int> _waiting = [];
    private HeaderDelta _header = new();
    private int _events;
    private bool _hasBegun;
    private bool _hasLogProbs;

    public void Encode(LlmDelta delta, IBufferWriter<byte> output)
    {
        _reply.Add(delta);
        switch (delta)
        {
            case HeaderDelta header:
                _header = _header with { Id = header.Id ?? _header.Id, Model = header.Model ?? _header.Model, CreatedAt = header.CreatedAt ?? _header.CreatedAt };
                break;
            case TextDelta text:
                Open(text.Index, new TextPart(""), output);
                if (text.Text.Length > 0) Piece("response.output_text.delta", text.Index, output, json => { Place(json); json.WriteString("delta"u8, text.Text); json.WriteStartArray("logprobs"u8); json.WriteEndArray(); });
                break;
            case RefusalDelta refusal:
                Open(refusal.Index, new RefusalPart(""), output);
                Piece("response.refusal.delta", refusal.Index, output, json => { Place(json); json.WriteString("delta"u8, refusal.Text); });
                break;
            case ThinkingDelta { Text.Length: > 0 } thinking:
                Open(thinking.Index, new ThinkingPart(""), output);
                Piece("response.reasoning_summary_text.delta", thinking.Index, output, json => { json.WriteNumber("summary_index"u8, 0); json.WriteString("delta"u8, thinking.Text); });
                break;
            case ThinkingDelta { Index: var index } when !_items.ContainsKey(index) && !_waiting.Contains(index):
                _waiting.Add(index); // It may stay without text.
                break;
            case PartDelta { Index: var index } when !_waiting.Contains(index):
                _waiting.Add(index);
                break;
            case ToolCallDelta call:
                Open(call.Index, new ToolCallPart(call.Id ?? "", call.Name ?? "", ""), output);
                if (call.ArgumentsJson.Length > 0) Piece("response.function_call_arguments.delta", call.Index, output, json => json.WriteString("delta"u8, call.ArgumentsJson));
                break;
            case PartDetailDelta { Citation: { } citation } detail when _items.ContainsKey(detail.Index):
                Piece("response.output_text.annotation.added", detail.Index, output, json =>
                {
                    Place(json);
                    json.WriteNumber("annotation_index"u8, 0);
                    json.WritePropertyName("annotation"u8);
                    ResponsesItems.WriteAnnotation(json, citation, losses);
                });
                break;
        }
    }

    public void Complete(IBufferWriter<byte> output)
    {
        if (!_reply.IsFinished) throw new InvalidOperationException("The reply has not finished: the stream must end with an error.");
        Begin(output);
        var reply = _reply.Build();
        foreach (var index in _unfinished.ToList()) Close(index, output);
        WriteWaiting(output);
        var type = ResponsesReplyEncoder.StatusOf(reply, []).Status == "incomplete" ? "response.incomplete" : "response.completed";
        Event(output, type, json =>
        {
            json.WritePropertyName("response"u8);
            ResponsesReplyEncoder.Write(json, reply, losses);
        });
    }

    /// <summary>The protocol has no event for it; a comment of server-sent events is none, and counts in no sequence.</summary>
    public void SayAlive(IBufferWriter<byte> output) => output.Write(": waiting\n\n"u8);

    public void Fail(VendorError error, IBufferWriter<byte> output) => Event(output, "error", json =>
    {
        json.WriteString("code"u8, OpenAIErrorEncoder.CodeOf(error));
        json.WriteString("message"u8, error.Message ?? "The model could not be asked.");
        json.WriteNull("param"u8);
    });

    private void Begin(IBufferWriter<byte> output)
    {
        if (_hasBegun) return;
        _hasBegun = true;
        foreach (var type in (ReadOnlySpan<string>)["response.created", "response.in_progress"])
        {
            Event(output, type, json =>
            {
                json.WriteStartObject("response"u8);
                ResponsesReplyEncoder.WriteHead(json, _header.Id, _header.Model, _header.CreatedAt, "in_progress", null, null);
                json.WriteStartArray("output"u8);
                json.WriteEndArray();
                json.WriteNull("usage"u8);
                ResponsesReplyEncoder.WriteTail(json);
                json.WriteEndObject();
            });
        }
    }

    /// <summary>Parts that came whole, or of which nothing was streamed, have their place before what began after them.</summary>
    private void WriteWaiting(IBufferWriter<byte> output)
    {
        foreach (var index in _waiting)
        {
            if (_reply.Part(index) is not { } part || !ResponsesReplyEncoder.HasPlace(part, losses)) continue;
            _items[index] = _items.Count;
            Item("response.output_item.added", index, part, output);
            Item("response.output_item.done", index, part, output);
        }

        _waiting.Clear();
    }

    private void Open(int index, LlmPart start, IBufferWriter<byte> output)
    {
        if (_items.ContainsKey(index)) return;
        _waiting.Remove(index);
        Begin(output);
        if (start is not ToolCallPart || _unfinished.Exists(open => _reply.Part(open) is not ToolCallPart))
        {
            foreach (var open in _unfinished.ToList()) Close(open, output);
        }

        WriteWaiting(output);
        _items[index] = _items.Count;
        _ids[index] = IdOf(start, index);
        _unfinished.Add(index);
        Event(output, "response.output_item.added", json =>
        {
            json.WriteNumber("output_index"u8, _items[index]);
            json.WritePropertyName("item"u8);
            WriteStart(json, start, index);
        });
        if (start is TextPart or RefusalPart)
        {
            Piece("response.content_part.added", index, output, json =>
            {
                json.WriteNumber("content_index"u8, 0);
                json.WritePropertyName("part"u8);
                ResponsesItems.WriteContent(json, start, losses);
            });
        }
        else if (start is ThinkingPart)
        {
            Piece("response.reasoning_summary_part.added", index, output, static json =>
            {
                json.WriteNumber("summary_index"u8, 0);
                WriteSummaryPart(json, "");
            });
        }
    }

    /// <summary>An item as it begins: in progress, and empty.</summary>
    private void WriteStart(Utf8JsonWriter json, LlmPart start, int index)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, start switch { ToolCallPart => "function_call", ThinkingPart => "reasoning", _ => "message" });
        json.WriteString("id"u8, IdOf(start, index));
        switch (start)
        {
            case ToolCallPart call:
                json.WriteString("status"u8, "in_progress"u8);
                json.WriteString("call_id"u8, call.Id);
                json.WriteString("name"u8, call.Name);
                json.WriteString("arguments"u8, ""u8);
                break;
            case ThinkingPart:
                json.WriteStartArray("summary"u8);
                json.WriteEndArray();
                break;
            default:
                json.WriteString("status"u8, "in_progress"u8);
                json.WriteString("role"u8, "assistant"u8);
                json.WriteStartArray("content"u8);
                json.WriteEndArray();
                break;
        }

        json.WriteEndObject();
    }

    /// <summary>They come when the text is whole, and stand in its last event once.</summary>
    private void WriteLogProbs(Utf8JsonWriter json)
    {
        var all = _hasLogProbs ? [] : _reply.Build().LogProbs;
        _hasLogProbs |= all.Count > 0;
        if (all.Count > 0)
        {
            OpenAILogProbs.WriteList(json, all);
            return;
        }

        json.WriteStartArray("logprobs"u8);
        json.WriteEndArray();
    }

    private void Close(int index, IBufferWriter<byte> output)
    {
        _unfinished.Remove(index);
        var part = _reply.Part(index)!;
        ResponsesReplyEncoder.HasPlace(part, losses);
        switch (part)
        {
            case TextPart text:
                Piece("response.output_text.done", index, output, json => { Place(json); json.WriteString("text"u8, text.Text); WriteLogProbs(json); });
                break;
            case RefusalPart refusal:
                Piece("response.refusal.done", index, output, json => { Place(json); json.WriteString("refusal"u8, refusal.Text); });
                break;
            case ThinkingPart thinking:
                Piece("response.reasoning_summary_text.done", index, output, json => { json.WriteNumber("summary_index"u8, 0); json.WriteString("text"u8, thinking.Text); });
                Piece("response.reasoning_summary_part.done", index, output, json => { json.WriteNumber("summary_index"u8, 0); WriteSummaryPart(json, thinking.Text); });
                break;
            case ToolCallPart call:
                Piece("response.function_call_arguments.done", index, output, json => { json.WriteString("name"u8, call.Name); json.WriteString("arguments"u8, call.ArgumentsJson); });
                break;
        }

        if (part is TextPart or RefusalPart)
        {
            Piece("response.content_part.done", index, output, json =>
            {
                json.WriteNumber("content_index"u8, 0);
                json.WritePropertyName("part"u8);
                ResponsesItems.WriteContent(json, part, losses);
            });
        }

        Item("response.output_item.done", index, part, output);
    }

    private void Item(string type, int index, LlmPart part, IBufferWriter<byte> output) => Event(output, type, json =>
    {
        json.WriteNumber("output_index"u8, _items[index]);
        json.WritePropertyName("item"u8);
        ResponsesReplyEncoder.WriteItem(json, part, IdOf(part, index), losses);
    });

    private string IdOf(LlmPart part, int index) => ResponsesReplyEncoder.IdOf(part, _header.Id, _items[index]);

    private static void Place(Utf8JsonWriter json) => json.WriteNumber("content_index"u8, 0);

    private static void WriteSummaryPart(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject("part"u8);
        json.WriteString("type"u8, "summary_text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    private void Piece(string type, int index, IBufferWriter<byte> output, Action<Utf8JsonWriter> members) => Event(output, type, json =>
    {
        json.WriteString("item_id"u8, _ids[index]);
        json.WriteNumber("output_index"u8, _items[index]);
        members(json);
    });

    private void Event(IBufferWriter<byte> output, string type, Action<Utf8JsonWriter> members)
    {
        output.Write("event: "u8);
        output.Write(Encoding.UTF8.GetBytes(type));
        output.Write("\ndata: "u8);
        using (var json = new Utf8JsonWriter(output, JsonWrite.Options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WriteNumber("sequence_number"u8, _events++);
            members(json);
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }
}
