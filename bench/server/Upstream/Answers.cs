using System.Globalization;
using System.Text;

namespace ServerBench.Upstream;

/// <summary>What the vendor says, made once: whole HTTP responses, and streams cut into the writes that they are sent in.</summary>
internal sealed class Answers
{
    /// <summary>The text of every answer; the driver looks for its end.</summary>
    private const string Text = "The invoice BV-2026-1187 of 14 March is due on 13 April. It lists three items: twelve hours of consulting, one licence "
        + "for the reporting module, and travel. The total is 2,418.60 EUR including 19 percent value added tax. Nothing has been paid yet.";

    public byte[] Chat { get; } = Whole($$$"""
        {"id":"chatcmpl-9f2c7d1be0a44c0d","object":"chat.completion","created":1772000000,"model":"bench-model","choices":[{"index":0,"message":{"role":"assistant","content":"{{{Text}}}","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":112,"completion_tokens":61,"total_tokens":173,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}},"system_fingerprint":"fp_44709d6fcb"}
        """);

    public byte[] Messages { get; } = Whole($$$"""
        {"id":"msg_01Aq9w938a90dw8q","type":"message","role":"assistant","model":"bench-model","content":[{"type":"text","text":"{{{Text}}}"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":112,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":61}}
        """);

    public byte[] NotFound { get; } = Encoding.ASCII.GetBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");

    public static byte[] StreamHead { get; } = Encoding.ASCII.GetBytes(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n");

    public static byte[] StreamEnd { get; } = "0\r\n\r\n"u8.ToArray();

    /// <summary>The events of a streamed chat completion, as the writes that carry them.</summary>
    public byte[][] ChatStream { get; }

    /// <summary>The events of a streamed message, as the writes that carry them.</summary>
    public byte[][] MessagesStream { get; }

    /// <param name="pieces">How many pieces of text a stream has: one event each.</param>
    /// <param name="eventsPerWrite">How many events go into one write; a vendor flushes each, or a few.</param>
    public Answers(int pieces, int eventsPerWrite)
    {
        ChatStream = Writes(ChatEvents(pieces), eventsPerWrite);
        MessagesStream = Writes(MessageEvents(pieces), eventsPerWrite);
    }

    private static IEnumerable<string> ChatEvents(int pieces)
    {
        static string Chunk(string choices, string usage = "null") =>
            $$"""data: {"id":"chatcmpl-9f2c7d1be0a44c0d","object":"chat.completion.chunk","created":1772000000,"model":"bench-model","system_fingerprint":"fp_44709d6fcb","choices":{{choices}},"usage":{{usage}}}""" + "\n\n";
        yield return Chunk("""[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]""");
        for (var i = 0; i < pieces; i++) yield return Chunk($$"""[{"index":0,"delta":{"content":" word{{Number(i)}}"},"finish_reason":null}]""");
        yield return Chunk("""[{"index":0,"delta":{},"finish_reason":"stop"}]""");
        yield return Chunk("[]", $$"""{"prompt_tokens":112,"completion_tokens":{{Number(pieces)}},"total_tokens":{{Number(pieces + 112)}}}""");
        yield return "data: [DONE]\n\n";
    }

    private static IEnumerable<string> MessageEvents(int pieces)
    {
        static string Event(string name, string data) => $"event: {name}\ndata: {data}\n\n";
        yield return Event("message_start", """{"type":"message_start","message":{"id":"msg_01Aq9w938a90dw8q","type":"message","role":"assistant","model":"bench-model","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":112,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}}}""");
        yield return Event("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""");
        for (var i = 0; i < pieces; i++) yield return Event("content_block_delta", $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" word{{{Number(i)}}}"}}""");
        yield return Event("content_block_stop", """{"type":"content_block_stop","index":0}""");
        yield return Event("message_delta", $$$"""{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":{{{Number(pieces)}}}}}""");
        yield return Event("message_stop", """{"type":"message_stop"}""");
    }

    private static byte[][] Writes(IEnumerable<string> events, int eventsPerWrite) =>
        [.. events.Chunk(eventsPerWrite).Select(static group =>
        {
            var text = string.Concat(group);
            return Encoding.UTF8.GetBytes($"{text.Length:x}\r\n{text}\r\n");
        })];

    private static byte[] Whole(string json) => Encoding.UTF8.GetBytes(
        $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-request-id: req_8e1f\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
