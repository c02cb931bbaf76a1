using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace LlmGateway.Cli.Tests;

/// <summary>A vendor on 127.0.0.1 that gives every request the same reply, or none, and counts them.</summary>
internal sealed class Vendor : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string? _reply;
    private int _requests;

    private Vendor(string? reply)
    {
        _reply = reply;
        _listener.Start();
        _ = ServeAsync();
    }

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Completes when the first request has arrived.</summary>
    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public (string Name, string Value)[] Variables =>
    [
        ("LLM_PROVIDER", "anthropic"), ("ANTHROPIC_API_KEY", "sk-canary-123"), ("LLM_MAX_RETRIES", "0"),
        ("LLM_BASE_URL", $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"),
    ];

    public static Vendor Silent() => new(null);

    public static Vendor Saying(string text, string stopReason = "end_turn") => Replying(200,
        $$$"""{"type":"message","id":"msg_1","model":"claude-sonnet-5","content":[{"type":"text","text":{{{JsonSerializer.Serialize(text)}}}}],"stop_reason":"{{{stopReason}}}","usage":{"input_tokens":100,"output_tokens":10}}""");

    public static Vendor Replying(int status, string body)
        => new($"HTTP/1.1 {status} X\r\nrequest-id: req_1\r\ncontent-type: application/json\r\ncontent-length: {Encoding.UTF8.GetByteCount(body)}\r\nconnection: close\r\n\r\n{body}");

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true) _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            var buffer = new byte[64 * 1024];
            var seen = "";
            while (!seen.Contains("\"messages\"", StringComparison.Ordinal))
            {
                var read = await stream.ReadAsync(buffer);
                if (read == 0) return;
                seen += Encoding.UTF8.GetString(buffer, 0, read);
            }

            Interlocked.Increment(ref _requests);
            Asked.TrySetResult();
            if (_reply is null) await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
            else await stream.WriteAsync(Encoding.UTF8.GetBytes(_reply));
        }
    }
}
