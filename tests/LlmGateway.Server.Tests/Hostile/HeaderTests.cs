using System.Net;
using System.Net.Sockets;
using System.Text;
using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Hostile;

/// <summary>A caller's headers: two readings of one request are refused, and of what is no more than asked for nothing reaches the vendor.</summary>
[Collection(HostileTests.Name)]
public sealed class HeaderTests
{
    private const string Body = """{"model":"on_anthropic/m","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""";
    private const string Head = "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n";

    [Theory]
    [InlineData("Content-Length: {0}\r\nContent-Length: {1}")]
    [InlineData("Content-Length: {0}, {1}")]
    [InlineData("Content-Length: 0x{0}")]
    [InlineData("Transfer-Encoding: identity\r\nContent-Length: {0}")]
    [InlineData("Transfer-Encoding: chunked, identity")]
    [InlineData("Transfer-Encoding: xchunked")]
    [InlineData("Content-Length : {0}")]
    [InlineData("Content-Length: {0}\r\nX-Folded: a\r\n b")]
    [InlineData("Content-Length: {0}\r\nX-Null: a\0b")]
    [InlineData("Content-Length: {0}\r\nX Spaced: a")]
    [InlineData("Content-Length: {0}\r\n: nameless")]
    [InlineData("Content-Length: {0}\r\nHost: evil.example")]
    public async Task A_head_of_two_readings_is_refused(string headers)
    {
        await using var vendor = new Vendor(Vendor.Answer);
        await using var served = await Served.StartAsync(vendor.Url);
        var length = Encoding.UTF8.GetByteCount(Body);
        var named = headers.Replace("{0}", $"{length}", StringComparison.Ordinal).Replace("{1}", $"{length - 1}", StringComparison.Ordinal);

        var answer = await RawHttp.AskAsync(served.Url, $"{Head}{named}\r\n\r\n{Body}");

        Assert.True(answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 501", StringComparison.Ordinal), answer);
        Assert.Empty(vendor.Seen);
    }

    [Fact]
    public async Task Chunks_win_over_a_length_and_what_follows_is_no_second_request()
    {
        await using var vendor = new Vendor(Vendor.Answer);
        await using var served = await Served.StartAsync(vendor.Url);
        var smuggled = $"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}";

        var answer = await RawHttp.AskAsync(served.Url, $"{Head.Replace("Connection: close\r\n", "", StringComparison.Ordinal)}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Equal(2, answer.Split("HTTP/1.1 ").Length);
        Assert.Empty(vendor.Seen);
    }

    [Theory]
    [InlineData("/v1/messages")]
    [InlineData("/v1/chat/completions")]
    public async Task Only_what_is_on_the_list_reaches_the_vendor(string path)
    {
        await using var vendor = new Vendor(Vendor.Answer);
        await using var served = await Served.StartAsync(vendor.Url);
        using var answer = await served.PostAsync(
            $"{path}?beta=true&key=marked&other=marked", Body,
            ("Authorization", "Bearer marked"), ("x-api-key", "marked"), ("api-key", "marked"), ("x-goog-api-key", "marked"), ("Cookie", "marked=1"), ("X-Forwarded-For", "marked"), ("X-Forwarded-Host", "marked"),
            ("Forwarded", "for=marked"), ("Referer", "http://marked"), ("Origin", "http://marked"), ("User-Agent", "marked/1"), ("Via", "1.1 marked"), ("X-HTTP-Method-Override", "marked"), ("anthropic-version", "marked"),
            ("OpenAI-Organization", "marked"), ("X-Marked", "marked"), ("traceparent", "marked"), ("x-request-id", "marked"), ("anthropic-beta", "listed-2026-01-01"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var seen = Assert.Single(vendor.Seen);
        Assert.DoesNotContain("marked", seen, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"Host: {vendor.Url.Authority}\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("x-api-key: sk-of-the-vendor-0123456789\r\n", seen, StringComparison.Ordinal);
        Assert.Equal(path == "/v1/messages", seen.Contains("anthropic-beta: listed-2026-01-01\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_vendors_redirect_is_an_error_and_is_not_followed()
    {
        await using var elsewhere = new Vendor(Vendor.Answer);
        await using var vendor = new Vendor($"HTTP/1.1 307 Elsewhere\r\nLocation: {elsewhere.Url}v1/messages\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n");
        await using var served = await Served.StartAsync(vendor.Url, retries: 0);
        using var answer = await served.PostAsync("/v1/messages", Body);

        Assert.True((int)answer.StatusCode >= 400, $"{answer.StatusCode}");
        Assert.False(answer.Headers.Contains("Location") || answer.Headers.Contains("Set-Cookie"));
        Assert.Single(vendor.Seen);
        Assert.Empty(elsewhere.Seen);
    }

    /// <summary>Takes requests as they are, and gives each the same bytes.</summary>
    private sealed class Vendor : IAsyncDisposable
    {
        private const string Reply = """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}""";

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _seen = [];
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _serving;

        public Vendor(string answer)
        {
            _listener.Start();
            _serving = ServeAsync(answer);
        }

        public static string Answer { get; } = $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Reply.Length}\r\nConnection: close\r\n\r\n{Reply}";

        public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

        /// <summary>The heads and bodies, byte for byte.</summary>
        public IReadOnlyCollection<string> Seen => _seen;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _serving;
            _stop.Dispose();
        }

        private async Task ServeAsync(string answer)
        {
            try
            {
                while (true)
                {
                    using var socket = await _listener.AcceptSocketAsync(_stop.Token);
                    var text = "";
                    var buffer = new byte[64 * 1024];
                    while (!IsWhole(text) && await socket.ReceiveAsync(buffer, _stop.Token) is > 0 and var read) text += Encoding.Latin1.GetString(buffer, 0, read);
                    _seen.Enqueue(text);
                    await socket.SendAsync(Encoding.Latin1.GetBytes(answer), _stop.Token);
                    socket.Shutdown(SocketShutdown.Send);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private static bool IsWhole(string text)
        {
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0) return false;
            var length = text.Split("\r\n").FirstOrDefault(static line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
            return length is not null ? text.Length >= end + 4 + int.Parse(length[15..], System.Globalization.CultureInfo.InvariantCulture) : text.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
        }
    }
}
