using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LlmGateway.Server.Tests.Clients;

namespace LlmGateway.Server.Tests.Hostile;

/// <summary>Callers that hold much open and take nothing: the server's memory stays bounded, and another caller is answered.</summary>
[Collection(HostileTests.Name)]
public sealed class LoadTests : IDisposable
{
    private const long Megabyte = 1024 * 1024;
    private const int SlowReaders = 1_000;

    /// <summary>As many as this process may have open, up to 10,000.</summary>
    private static readonly int HalfOpen = Math.Min(10_000, MostOpen() - 1_000);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llm-gateway-loaded-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Thousands_of_half_open_requests_keep_nobody_out()
    {
        await using var server = await CliServer.StartAsync(_folder.FullName, "{}");
        var url = new Uri(server.Url);
        await AskAsync(url);
        var before = server.ResidentBytes;
        var sockets = new List<Socket>(HalfOpen);
        try
        {
            // Some with half a head, some with a length that is promised and not kept.
            static string Promised(int length) => $"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{{";
            var heads = ((string[])["POST /v1/messages HTTP/1.1\r\nHost: local", Promised(30_000_000), Promised(1_000_000)]).Select(Encoding.ASCII.GetBytes).ToArray();
            for (var i = 0; i < HalfOpen; i++) sockets.Add(await OpenAsync(url, heads[i % heads.Length]));

            await AskAsync(url);
            Assert.True(HalfOpen > 2_000, $"Only {HalfOpen} connections can be opened: raise ulimit -n.");
            Assert.True(server.ResidentBytes - before < 600 * Megabyte, $"{(server.ResidentBytes - before) / Megabyte} MB for {HalfOpen} connections.");
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }

        await AskAsync(url);
    }

    [Fact]
    public async Task A_thousand_streams_that_nobody_reads_are_held_back_at_the_vendor()
    {
        await using var vendor = new Flood();
        await using var server = await CliServer.StartAsync(_folder.FullName, $$"""{"vendors": { {{CliServer.Row("flood", "openai", vendor.Url)}} } }""");
        var url = new Uri(server.Url);
        await AskAsync(url);
        var before = server.ResidentBytes;
        var sockets = new List<Socket>(SlowReaders);
        try
        {
            const string body = """{"model":"flood/m","stream":true,"messages":[{"role":"user","content":"Hi"}]}""";
            var request = Encoding.ASCII.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
            for (var i = 0; i < SlowReaders; i++) sockets.Add(await OpenAsync(url, request));
            await vendor.IsHeldBackAsync(SlowReaders);

            await AskAsync(url);

            // What the system takes for a caller who does not read is bounded, and so is what is kept of it, two bytes a character.
            Assert.True(server.ResidentBytes - before < 1_500 * Megabyte, $"{(server.ResidentBytes - before) / Megabyte} MB for {SlowReaders} streams, of which the vendor wrote {vendor.Written / Megabyte} MB.");
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    private static int MostOpen()
    {
        const string name = "Max open files";
        var line = File.Exists("/proc/self/limits") ? File.ReadLines("/proc/self/limits").FirstOrDefault(static line => line.StartsWith(name, StringComparison.Ordinal)) : null;
        return int.TryParse(line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture, out var most) ? most : 12_000;
    }

    private static async Task<Socket> OpenAsync(Uri url, byte[] bytes)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, url.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(bytes, TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task AskAsync(Uri url)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        using var content = new StringContent("""{"model":"simulated","messages":[{"role":"user","content":"Hi"}]}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(url, "/v1/chat/completions"), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>A vendor that writes each stream as fast as it is taken, without end.</summary>
    private sealed class Flood : IAsyncDisposable
    {
        private static readonly byte[] Head = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
        private static readonly byte[] Piece = Encoding.ASCII.GetBytes($$$$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"{{{{new string('x', 15_000)}}}}"},"finish_reason":null}]}""" + "\n\n");

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _accepting;
        private long _written;
        private int _begun;

        public Flood()
        {
            _listener.Start(SlowReaders);
            _accepting = AcceptAsync();
        }

        public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

        public long Written => Interlocked.Read(ref _written);

        /// <summary>Ends when all streams have begun, and none of them takes more.</summary>
        public async Task IsHeldBackAsync(int streams)
        {
            for (var i = 0; i < 300; i++)
            {
                var before = Written;
                await Task.Delay(500, TestContext.Current.CancellationToken);
                if (Volatile.Read(ref _begun) >= streams && Written == before) return;
                Assert.True(Written < 4000 * Megabyte, $"{Written / Megabyte} MB were taken of streams that nobody reads.");
            }

            Assert.Fail($"{Volatile.Read(ref _begun)} streams had begun, and {Written / Megabyte} MB were written.");
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
            var all = new List<Task>();
            try
            {
                while (true) all.Add(WriteAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The test is over.
            }

            await Task.WhenAll(all);
        }

        private async Task WriteAsync(Socket socket)
        {
            using (socket)
            {
                try
                {
                    socket.SendBufferSize = 16 * 1024;
                    _ = await socket.ReceiveAsync(new byte[16 * 1024], _stop.Token);
                    await socket.SendAsync(Head, _stop.Token);
                    Interlocked.Increment(ref _begun);
                    while (true) Interlocked.Add(ref _written, await socket.SendAsync(Piece, _stop.Token));
                }
                catch (Exception e) when (e is OperationCanceledException or SocketException)
                {
                    // The gateway has left, or the test is over.
                }
            }
        }
    }
}
