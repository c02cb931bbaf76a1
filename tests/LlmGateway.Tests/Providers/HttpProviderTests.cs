using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using LlmGateway.Tests.Fakes;
using LlmGateway.Wire;
using static LlmGateway.Tests.Fakes.RawServer;

namespace LlmGateway.Tests.Providers;

/// <summary>The provider over real sockets: what leaves, and what comes of whatever comes back.</summary>
public class HttpProviderTests
{
    private const string Key = "sk-very-secret";

    private const string Reply =
        """{"id":"msg_1","type":"message","model":"claude-x","content":[{"type":"text","text":"héllo"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":2}}""";

    private static readonly LlmRequest Question = new() { Model = "claude-x", MaxTokens = 16, Messages = [LlmMessage.User("hi")] };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "/v1/messages")]
    [InlineData("/", "/v1/messages")]
    [InlineData("/proxy/anthropic", "/proxy/anthropic/v1/messages")]
    [InlineData("/proxy/anthropic/", "/proxy/anthropic/v1/messages")]
    [InlineData("/a%20b", "/a%20b/v1/messages")]
    public async Task A_request_leaves_as_the_api_documents_it(string basePath, string path)
    {
        await using var server = new RawServer(Response(200, Reply, "request-id: req_1"));
        await using var provider = Provider(server, basePath);

        var reply = await provider.CompleteAsync(Question, Token);

        var request = Assert.Single(server.Requests);
        Assert.Equal($"POST {path} HTTP/1.1", request.Line);
        Assert.Equal(Key, request.Headers["x-api-key"]);
        Assert.Equal("2023-06-01", request.Headers["anthropic-version"]);
        Assert.Equal("application/json", request.Headers["content-type"]);
        Assert.False(request.Headers.ContainsKey("authorization"));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(request.Body), JsonNode.Parse("""{"model":"claude-x","max_tokens":16,"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]}""")));
        Assert.Equal(("héllo", "req_1", "msg_1"), (reply.Text, reply.RequestId, reply.Id));
        Assert.Equal(Replies.Tokens(3, 2), reply.Usage);
    }

    [Fact]
    public async Task What_could_not_be_sent_is_reported_with_the_reply()
    {
        await using var server = new RawServer(Response(200, Reply));
        await using var provider = Provider(server);

        var reply = await provider.CompleteAsync(Question with { Messages = [LlmMessage.User("a"), LlmMessage.System("late")] }, Token);

        Assert.Single(reply.Losses);
    }

    [Fact]
    public async Task A_request_that_cannot_be_said_is_refused_before_it_leaves()
    {
        await using var server = new RawServer(Response(200, Reply));
        await using var provider = Provider(server);

        var e = await ErrorAsync(provider, Question with { Messages = [LlmMessage.User(" ")] });

        Assert.Equal(ProviderErrorKind.InvalidRequest, e.Kind);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_reply_is_the_same_however_its_bytes_are_split()
    {
        var bytes = Response(200, Reply, "request-id: req_1");
        var all = Enumerable.Range(0, 40).Select(seed => Cuts(new Random(seed), bytes.Length)).Append([.. Enumerable.Range(1, bytes.Length - 1)]).ToArray();
        await using var server = new RawServer(async (number, stream, token) =>
        {
            var from = 0;
            foreach (var cut in all[number].Append(bytes.Length))
            {
                await stream.WriteAsync(bytes.AsMemory(from, cut - from), token);
                await stream.FlushAsync(token);
                await Task.Yield();
                from = cut;
            }
        });
        await using var provider = Provider(server);

        for (var i = 0; i < all.Length; i++)
        {
            var reply = await provider.CompleteAsync(Question, Token);
            Assert.Equal(("héllo", "req_1", FinishReason.Stop, Replies.Tokens(3, 2)), (reply.Text, reply.RequestId, reply.FinishReason, reply.Usage));
        }
    }

    [Fact]
    public async Task A_chunked_reply_is_read_byte_by_byte()
    {
        await using var server = new RawServer(async (_, stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"u8.ToArray(), token);
            foreach (var b in Encoding.UTF8.GetBytes(Reply)) await stream.WriteAsync(new byte[] { (byte)'1', 13, 10, b, 13, 10 }, token);
            await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), token);
        });
        await using var provider = Provider(server);

        Assert.Equal("héllo", (await provider.CompleteAsync(Question, Token)).Text);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_compressed_reply_is_unpacked(string encoding)
    {
        await using var server = new RawServer(Response(200, Pack(Encoding.UTF8.GetBytes(Reply), encoding), $"Content-Encoding: {encoding}"));
        await using var provider = Provider(server);

        Assert.Equal("héllo", (await provider.CompleteAsync(Question, Token)).Text);
        Assert.Contains("gzip", server.Requests[0].Headers["accept-encoding"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_reply_that_cannot_be_unpacked_is_a_failure_of_the_connection(string encoding)
    {
        await using var server = new RawServer(Response(200, "this is not packed at all, whatever the header says", $"Content-Encoding: {encoding}"));
        await using var provider = Provider(server);

        Assert.Equal(ProviderErrorKind.Connection, (await ErrorAsync(provider)).Kind);
    }

    [Fact]
    public async Task An_error_says_what_the_vendor_said()
    {
        await using var server = new RawServer(Response(
            429, """{"type":"error","error":{"type":"rate_limit_error","message":"slow down"},"request_id":"req_body"}""", "request-id: req_head", "Retry-After: 7"));
        await using var provider = Provider(server);

        var e = await ErrorAsync(provider);

        Assert.Equal(
            ("anthropic", ProviderErrorKind.RateLimited, 429, "rate_limit_error", "req_head", TimeSpan.FromSeconds(7)),
            (e.Provider, e.Kind, e.HttpStatus, e.VendorCode, e.RequestId, e.RetryAfter));
        Assert.Contains("HTTP 429 rate_limit_error: slow down", e.Message, StringComparison.Ordinal);
        Assert.True(e.IsTransient);
    }

    [Fact]
    public async Task The_id_of_the_request_is_taken_from_the_body_where_no_header_has_it()
    {
        await using var server = new RawServer(
            Response(400, """{"type":"error","error":{"type":"invalid_request_error","message":"no"},"request_id":"req_body"}"""),
            Response(400, "{}", "x-request-id: req_proxy"));
        await using var provider = Provider(server);

        Assert.Equal("req_body", (await ErrorAsync(provider)).RequestId);
        Assert.Equal("req_proxy", (await ErrorAsync(provider)).RequestId);
    }

    [Theory]
    [InlineData(400, ProviderErrorKind.InvalidRequest, false)]
    [InlineData(401, ProviderErrorKind.Authentication, false)]
    [InlineData(403, ProviderErrorKind.Authentication, false)]
    [InlineData(404, ProviderErrorKind.NotFound, false)]
    [InlineData(408, ProviderErrorKind.Timeout, true)]
    [InlineData(409, ProviderErrorKind.ServerError, true)]
    [InlineData(413, ProviderErrorKind.RequestTooLarge, false)]
    [InlineData(429, ProviderErrorKind.RateLimited, true)]
    [InlineData(500, ProviderErrorKind.ServerError, true)]
    [InlineData(503, ProviderErrorKind.Overloaded, true)]
    [InlineData(529, ProviderErrorKind.Overloaded, true)]
    public async Task An_error_in_html_has_the_kind_of_its_status(int status, ProviderErrorKind kind, bool isTransient)
    {
        await using var server = new RawServer(Response(status, "<html><body>Bad</body></html>", "Content-Type: text/html"));
        await using var provider = Provider(server);

        var e = await ErrorAsync(provider);

        Assert.Equal((kind, isTransient, status), (e.Kind, e.IsTransient, e.HttpStatus));
    }

    [Fact]
    public async Task An_error_whose_body_breaks_off_keeps_the_kind_of_its_status()
    {
        await using var server = new RawServer("HTTP/1.1 401 No\r\nContent-Length: 500\r\n\r\n{\"type\":\"error\""u8.ToArray());
        await using var provider = Provider(server);

        var e = await ErrorAsync(provider);

        Assert.Equal((ProviderErrorKind.Authentication, 401, false), (e.Kind, e.HttpStatus, e.IsTransient));
    }

    [Theory]
    [InlineData(401, "LLM_API_KEY")]
    [InlineData(404, "LLM_MODEL")]
    public async Task Where_a_setting_may_be_to_blame_the_message_names_it(int status, string setting)
    {
        await using var server = new RawServer(Response(status, ""));
        await using var provider = Provider(server);

        Assert.Contains(setting, (await ErrorAsync(provider)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_the_vendor_quotes_is_not_passed_on()
    {
        await using var server = new RawServer(
            Response(401, $$$"""{"type":"error","error":{"type":"bad_key_{{{Key}}}","message":"invalid x-api-key: {{{Key}}}"},"request_id":"{{{Key}}}"}"""),
            Response(401, "{}", $"request-id: {Key}"));
        await using var provider = Provider(server);

        foreach (var e in new[] { await ErrorAsync(provider), await ErrorAsync(provider) })
        {
            Assert.DoesNotContain(Key, e.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(Key, $"{e.VendorCode} {e.RequestId}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_success_that_holds_an_error_is_that_error()
    {
        await using var server = new RawServer(Response(200, """{"type":"error","error":{"type":"overloaded_error","message":"busy"}}"""));
        await using var provider = Provider(server);

        var e = await ErrorAsync(provider);

        Assert.Equal((ProviderErrorKind.Overloaded, 200, "overloaded_error"), (e.Kind, e.HttpStatus, e.VendorCode));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>Welcome</html>")]
    [InlineData("{\"content\":[")]
    [InlineData("""{"choices":[]}""")]
    public async Task A_success_that_is_no_reply_is_malformed_and_not_retried(string body)
    {
        await using var server = new RawServer(Response(200, body));
        await using var provider = Provider(server);

        var e = await ErrorAsync(provider);

        Assert.Equal((ProviderErrorKind.MalformedReply, 200, false), (e.Kind, e.HttpStatus, e.IsTransient));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed_since_it_would_carry_the_key(int status)
    {
        await using var elsewhere = new RawServer(Response(200, Reply));
        await using var server = new RawServer(Response(status, "", $"Location: {elsewhere.Url}v1/messages"));
        await using var provider = Provider(server);

        var e = await ErrorAsync(provider);

        Assert.Contains("redirect", e.Message, StringComparison.Ordinal);
        Assert.False(e.IsTransient);
        Assert.Empty(elsewhere.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"content\":[]")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"con")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public async Task A_reply_that_breaks_off_is_a_failure_of_the_connection_that_may_be_retried(string bytes)
    {
        await using var server = new RawServer(Encoding.ASCII.GetBytes(bytes));
        await using var provider = Provider(server);

        var e = await ErrorAsync(provider);

        Assert.Equal((ProviderErrorKind.Connection, true), (e.Kind, e.IsTransient));
        Assert.Contains(server.Url.Authority, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_is_a_failure_of_the_connection()
    {
        var server = new RawServer(Response(200, Reply));
        var provider = Provider(server);
        await server.DisposeAsync();

        Assert.Equal(ProviderErrorKind.Connection, (await ErrorAsync(provider)).Kind);
    }

    [Theory]
    [InlineData(200, ProviderErrorKind.MalformedReply)]
    [InlineData(401, ProviderErrorKind.Authentication)]
    public async Task A_reply_beyond_all_measure_is_refused(int status, ProviderErrorKind kind)
    {
        var megabyte = new byte[1024 * 1024];
        await using var server = new RawServer(async (_, stream, token) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nConnection: close\r\n\r\n"), token);
            for (var i = 0; i < (HttpWire.MaxBodyBytes / megabyte.Length) + 8; i++) await stream.WriteAsync(megabyte, token);
        });
        await using var provider = Provider(server);

        Assert.Equal(kind, (await ErrorAsync(provider)).Kind);
    }

    [Fact]
    public async Task A_small_reply_that_unpacks_to_a_huge_one_is_refused()
    {
        var packed = Pack(new byte[HttpWire.MaxBodyBytes + (1024 * 1024)], "gzip");
        Assert.True(packed.Length < 1024 * 1024);
        await using var server = new RawServer(Response(200, packed, "Content-Encoding: gzip"));
        await using var provider = Provider(server);

        Assert.Equal(ProviderErrorKind.MalformedReply, (await ErrorAsync(provider)).Kind);
    }

    [Fact]
    public async Task Cancellation_ends_a_request_whose_headers_do_not_come()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = new RawServer(async (_, _, token) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
        });
        await using var provider = Provider(server);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => provider.CompleteAsync(Question, cancel.Token).WaitAsync(TimeSpan.FromSeconds(20), Token));
    }

    [Fact]
    public async Task Cancellation_ends_a_request_whose_body_stops()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = new RawServer(async (_, stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"u8.ToArray(), token);
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
        });
        await using var provider = Provider(server);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => provider.CompleteAsync(Question, cancel.Token).WaitAsync(TimeSpan.FromSeconds(20), Token));
    }

    [Fact]
    public async Task Many_requests_at_once_do_not_mix()
    {
        await using var server = new RawServer((_, stream, token) => stream.WriteAsync(Response(200, Reply), token).AsTask());
        await using var provider = Provider(server);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            var reply = await provider.CompleteAsync(Question with { Messages = [LlmMessage.User($"<{i}>" + new string('x', i * 500))] }, Token);
            Assert.Equal("héllo", reply.Text);
        }));

        var asked = server.Requests.Select(r => (string)JsonNode.Parse(r.Body)!["messages"]![0]!["content"]![0]!["text"]!);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"<{i}>" + new string('x', i * 500)).Order(StringComparer.Ordinal), asked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_client_of_the_callers_is_used_and_not_disposed()
    {
        await using var server = new RawServer(Response(200, Reply));
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Mine", "1");
        var provider = new ProviderRegistry().Build(Config(server), new ProviderServices { HttpClient = http });

        await provider.CompleteAsync(Question, Token);
        await provider.DisposeAsync();

        Assert.Equal("1", server.Requests[0].Headers["X-Mine"]);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await http.GetAsync(server.Url, Token)).StatusCode);
    }

    private static int[] Cuts(Random random, int length) => [.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(1, length)).Distinct().Order()];

    private static GatewayConfig Config(RawServer server, string path = "") => new() { ApiKey = Key, BaseUrl = new Uri(server.Url.ToString().TrimEnd('/') + path) };

    private static ILlmProvider Provider(RawServer server, string path = "") => new ProviderRegistry().Build(Config(server, path));

    private static Task<ProviderException> ErrorAsync(ILlmProvider provider, LlmRequest? request = null)
        => Assert.ThrowsAsync<ProviderException>(() => provider.CompleteAsync(request ?? Question, Token).WaitAsync(TimeSpan.FromSeconds(30), Token));

    private static byte[] Pack(byte[] bytes, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream packer = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Optimal),
            "br" => new BrotliStream(packed, CompressionLevel.Optimal),
            _ => new ZLibStream(packed, CompressionLevel.Optimal),
        }) packer.Write(bytes);
        return packed.ToArray();
    }
}
