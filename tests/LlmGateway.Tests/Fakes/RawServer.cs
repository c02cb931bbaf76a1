using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LlmGateway.Tests.Fakes;

/// <summary>A server on a real socket that keeps every request as it came and writes what a script says, byte for byte.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<RawRequest> _requests = new();
    private readonly Func<int, Stream, CancellationToken, Task> _respond;
    private readonly Task _accepting;

    public RawServer(Func<int, Stream, CancellationToken, Task> respond)
    {
        _respond = respond;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public RawServer(params byte[][] responses)
        : this((number, stream, token) => stream.WriteAsync(responses[Math.Min(number, responses.Length - 1)], token).AsTask())
    {
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public IReadOnlyList<RawRequest> Requests => [.. _requests];

    public static byte[] Response(int status, string body, params string[] headers) => Response(status, Encoding.UTF8.GetBytes(body), headers);

    public static byte[] Response(int status, byte[] body, params string[] headers)
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Reason\r\n");
        foreach (var header in headers) head.Append(header).Append("\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head.ToString()), .. body];
    }

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
            while (true)
            {
                var socket = await _listener.AcceptTcpClientAsync(_stop.Token);
                connections.Add(ServeAsync(socket));
            }
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
                socket.NoDelay = true;
                var stream = socket.GetStream();
                var number = _requests.Count;
                _requests.Enqueue(await RawRequest.ReadAsync(stream, _stop.Token));
                await _respond(number, stream, _stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // The other side went away, or the test is over.
            }
        }
    }
}

internal sealed record RawRequest(string Line, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public static async Task<RawRequest> ReadAsync(Stream stream, CancellationToken token)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (bytes.Count < 4 || !bytes[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, token) == 0) throw new IOException("The request ended early.");
            bytes.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. bytes]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        await stream.ReadExactlyAsync(body, token);
        return new RawRequest(lines[0], headers, Encoding.UTF8.GetString(body));
    }
}
