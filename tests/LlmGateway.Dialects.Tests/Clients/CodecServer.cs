using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LlmGateway.Dialects.Anthropic;
using LlmGateway.Dialects.Tests.Laws;
using LlmGateway.Messages;

namespace LlmGateway.Dialects.Tests.Clients;

/// <summary>
/// A small vendor made of our own codecs' server halves, on a real socket: what it answers is chosen by the model's name,
/// by whether tools are offered and not yet used, and by whether a schema is asked for.
/// </summary>
internal sealed class CodecServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public CodecServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(TcpClient socket)
    {
        using (socket)
        {
            try
            {
                var stream = socket.GetStream();
                while (await ReadRequestAsync(stream) is { } request) await stream.WriteAsync(Answer(request.Path, request.Body), _stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // The other side went away, or the test is over.
            }
        }
    }

    private async Task<(string Path, byte[] Body)?> ReadRequestAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0) return null;
            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n");
        var length = lines.FirstOrDefault(line => line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase)) is { } header ? int.Parse(header[15..], CultureInfo.InvariantCulture) : 0;
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return (lines[0].Split(' ')[1], body);
    }

    private static byte[] Answer(string path, byte[] body)
    {
        var dialect = All.Of(path switch
        {
            _ when path.Contains("/chat/completions", StringComparison.Ordinal) => "openai",
            _ when path.Contains("/responses", StringComparison.Ordinal) => "openai_responses",
            _ when path.Contains("/converse", StringComparison.Ordinal) => "bedrock",
            _ => "anthropic",
        });
        var output = new ArrayBufferWriter<byte>();
        try
        {
            if (path.Contains("/count_tokens", StringComparison.Ordinal))
            {
                AnthropicTokenCount.DecodeRequest(body);
                AnthropicTokenCount.EncodeReply(12, output);
                return Response(200, "application/json", output.WrittenSpan);
            }

            var request = dialect.DecodeRequest(body, AddressOf(path));
            if (request.Model == "rate-limited") return Response(dialect.EncodeError(new VendorError(ProviderErrorKind.RateLimited, null, "Slow down.", null), output), "application/json", output.WrittenSpan);
            var reply = ReplyTo(request, dialect.Name == "bedrock" ? "bedrock" : "anthropic");
            if (!request.Stream)
            {
                dialect.EncodeReply(reply, output, []);
                return Response(200, "application/json", output.WrittenSpan);
            }

            Stream(dialect, reply, request.Model == "fails-midway", output);
            return Response(200, dialect.IsBinaryStream ? "application/vnd.amazon.eventstream" : "text/event-stream", output.WrittenSpan);
        }
        catch (DialectException e)
        {
            return Response(dialect.EncodeError(new VendorError(e.Kind, null, e.Message, null), output), "application/json", output.WrittenSpan);
        }
    }

    /// <summary>What <c>/model/NAME/converse-stream</c> says; nothing where the body says it.</summary>
    private static RequestAddress AddressOf(string path) => path.Split('/') is ["", "model", var model, var action]
        ? new RequestAddress(Uri.UnescapeDataString(model), action == "converse-stream")
        : default;

    private static LlmReply ReplyTo(LlmRequest request, string origin)
    {
        var hasResults = request.Messages.Any(message => message.Parts.Any(part => part is ToolResultPart));
        var thoughts = request.Messages.SelectMany(message => message.Parts).OfType<ThinkingPart>().Select(part => part.Signature ?? part.EncryptedContent);
        LlmPart[] parts = request switch
        {
            { Tools.Count: > 0 } when !hasResults => [new ToolCallPart("call_1", "weather", """{"city": "Oslo"}"""), new ToolCallPart("call_2", "weather", """{"city": "Rome"}""")],
            { OutputSchema: not null } => [new TextPart("""{"city":"Oslo"}""")],
            { Model: "thinks" } => [new ThinkingPart("Hm.", "SIG==") { Origin = origin }, new ThinkingPart("") { EncryptedContent = "ENCR", Origin = origin }, new TextPart("Hello, world")],
            { Model: "wants-thinking" } => [new TextPart(string.Join(' ', thoughts))],
            _ => [new TextPart("Hello, world")],
        };
        return new LlmReply
        {
            Id = "r_1",
            Model = request.Model,
            Parts = parts,
            CreatedAt = DateTimeOffset.UnixEpoch.AddDays(20_000),
            FinishReason = parts[0] is ToolCallPart ? FinishReason.ToolCalls : request.Model == "too-long" ? FinishReason.Length : FinishReason.Stop,
            Usage = new TokenUsage { InputTokens = 12, CacheReadTokens = 4, OutputTokens = 5 },
        };
    }

    /// <summary>In small pieces, as a model writes.</summary>
    private static void Stream(IDialect dialect, LlmReply reply, bool fails, ArrayBufferWriter<byte> output)
    {
        var encoder = dialect.CreateStreamEncoder([]);
        foreach (var delta in ReplyDeltas.Of(reply).SelectMany(Pieces)) encoder.Encode(delta, output);
        if (fails) encoder.Fail(new VendorError(ProviderErrorKind.Overloaded, "overloaded_error", "Too much to do.", null), output);
        else encoder.Complete(output);
    }

    private static IEnumerable<LlmDelta> Pieces(LlmDelta delta) => delta switch
    {
        TextDelta text => text.Text.Chunk(3).Select(piece => text with { Text = new string(piece) }),
        ToolCallDelta call => [call with { ArgumentsJson = "" }, .. call.ArgumentsJson.Chunk(4).Select(piece => new ToolCallDelta(call.Index, null, null, new string(piece)))],
        _ => [delta],
    };

    private static byte[] Response(int status, string type, ReadOnlySpan<byte> body)
        => [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status.ToString(CultureInfo.InvariantCulture)} X\r\nContent-Type: {type}\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n"), .. body];
}
