using System.Buffers;
using System.Globalization;
using System.Text;
using LlmGateway.Dialects;

namespace LlmGateway.Testing.Misbehaving;

/// <summary>One request while it is answered: what a fault says with.</summary>
internal sealed class Exchange(Connection connection, TimeProvider time, IDialect dialect, LlmRequest request, FaultName fault, int number, string url, CancellationToken life)
{
    private bool _isChunked;

    public IDialect Dialect => dialect;

    public LlmRequest Request => request;

    public FaultName Fault => fault;

    /// <summary>The server's own address.</summary>
    public string Url => url;

    /// <summary>What became of it so far.</summary>
    public SeenOutcome Outcome { get; set; } = SeenOutcome.Broken;

    /// <summary>Whether the connection can take another request.</summary>
    public bool CanGoOn { get; private set; }

    public int? Status { get; private set; }

    public long BytesSent { get; private set; }

    public (long Input, long Output) Billed { get; set; }

    public string BodyType => request.Stream ? dialect.IsBinaryStream ? "application/vnd.amazon.eventstream" : "text/event-stream" : "application/json";

    /// <summary>The status and the headers. Without a length the body comes in chunks.</summary>
    public Task HeadAsync(int status, string type, long? length, string headers = "")
    {
        Status = status;
        _isChunked = length is null;
        var framing = length is { } known ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {known}") : "Transfer-Encoding: chunked";
        var id = dialect.Name switch { "anthropic" => "request-id", "bedrock" => "x-amzn-requestid", "gemini" => "x-goog-request-id", _ => "x-request-id" };
        return RawAsync(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} {Reason(status)}\r\nContent-Type: {type}\r\n{framing}\r\n{id}: req_{number}\r\n{headers}\r\n"));
    }

    public async Task BodyAsync(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty) return; // An empty chunk would end the body.
        if (_isChunked) await RawAsync(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length:x}\r\n")).ConfigureAwait(false);
        await connection.WriteAsync(bytes, life).ConfigureAwait(false);
        BytesSent += bytes.Length;
        if (_isChunked) await RawAsync("\r\n").ConfigureAwait(false);
    }

    /// <summary>Ends the body in order; the connection may be used again.</summary>
    public async Task EndAsync(SeenOutcome outcome)
    {
        if (_isChunked) await RawAsync("0\r\n\r\n").ConfigureAwait(false);
        Outcome = outcome;
        CanGoOn = true;
    }

    /// <summary>A whole body at once.</summary>
    public async Task RespondAsync(int status, string type, ReadOnlyMemory<byte> body, SeenOutcome outcome, string headers = "")
    {
        await HeadAsync(status, type, body.Length, headers).ConfigureAwait(false);
        await BodyAsync(body).ConfigureAwait(false);
        await EndAsync(outcome).ConfigureAwait(false);
    }

    /// <summary>An error as the vendor words it.</summary>
    /// <param name="error">The error.</param>
    /// <param name="status">The status where it is not the dialect's own for the kind.</param>
    /// <param name="headers">More headers.</param>
    public Task ErrorAsync(VendorError error, int? status = null, string headers = "")
    {
        var body = new ArrayBufferWriter<byte>();
        var usual = dialect.EncodeError(error, body);
        return RespondAsync(status ?? usual, "application/json", body.WrittenMemory, SeenOutcome.Failed, headers);
    }

    public Task WaitAsync(TimeSpan span) => Task.Delay(span, time, life);

    /// <summary>Says no more; ends when the caller leaves, or the server stops.</summary>
    public Task WaitForEverAsync() => Task.Delay(Timeout.InfiniteTimeSpan, time, life);

    public void Reset() => connection.Reset();

    private Task RawAsync(string text) => connection.WriteAsync(Encoding.ASCII.GetBytes(text), life);

    private static string Reason(int status) => status < 300 ? "OK" : status < 400 ? "Redirect" : "Error";
}
