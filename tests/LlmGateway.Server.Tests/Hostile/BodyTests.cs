using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using LlmGateway.Dialects;
using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Hostile;

/// <summary>Bodies that come too slowly, are too large, or are not what they seem: each is refused in the caller's own protocol, and the next request is served.</summary>
[Collection(HostileTests.Name)]
public sealed class BodyTests
{
    private const string Right = """{"model":"simulated","max_tokens":20,"messages":[{"role":"user","content":"Hi"}]}""";

    [Theory]
    [InlineData("/v1/chat/completions", "openai")]
    [InlineData("/v1/messages", "anthropic")]
    public async Task A_body_of_a_byte_at_a_time_ends_with_the_time_for_it(string path, string dialect)
    {
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:1"), configure: static options => options.BodyTimeout = TimeSpan.FromSeconds(1));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, served.Url.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Right.Length}\r\n\r\n"), TestContext.Current.CancellationToken);
        var answer = new byte[16 * 1024];
        var reading = socket.ReceiveAsync(answer, TestContext.Current.CancellationToken).AsTask();
        for (var sent = 0; !reading.IsCompleted && sent < Right.Length - 1; sent++)
        {
            // Each byte is in time for itself.
            await socket.SendAsync(Encoding.ASCII.GetBytes(Right[sent..(sent + 1)]), TestContext.Current.CancellationToken);
            await Task.WhenAny(reading, Task.Delay(100, TestContext.Current.CancellationToken));
        }

        var text = Encoding.UTF8.GetString(answer, 0, await reading);
        Assert.StartsWith("HTTP/1.1 408 ", text, StringComparison.Ordinal);
        var body = text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.Contains("within 1 seconds", Dialect.Find(dialect)!.DecodeError(408, Encoding.UTF8.GetBytes(body)).Message, StringComparison.Ordinal);
        await ServesAsync(served);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    public async Task A_compressed_body_is_not_unpacked(string encoding)
    {
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:1"));

        using var packed = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new ByteArrayContent([0x1F, 0x8B, 8, 0]) };
        packed.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        packed.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        using var refused = await served.Http.SendAsync(packed, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
        Assert.Contains("without Content-Encoding", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await ServesAsync(served);
    }

    private static async Task ServesAsync(Served served)
    {
        using var good = await served.PostAsync("/v1/chat/completions", Right);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }
}
