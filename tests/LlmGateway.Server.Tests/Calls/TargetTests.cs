using System.Text.Json;
using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Calls;

/// <summary>Who is asked, by the names that a caller gives.</summary>
public class TargetTests
{
    [Theory]
    [InlineData("fallbacks", "on_anthropic/fails")]
    [InlineData("models", "on_openai/fails")]
    public async Task Fallbacks_of_a_request_are_asked_in_turn_and_no_vendor_sees_them(string field, string first)
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url);
        using var response = await served.PostAsync("/v1/chat/completions", $$"""{"model":"{{first}}","{{field}}":["on_openai/ok","on_gemini/ok"],"messages":[{"role":"user","content":"hi"}],"unknown_field":[1] }""");

        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains("harbour master", text, StringComparison.Ordinal);
        Assert.Equal("ok", upstream.Requests[^1].Model);
        Assert.Equal("openai", upstream.Requests[^1].Dialect);
        Assert.True(int.Parse(response.Headers.GetValues("x-llm-gateway-attempts").Single(), System.Globalization.CultureInfo.InvariantCulture) > 1);
    }

    [Fact]
    public async Task A_route_is_asked_by_its_name_and_falls_over()
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url, """{"safe": {"policy": "priority", "targets": ["on_openai/fails", "on_anthropic/ok"]}}""");
        var response = await served.AskAsync("gemini", new LlmRequest { Model = "safe", Messages = [LlmMessage.User("hi")] });

        Assert.Contains("harbour master", (await Asking.ReadAsync("gemini", response)).Text, StringComparison.Ordinal);
        Assert.Equal("safe", response.Headers.GetValues("x-llm-gateway-route").Single());
        Assert.Equal("on_anthropic", response.Headers.GetValues("x-llm-gateway-vendor").Single());
    }

    [Theory]
    [InlineData("on_openai/a/b:c/ok")]
    [InlineData("on-openai/ok")]
    public async Task A_models_name_may_hold_slashes_and_colons(string name)
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url);
        foreach (var from in Served.Dialects)
        {
            var response = await served.AskAsync(from, new LlmRequest { Model = name, Messages = [LlmMessage.User("hi")], MaxTokens = 50 });
            await Asking.ReadAsync(from, response);
            Assert.Equal(name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..], upstream.Requests[^1].Model);
        }
    }

    [Fact]
    public async Task Bytes_pass_through_with_nothing_changed_but_the_models_name()
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url);
        using var direct = new HttpClient { BaseAddress = upstream.Url };
        const string Body = """{ "messages":[{"role":"user","content":"hi \u00e9"}] ,"model":"MODEL", "x_unknown": [1.50, {"a":null}]  }""";
        using var content = new StringContent(Body.Replace("MODEL", "ok", StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        using var ofVendor = await direct.PostAsync("/v1/chat/completions", content, TestContext.Current.CancellationToken);
        using var ofGateway = await served.PostAsync("/v1/chat/completions", Body.Replace("MODEL", "on_openai/ok", StringComparison.Ordinal));

        Assert.Equal(await ofVendor.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), await ofGateway.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(upstream.Requests[0].Bytes, upstream.Requests[1].Bytes);
        Assert.Equal("0.00", decimal.Parse(ofGateway.Headers.GetValues("x-llm-gateway-cost-usd").Single(), System.Globalization.CultureInfo.InvariantCulture).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Embeddings_are_read_by_both_protocols()
    {
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:1"), configure: options =>
        {
            var registry = new ProviderRegistry();
            registry.Register("vectors", static (_, _) => new VectorProvider());
            options.Client = options.Client with { Registry = registry };
        });
        using var openai = await served.PostAsync("/v1/embeddings", """{"model":"vectors/v1","input":["a","bb"],"encoding_format":"float"}""");
        using var base64 = await served.PostAsync("/v1/embeddings", """{"model":"vectors/v1","input":"a","encoding_format":"base64"}""");
        using var gemini = await served.PostAsync("/v1beta/models/vectors/v1:embedContent", """{"content":{"parts":[{"text":"bb"}]}}""");
        using var batch = await served.PostAsync("/v1beta/models/vectors%2Fv1:batchEmbedContents", """{"requests":[{"content":{"parts":[{"text":"a"}]}},{"content":{"parts":[{"text":"bb"}]}}]}""");

        var list = (await JsonOf(openai)).GetProperty("data");
        Assert.Equal([1f, 0.5f], list[0].GetProperty("embedding").EnumerateArray().Select(static n => n.GetSingle()));
        Assert.Equal(2f, list[1].GetProperty("embedding")[0].GetSingle());
        Assert.Equal([0, 0, 128, 63, 0, 0, 0, 63], (await JsonOf(base64)).GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64());
        Assert.Equal(2f, (await JsonOf(gemini)).GetProperty("embedding").GetProperty("values")[0].GetSingle());
        Assert.Equal(2, (await JsonOf(batch)).GetProperty("embeddings").GetArrayLength());
    }

    private static async Task<JsonElement> JsonOf(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private sealed class VectorProvider : ILlmProvider
    {
        public string Name => "vectors";

        public string DefaultModel => "v1";

        public string? DefaultEmbeddingModel => "v1";

        public ProviderBilling Billing => ProviderBilling.Free;

        public Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<LlmEmbeddings> EmbedAsync(LlmEmbeddingRequest request, CancellationToken cancellationToken)
            => Task.FromResult(new LlmEmbeddings([.. request.Inputs.Select(static input => (ReadOnlyMemory<float>)new float[] { input.Length, 0.5f })]) { Usage = new TokenUsage { InputTokens = 3 } });

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
