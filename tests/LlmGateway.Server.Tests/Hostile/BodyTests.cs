using System.Net;
using System.Net.Http.Headers;
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
        using var content = new StreamContent(new Dripping(Encoding.UTF8.GetBytes(Right)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentLength = Right.Length;

        using var answer = await served.Http.PostAsync(path, content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestTimeout, answer.StatusCode);
        Assert.Contains("within 1 seconds", Dialect.Find(dialect)!.DecodeError(408, await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
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

    /// <summary>Gives a byte, and another after a while.</summary>
    private sealed class Dripping(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position > 0) await Task.Delay(100, cancellationToken);
            return await base.ReadAsync(buffer[..1], cancellationToken);
        }

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            var one = new byte[1];
            while (await ReadAsync(one, cancellationToken) > 0)
            {
                await destination.WriteAsync(one, cancellationToken);
                await destination.FlushAsync(cancellationToken);
            }
        }
    }
}
