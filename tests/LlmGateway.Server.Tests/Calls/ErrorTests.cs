using System.Net;
using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Calls;

/// <summary>What a caller is told when something goes wrong, in its own dialect.</summary>
public class ErrorTests
{
    public static TheoryData<string, string> Pairs()
    {
        var pairs = new TheoryData<string, string>();
        foreach (var from in Served.Dialects)
            foreach (var to in (string[])["openai", "anthropic", "gemini"]) pairs.Add(from, to);
        return pairs;
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task A_vendors_errors_keep_their_kind(string from, string to)
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url, retries: 0);
        foreach (var (model, kind, status) in ((string, ProviderErrorKind, int)[])[
            ("unauthorized", ProviderErrorKind.Authentication, 401),
            ("not-found", ProviderErrorKind.NotFound, 404),
            ("bad-request", ProviderErrorKind.InvalidRequest, 400),
            ("context-length", ProviderErrorKind.ContextLength, 400),
            ("rate-limited-1s", ProviderErrorKind.RateLimited, 429)])
        {
            foreach (var stream in (bool[])[false, true])
            {
                using var response = await served.AskAsync(from, Request($"on_{to}/{model}", stream));
                var error = await ErrorOf(from, response);

                Assert.Equal(kind, error.Kind);
                Assert.Equal(status, (int)response.StatusCode);
                Assert.Equal("false", response.Headers.GetValues("x-should-retry").Single());
                if (kind == ProviderErrorKind.RateLimited) Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 1);
                Assert.DoesNotContain("sk-of-the-vendor", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            }
        }
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task A_stream_that_is_cut_never_looks_whole(string from, string to)
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url);
        foreach (var model in (string[])["cut", "ends-early", "malformed-cut", "error-event-late"])
        {
            using var response = await served.AskAsync(from, Request($"on_{to}/{model}", stream: true));

            var error = await Assert.ThrowsAnyAsync<Exception>(() => Asking.ReadAsync(from, response));

            // By the protocol's own event for errors, not only by the end of the bytes.
            Assert.True(error is DialectException { VendorError: not null }, $"{model}: {error}");
        }

        var calls = await served.CallsAsync(4);
        Assert.All(calls, call => Assert.Equal("failed", call.Outcome));
        Assert.All(calls, call => Assert.True(call.Usage.OutputTokens > 0, "what was received is not counted"));
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"nobodys-model","messages":[{"role":"user","content":"hi"}]}""", 404, "nobodys-model")]
    [InlineData("/v1/chat/completions", """{"model":"simulated","messages":"hi"}""", 400, "messages")]
    [InlineData("/v1/chat/completions", """{"model":"simulated","messages":[]}""", 400, "conversation")]
    [InlineData("/v1/chat/completions", """{"model":"simulated",""", 400, "JSON")]
    [InlineData("/v1/chat/completions", "", 400, "JSON")]
    [InlineData("/v1/messages", "[]", 400, "object")]
    [InlineData("/v1/responses", "null", 400, "object")]
    [InlineData("/v1beta/models/simulated:dance", "{}", 404, "dance")]
    [InlineData("/v1beta/models/simulated:streamGenerateContent", """{"contents":[]}""", 400, "alt=sse")]
    [InlineData("/v1/embeddings", """{"model":"simulated","input":[1,2]}""", 400, "input[0]")]
    [InlineData("/v1/embeddings", """{"model":"simulated","input":""}""", 400, "input")]
    [InlineData("/v1/chat/completions", """{"model":"simulated","fallbacks":"x","messages":[{"role":"user","content":"hi"}]}""", 400, "fallbacks")]
    public async Task Bad_input_names_what_is_wrong(string path, string body, int status, string named)
    {
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:1"));
        using var response = await served.PostAsync(path, body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(named, text, StringComparison.OrdinalIgnoreCase);
        using var json = JsonDocument.Parse(text);
        Assert.Equal(JsonValueKind.Object, json.RootElement.GetProperty("error").ValueKind);
    }

    [Fact]
    public async Task A_request_that_is_no_json_by_its_type_is_not_read()
    {
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:1"));
        using var content = new StringContent("""{"model":"simulated","messages":[{"role":"user","content":"hi"}]}""");
        content.Headers.ContentType = new("text/plain");
        using var response = await served.Http.PostAsync("/v1/chat/completions", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task Without_keys_a_page_that_points_its_name_here_gets_nothing()
    {
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:1"));
        using var response = await served.PostAsync("/v1/chat/completions", """{"model":"simulated","messages":[{"role":"user","content":"hi"}]}""", ("Host", "evil.example.com"));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
        using var metrics = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        metrics.Headers.Host = "evil.example.com";
        using var told = await served.Http.SendAsync(metrics, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, told.StatusCode);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused_by_its_header_and_by_its_bytes()
    {
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:1"), configure: options => options.MaxBodyBytes = 1000);
        var large = $$"""{"model":"simulated","messages":[{"role":"user","content":"{{new string('x', 2000)}}"}]}""";
        using var byHeader = await served.PostAsync("/v1/messages", large);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, byHeader.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = new StringContent(large, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = true;
        using var byBytes = await served.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, byBytes.StatusCode);
    }

    private static LlmRequest Request(string model, bool stream) => new() { Model = model, Stream = stream, MaxTokens = 300, Messages = [LlmMessage.User("Tell me a story.")] };

    private static async Task<VendorError> ErrorOf(string dialect, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return Asking.Of(dialect).DecodeError((int)response.StatusCode, body);
    }
}
