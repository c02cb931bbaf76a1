using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LlmGateway.Dialects.Anthropic;
using LlmGateway.Dialects.Tests.Laws;
using LlmGateway.Messages;

namespace LlmGateway.Dialects.Tests.Clients;

/// <summary>
/// A small vendor made of our own codecs' server halves, on a real socket: what it answers is chosen by the model's name
/// (behind a last slash, as vendors' routers write it), by whether tools are offered and not yet used, and by whether a
/// schema is asked for.
/// </summary>
internal sealed class CodecServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<LlmRequest> _requests = [];
    private readonly ConcurrentQueue<byte[]> _bodies = [];
    private readonly TaskCompletionSource _callerGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;

    public CodecServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The requests as the server halves read them, in order.</summary>
    public IReadOnlyCollection<LlmRequest> Requests => _requests;

    /// <summary>The requests' bodies as they came, in order.</summary>
    public IReadOnlyCollection<byte[]> Bodies => _bodies;

    /// <summary>What is answered to each request, by its number from 0: a reply, one that is held back (<see cref="Hold"/>), or an error. Null for what the model's name asks for.</summary>
    public Func<int, LlmRequest, object>? Script { get; set; }

    /// <summary>Ends when a caller of the model <c>hangs</c> has closed its connection.</summary>
    public Task CallerGone => _callerGone.Task;

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
                while (await ReadRequestAsync(stream) is { } request)
                {
                    var answer = Answer(request.Path, request.Body, out var then, out var held);
                    await stream.WriteAsync(answer.AsMemory(0, held?.At ?? answer.Length), _stop.Token);
                    if (held is not null && !await IsLetGoAsync(stream, held.Until)) return;
                    if (held is not null) await stream.WriteAsync(answer.AsMemory(held.At), _stop.Token);
                    if (then == Then.TakeTheNext) continue;
                    if (then == Then.Close) return;

                    // Reads until the caller closes its end.
                    while (await stream.ReadAsync(new byte[1], _stop.Token) > 0)
                    {
                    }

                    _callerGone.TrySetResult();
                    return;
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                if (!_stop.IsCancellationRequested) _callerGone.TrySetResult();

                // The other side went away, or the test is over.
            }
        }
    }

    /// <summary>Waits until the rest may be written; false where the caller went away before.</summary>
    private async Task<bool> IsLetGoAsync(NetworkStream stream, Task until)
    {
        var read = stream.ReadAsync(new byte[1], _stop.Token).AsTask();
        if (await Task.WhenAny(until, read) == until) return true;
        _callerGone.TrySetResult();
        return false;
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

    private byte[] Answer(string path, byte[] body, out Then then, out HeldBack? held)
    {
        then = Then.TakeTheNext;
        held = null;
        var dialect = All.Of(path switch
        {
            _ when path.Contains("/chat/completions", StringComparison.Ordinal) => "openai",
            _ when path.Contains("/responses", StringComparison.Ordinal) => "openai_responses",
            _ when path.Contains("/converse", StringComparison.Ordinal) => "bedrock",
            _ when path.Contains("enerateContent", StringComparison.Ordinal) => "gemini",
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
            var number = _requests.Count;
            _requests.Enqueue(request);
            _bodies.Enqueue(body);
            var step = Script?.Invoke(number, request);
            if (step is VendorError error) return Response(dialect.EncodeError(error, output), "application/json", output.WrittenSpan);
            var model = Behaviour(request);
            if (model == "rate-limited") model = "fails-RateLimited";
            if (model.StartsWith("fails-", StringComparison.Ordinal) && Enum.TryParse<ProviderErrorKind>(model[6..], out var kind))
            {
                return Response(dialect.EncodeError(new VendorError(kind, null, "Slow down.", null), output), "application/json", output.WrittenSpan);
            }

            if (model == "hangs")
            {
                then = Then.WaitForTheCaller;
                var encoder = dialect.CreateStreamEncoder([]);
                encoder.Encode(new HeaderDelta { Id = "r_1", Model = request.Model }, output);
                encoder.Encode(new TextDelta(0, "Hel"), output);
                encoder.Encode(new TextDelta(0, "lo"), output);
                return request.Stream ? Response(200, StreamType(dialect), output.WrittenSpan, length: 1_000_000) : [];
            }

            var hold = step as Hold;
            var reply = hold?.Reply ?? step as LlmReply ?? ReplyTo(request, OriginOf(dialect));
            if (!request.Stream)
            {
                dialect.EncodeReply(reply, output, []);
                return Response(200, "application/json", output.WrittenSpan);
            }

            var first = Stream(dialect, reply, model, output, hold?.Text);
            if (model == "is-cut" || hold is not null) then = Then.Close;
            var response = Response(200, StreamType(dialect), output.WrittenSpan, length: model == "is-cut" ? 1_000_000 : null);
            if (hold is not null) held = new HeldBack(response.Length - output.WrittenCount + first, hold.Until);
            return response;
        }
        catch (DialectException e)
        {
            return Response(dialect.EncodeError(new VendorError(e.Kind, null, e.Message, null), output), "application/json", output.WrittenSpan);
        }
    }

    private static string Behaviour(LlmRequest request) => request.Model[(request.Model.LastIndexOf('/') + 1)..];

    private static string StreamType(IDialect dialect) => dialect.IsBinaryStream ? "application/vnd.amazon.eventstream" : "text/event-stream";

    /// <summary>Whose form the thoughts have that are answered.</summary>
    private static string OriginOf(IDialect dialect) => dialect.Name is "openai" ? "anthropic" : dialect.Name;

    /// <summary>What the URL says, in the protocols that keep the model there; nothing where the body says it.</summary>
    private static RequestAddress AddressOf(string path)
    {
        var parts = path.Split('?')[0].Split('/');
        if (parts is ["", "model", var model, var action]) return new RequestAddress(Uri.UnescapeDataString(model), action == "converse-stream");
        const string Version = "/v1beta/";
        if (!path.StartsWith(Version, StringComparison.Ordinal) || !path.Contains("enerateContent", StringComparison.Ordinal)) return default;
        var name = path[Version.Length..path.LastIndexOf(':')];
        if (name.StartsWith("models/", StringComparison.Ordinal)) name = name["models/".Length..]; // A name with a slash in it is a resource of its own.
        return new RequestAddress(Uri.UnescapeDataString(name), path.Contains(":stream", StringComparison.Ordinal));
    }

    private static LlmReply ReplyTo(LlmRequest request, string origin)
    {
        var hasResults = request.Messages.Any(message => message.Parts.Any(part => part is ToolResultPart));
        var thoughts = request.Messages.SelectMany(message => message.Parts).OfType<ThinkingPart>().Select(part => part.Signature ?? part.EncryptedContent);
        var model = Behaviour(request);
        LlmPart[] parts = request switch
        {
            _ when model == "reads-files" => ReadsFiles(request),
            { Tools.Count: > 0 } when !hasResults => [new ToolCallPart("call_1", "weather", """{"city": "Oslo"}"""), new ToolCallPart("call_2", "weather", """{"city": "Rome"}""")],
            { OutputSchema: not null } => [new TextPart("""{"city":"Oslo"}""")],
            _ when model == "thinks" => [new ThinkingPart("Hm.", "SIG==") { Origin = origin }, new ThinkingPart("") { EncryptedContent = "ENCR", Origin = origin }, new TextPart("Hello, world")],
            _ when model == "wants-thinking" => [new TextPart(string.Join(' ', thoughts))],
            _ => [new TextPart("Hello, world")],
        };
        return new LlmReply
        {
            Id = "r_1",
            Model = request.Model,
            Parts = parts,
            CreatedAt = DateTimeOffset.UnixEpoch.AddDays(20_000),
            FinishReason = parts[0] is ToolCallPart ? FinishReason.ToolCalls : model == "too-long" ? FinishReason.Length : FinishReason.Stop,
            Usage = model == "writes-cache"
                ? new TokenUsage { InputTokens = 30, CacheReadTokens = 4, CacheWriteTokens = 9, CacheWrite1hTokens = 6, OutputTokens = 5, ReasoningTokens = 2 }
                : new TokenUsage { InputTokens = 12, CacheReadTokens = 4, OutputTokens = 5 },
        };
    }

    /// <summary>As an agent's model: asks for the file that the prompt names, where a tool for it is offered, and says what was in it.</summary>
    private static LlmPart[] ReadsFiles(LlmRequest request)
    {
        var all = request.Messages.SelectMany(message => message.Parts).ToList();
        if (all.OfType<ToolResultPart>().LastOrDefault() is { } result) return [new TextPart($"It says: {result.Content}")];
        var path = all.OfType<TextPart>().Select(text => text.Text.Split("FILE:")).FirstOrDefault(split => split.Length == 2)?[1].Trim();
        return path is not null && request.Tools.Any(tool => tool.Name == "Read")
            ? [new ThinkingPart("I must look.", "U0lH") { Origin = "anthropic" }, new TextPart("Let me look."), new ToolCallPart("toolu_1", "Read", $$"""{"file_path": "{{path}}"}""")]
            : [new TextPart("Nothing to read.")];
    }

    /// <summary>In small pieces, as a model writes.</summary>
    /// <returns>How many bytes tell all up to a text, that included.</returns>
    private static int Stream(IDialect dialect, LlmReply reply, string model, ArrayBufferWriter<byte> output, string? upTo)
    {
        var encoder = dialect.CreateStreamEncoder([]);
        var written = "";
        var first = 0;
        foreach (var delta in ReplyDeltas.Of(reply).SelectMany(Pieces))
        {
            if (model == "is-cut" && delta is UsageDelta or FinishDelta) return first;
            encoder.Encode(delta, output);
            written += (delta as TextDelta)?.Text ?? (delta as ToolCallDelta)?.ArgumentsJson;
            if (first == 0 && upTo is not null && written.Contains(upTo, StringComparison.Ordinal)) first = output.WrittenCount;
        }

        if (model == "fails-midway") encoder.Fail(new VendorError(ProviderErrorKind.Overloaded, "overloaded_error", "Too much to do.", null), output);
        else encoder.Complete(output);
        return first;
    }

    private static IEnumerable<LlmDelta> Pieces(LlmDelta delta) => delta switch
    {
        TextDelta text => text.Text.Chunk(3).Select(piece => text with { Text = new string(piece) }),
        ToolCallDelta call => [call with { ArgumentsJson = "" }, .. call.ArgumentsJson.Chunk(4).Select(piece => new ToolCallDelta(call.Index, null, null, new string(piece)))],
        _ => [delta],
    };

    private static byte[] Response(int status, string type, ReadOnlySpan<byte> body, int? length = null)
        => [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\nContent-Length: {length ?? body.Length}\r\n\r\n")), .. body];

    /// <summary>A streamed answer of which only what tells a text is written until a task has ended.</summary>
    public sealed record Hold(LlmReply Reply, string Text, Task Until);

    private sealed record HeldBack(int At, Task Until);

    /// <summary>What happens to the connection after an answer.</summary>
    private enum Then
    {
        TakeTheNext,
        WaitForTheCaller,
        Close,
    }
}
