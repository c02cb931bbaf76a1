using System.Buffers;
using System.Text;
using LlmGateway.Bedrock.EventStream;
using LlmGateway.Dialects;

namespace LlmGateway.Testing.Misbehaving;

/// <summary>Writes a reply to a caller, whole or as a stream, up to where something goes wrong.</summary>
internal sealed class AnswerWire(Exchange exchange, LlmReply reply)
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly IStreamEncoder _encoder = exchange.Dialect.CreateStreamEncoder([]);
    private readonly long _input = reply.Usage?.InputTokens ?? 0;
    private List<(LlmDelta Delta, int Characters)>? _pieces;
    private int _next;
    private int _written;

    /// <summary>Where a fault in the middle happens, in characters of the answer. With two calls it is in the second.</summary>
    public int Middle { get; } = MiddleOf(exchange, reply);

    /// <summary>The whole answer in order.</summary>
    public async Task SendAsync(Func<LlmDelta, Task>? afterPiece = null)
    {
        if (exchange.Request.Stream)
        {
            await exchange.HeadAsync(200, exchange.BodyType, null).ConfigureAwait(false);
            await SendEventsAsync(int.MaxValue, afterPiece).ConfigureAwait(false);
            await CompleteAsync().ConfigureAwait(false);
            return;
        }

        var body = Body();
        BillAll();
        await exchange.RespondAsync(200, exchange.BodyType, body, SeenOutcome.Answered).ConfigureAwait(false);
    }

    /// <summary>The status, and the answer up to its middle: with a stream the characters, with a body the bytes.</summary>
    /// <returns>What is left of a body; empty for a stream.</returns>
    public async Task<ReadOnlyMemory<byte>> SendHalfAsync(bool saysItsLength = true)
    {
        if (exchange.Request.Stream)
        {
            await exchange.HeadAsync(200, exchange.BodyType, null).ConfigureAwait(false);
            await SendEventsAsync(Middle).ConfigureAwait(false);
            return default;
        }

        var body = Body();
        var half = Math.Min(exchange.Fault.After ?? body.Length / 2, body.Length);
        BillAll();
        await exchange.HeadAsync(200, exchange.BodyType, saysItsLength ? body.Length : half).ConfigureAwait(false);
        await exchange.BodyAsync(body[..half]).ConfigureAwait(false);
        return body[half..];
    }

    /// <summary>Goes on from the middle to the end.</summary>
    public async Task SendRestAsync(ReadOnlyMemory<byte> rest)
    {
        if (exchange.Request.Stream)
        {
            await SendEventsAsync(int.MaxValue).ConfigureAwait(false);
            await CompleteAsync().ConfigureAwait(false);
            return;
        }

        await exchange.BodyAsync(rest).ConfigureAwait(false);
        await exchange.EndAsync(SeenOutcome.Answered).ConfigureAwait(false);
    }

    /// <summary>The next pieces of the answer up to a place, without the end.</summary>
    public async Task SendEventsAsync(int to, Func<LlmDelta, Task>? afterPiece = null)
    {
        _pieces ??= [.. AnswerPieces.Of(reply, Middle, wholeCalls: exchange.Dialect.Name == "gemini")];
        for (; _next < _pieces.Count && _written + _pieces[_next].Characters <= to; _next++)
        {
            var (delta, characters) = _pieces[_next];
            _encoder.Encode(delta, _output);
            _written += characters;
            if (characters > 0) exchange.Billed = (_input, Answers.TokensOf(_written));
            await FlushAsync().ConfigureAwait(false);
            if (afterPiece is not null) await afterPiece(delta).ConfigureAwait(false);
        }
    }

    /// <summary>The end of a stream in order.</summary>
    public async Task CompleteAsync()
    {
        _encoder.Complete(_output);
        BillAll();
        await FlushAsync().ConfigureAwait(false);
        await exchange.EndAsync(SeenOutcome.Answered).ConfigureAwait(false);
    }

    /// <summary>The end of a stream, without the event that says no more than that.</summary>
    public async Task CompleteWithoutSentinelAsync()
    {
        _encoder.Complete(_output);
        BillAll();
        var events = _output.WrittenSpan;
        var sentinel = exchange.Dialect.Name switch
        {
            "openai" => events.LastIndexOf("data: [DONE]"u8),
            "anthropic" => events.LastIndexOf("event: message_stop"u8),
            _ => -1, // The others have none.
        };
        await exchange.BodyAsync((sentinel < 0 ? events : events[..sentinel]).ToArray()).ConfigureAwait(false);
        _output.ResetWrittenCount();
    }

    /// <summary>The vendor's own event for an error.</summary>
    public Task FailAsync(VendorError error)
    {
        _encoder.Fail(error, _output);
        return FlushAsync();
    }

    /// <summary>A sign of life that says nothing.</summary>
    public Task PingAsync()
    {
        switch (exchange.Dialect.Name)
        {
            case "bedrock":
                EventStreamWriter.WriteEvent(_output, "ping", "{}"u8); // The protocol has none; a caller passes over what it does not know.
                break;
            case "anthropic":
                _output.Write("event: ping\ndata: {\"type\": \"ping\"}\n\n"u8);
                break;
            default:
                _output.Write(": ping\n\n"u8);
                break;
        }

        return FlushAsync();
    }

    /// <summary>An event that is no JSON, beside the answer's own.</summary>
    public Task MalformAsync()
    {
        const string Broken = """{"id": "r_1", "delta": {"text" oops""";
        switch (exchange.Dialect.Name)
        {
            case "bedrock":
                EventStreamWriter.WriteEvent(_output, "contentBlockDelta", Encoding.ASCII.GetBytes(Broken));
                break;
            case "anthropic":
                _output.Write(Encoding.ASCII.GetBytes($"event: content_block_delta\ndata: {Broken}\n\n"));
                break;
            case "openai_responses":
                _output.Write(Encoding.ASCII.GetBytes($"event: response.output_text.delta\ndata: {Broken}\n\n"));
                break;
            default:
                _output.Write(Encoding.ASCII.GetBytes($"data: {Broken}\n\n"));
                break;
        }

        return FlushAsync();
    }

    /// <summary>The reply in one piece.</summary>
    public ReadOnlyMemory<byte> Body()
    {
        var body = new ArrayBufferWriter<byte>();
        exchange.Dialect.EncodeReply(reply, body, []);
        return body.WrittenMemory;
    }

    /// <summary>The whole of the answer as bytes, written nowhere.</summary>
    public ReadOnlyMemory<byte> Collect()
    {
        if (!exchange.Request.Stream) return Body();
        foreach (var (delta, _) in AnswerPieces.Of(reply, Middle, wholeCalls: false)) _encoder.Encode(delta, _output);
        _encoder.Complete(_output);
        return _output.WrittenMemory;
    }

    /// <summary>The model has written all of it.</summary>
    public void BillAll() => exchange.Billed = (_input, reply.Usage?.OutputTokens ?? 0);

    private static int MiddleOf(Exchange exchange, LlmReply reply)
    {
        var length = AnswerPieces.LengthOf(reply);
        return Math.Min(exchange.Fault.After ?? (reply.Parts[0] is ToolCallPart ? length * 3 / 4 : length / 2), length);
    }

    private async Task FlushAsync()
    {
        await exchange.BodyAsync(_output.WrittenMemory).ConfigureAwait(false);
        _output.ResetWrittenCount();
    }
}
