using LlmGateway.Tests.Fakes;
using LlmGateway.Vendors;
using static LlmGateway.Tests.Fakes.RawServer;

namespace LlmGateway.Tests.Vendors;

/// <summary>The table itself, and that each row of it speaks to a server on a real socket by a change of settings alone.</summary>
public class VendorTableTests
{
    private const string Chat = """{"id":"c1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";
    private const string Responses = """{"id":"r1","model":"m","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Hello"}]}],"usage":{"input_tokens":3,"output_tokens":2}}""";
    private const string Messages = """{"id":"m1","type":"message","model":"m","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":2}}""";
    private const string Gemini = """{"candidates":[{"content":{"parts":[{"text":"Hello"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2}}""";

    private static readonly string[] Asked =
    [
        "openai", "anthropic", "gemini", "vertex", "azure_openai", "bedrock", "mistral", "groq", "deepseek", "xai", "openrouter", "together", "fireworks", "cerebras", "perplexity", "cohere", "nvidia",
        "huggingface", "moonshot", "zhipu", "alibaba", "minimax", "sambanova", "github_models", "cloudflare", "databricks", "ollama", "vllm", "lmstudio", "llamacpp", "openai_compatible",
    ];

    public static TheoryData<string> Http => [.. Asked.Where(name => name != "bedrock"), "openai_responses"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_vendor_has_its_row_and_every_row_its_sources()
    {
        Assert.Empty(Asked.Except(Vendor.All.Select(vendor => vendor.Name)));
        Assert.All(Vendor.All, vendor =>
        {
            Assert.NotEmpty(vendor.Sources);
            Assert.All(vendor.Sources, source => Assert.StartsWith("https://", source, StringComparison.Ordinal));
            Assert.Equal("*", vendor.Models[^1].Match);
        });
    }

    [Theory]
    [MemberData(nameof(Http))]
    public async Task A_change_of_settings_is_all_that_a_change_of_vendor_takes(string name)
    {
        var vendor = Vendor.All.Single(row => row.Name == name);
        await using var server = new RawServer(Response(200, vendor.Dialect switch { "anthropic" => Messages, "gemini" => Gemini, "openai_responses" => Responses, _ => Chat }));
        var config = new GatewayConfig { Provider = name, BaseUrl = server.Url, ApiKey = "sk-test", Model = "m" };
        await using var llm = new LlmClient(config, new LlmClientOptions { Services = new ProviderServices() });

        var response = await llm.CompleteTextAsync("Hi", cancellationToken: Token);

        Assert.Equal("Hello", response.Content);
        Assert.Equal((3, 2), (response.Usage.InputTokens, response.Usage.OutputTokens));
        Assert.Empty(response.Metadata.Losses);
        var request = Assert.Single(server.Requests);
        Assert.Equal(vendor.KeyPrefix + "sk-test", request.Headers[vendor.KeyHeader.ToLowerInvariant()]);
        var path = vendor.Dialect switch { "anthropic" => "/v1/messages", "gemini" => "/models/m:generateContent", "openai_responses" => "/v1/responses", _ => "/chat/completions" };
        Assert.EndsWith(path + " HTTP/1.1", request.Line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://h", "http://h/v1")]
    [InlineData("http://h/", "http://h/v1")]
    [InlineData("http://h/v1", "http://h/v1")]
    [InlineData("http://h/proxy/openai", "http://h/proxy/openai")]
    public void An_address_without_a_path_gets_the_rows(string own, string expected)
        => Assert.Equal(new Uri(expected), VendorSettings.BaseUrl(Vendor.All.Single(v => v.Name == "openai"), new GatewayConfig { BaseUrl = new Uri(own) }));

    [Fact]
    public async Task A_path_that_the_address_ends_with_already_is_not_doubled()
    {
        await using var server = new RawServer(Response(200, Messages));
        await using var llm = new LlmClient(new GatewayConfig { Provider = "anthropic", BaseUrl = new Uri(server.Url, "/v1"), ApiKey = "k", Model = "m" });

        await llm.CompleteTextAsync("Hi", cancellationToken: Token);

        Assert.Equal("POST /v1/messages HTTP/1.1", server.Requests[0].Line);
    }

    [Fact]
    public void A_variable_that_an_address_needs_is_named_where_it_is_missing()
    {
        var e = Assert.Throws<ProviderInitException>(() => new ProviderRegistry().Build(Configuration.Config.Of(("LLM_PROVIDER", "cloudflare"), ("LLM_API_KEY", "k"))));

        Assert.Equal("CLOUDFLARE_ACCOUNT_ID", e.Setting);
    }

    [Fact]
    public void Variables_fill_an_address()
        => Assert.Equal(
            new Uri("https://api.cloudflare.com/client/v4/accounts/a%2Fb/ai/v1"),
            VendorSettings.BaseUrl(Vendor.All.Single(v => v.Name == "cloudflare"), Configuration.Config.Of(("CLOUDFLARE_ACCOUNT_ID", "a/b"))));

    [Fact]
    public async Task Azures_dated_versions_have_their_own_path()
    {
        await using var server = new RawServer(Response(200, Chat));
        var config = Configuration.Config.Of(("LLM_PROVIDER", "azure_openai"), ("AZURE_OPENAI_API_KEY", "k"), ("AZURE_OPENAI_ENDPOINT", server.Url.AbsoluteUri), ("AZURE_OPENAI_API_VERSION", "2024-10-21"), ("LLM_MODEL", "my deployment"));
        await using var llm = new LlmClient(config);

        await llm.CompleteTextAsync("Hi", cancellationToken: Token);

        Assert.Equal("POST /openai/deployments/my%20deployment/chat/completions?api-version=2024-10-21 HTTP/1.1", server.Requests[0].Line);
        Assert.Equal("k", server.Requests[0].Headers["api-key"]);
    }

    [Fact]
    public async Task A_token_from_the_callers_function_stands_in_the_keys_place_and_is_never_shown()
    {
        await using var server = new RawServer(Response(401, """{"error":{"message":"bad token tok-secret"}}"""));
        var services = new ProviderServices { TokenProvider = (vendor, _) => ValueTask.FromResult<string?>(vendor == "azure_openai" ? "tok-secret" : null) };
        await using var llm = new LlmClient(Configuration.Config.Of(("LLM_PROVIDER", "azure_openai"), ("LLM_BASE_URL", server.Url.AbsoluteUri)), new LlmClientOptions { Services = services });

        var e = await Assert.ThrowsAsync<ProviderException>(() => llm.CompleteTextAsync("Hi", cancellationToken: Token));

        Assert.Equal("Bearer tok-secret", server.Requests[0].Headers["authorization"]);
        Assert.DoesNotContain("tok-secret", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vendor_of_the_users_own_is_a_row_in_a_file()
    {
        await using var server = new RawServer(Response(200, Chat));
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $$$"""{"vendors":{"mine":{"dialect":"openai","base_url":"{{{server.Url}}}proxy","key_env":"MY_KEY","default_model":"mine-1","refuses":["temperature"]} } }""", Token);
        await using var llm = new LlmClient(Configuration.Config.Of(("LLM_PROVIDER", "mine"), ("LLM_VENDORS_FILE", file), ("MY_KEY", "k"), ("LLM_TEMPERATURE", "0.5")));

        var response = await llm.CompleteTextAsync("Hi", cancellationToken: Token);

        Assert.Equal("POST /proxy/chat/completions HTTP/1.1", server.Requests[0].Line);
        Assert.Equal("Bearer k", server.Requests[0].Headers["authorization"]);
        Assert.Contains("temperature", Assert.Single(response.Metadata.Losses), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Theory]
    [InlineData("""{"vendors":{"x":{"dialect":"nonsense","base_url":"http://h"}}}""", "dialect")]
    [InlineData("""{"vendors":{"x":{"dialect":"openai"}}}""", "base_url")]
    [InlineData("""{"vendors":{"x":{"dialect":"openai","base_url":"http://h","defualt_model":"m"}}}""", "defualt_model")]
    [InlineData("""{"vendors":{"x":{"dialect":"openai","base_url":"http://h","models":[{"match":"*","vision":1}]}}}""", "models[0].vision")]
    [InlineData("""{"vendors":[]}""", "vendors")]
    [InlineData("not json", "LLM_VENDORS_FILE")]
    public void A_bad_file_is_refused_whole_with_the_row_and_the_field_named(string text, string named)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, text);

        var e = Assert.Throws<ProviderInitException>(() => new ProviderRegistry().Build(Configuration.Config.Of(("LLM_PROVIDER", "x"), ("LLM_VENDORS_FILE", file))));

        Assert.Contains(named, e.Message, StringComparison.Ordinal);
        Assert.Equal("LLM_VENDORS_FILE", e.Setting);
        File.Delete(file);
    }

    [Theory]
    [InlineData("openai", """{"data":[{"index":1,"embedding":[3,4]},{"index":0,"embedding":[1,2.5]}],"model":"e","usage":{"prompt_tokens":7,"total_tokens":7}}""", "/v1/embeddings")]
    [InlineData("mistral", """{"data":[{"index":0,"embedding":[1,2.5]},{"index":1,"embedding":[3,4]}],"model":"e","usage":{"prompt_tokens":7,"total_tokens":7,"completion_tokens":0}}""", "/v1/embeddings")]
    [InlineData("gemini", """{"embeddings":[{"values":[1,2.5]},{"values":[3,4]}],"usageMetadata":{"promptTokenCount":7}}""", "/v1beta/models/e:batchEmbedContents")]
    [InlineData("cohere", """{"id":"x","embeddings":{"float":[[1,2.5],[3,4]]},"meta":{"billed_units":{"input_tokens":7}}}""", "/v2/embed")]
    [InlineData("ollama", """{"model":"e","embeddings":[[1,2.5],[3,4]],"prompt_eval_count":7}""", "/api/embed")]
    public async Task Texts_become_vectors_in_their_order_in_every_format(string name, string reply, string path)
    {
        await using var server = new RawServer(Response(200, reply));
        await using var llm = new LlmClient(new GatewayConfig { Provider = name, BaseUrl = server.Url, ApiKey = "k" });

        var response = await llm.EmbedAsync(["a", "b"], new LlmEmbeddingOptions { Model = "e", Dimensions = 2 }, Token);

        Assert.Equal([[1f, 2.5f], [3f, 4f]], response.Content.Select(vector => vector.ToArray()));
        Assert.Equal((7, 0), (response.Usage.InputTokens, response.Usage.OutputTokens));
        Assert.Equal("embeddings", response.Metadata.Operation);
        Assert.Equal($"POST {path} HTTP/1.1", Assert.Single(server.Requests).Line);
        Assert.Contains("\"a\"", server.Requests[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"data":[{"index":0,"embedding":[1]}]}""", "1 embeddings for 2 texts")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[2]}]}""", "index 0")]
    [InlineData("""{"data":[{"index":0,"embedding":[1,null]},{"index":1,"embedding":[2]}]}""", "no list of finite numbers")]
    [InlineData("""{"choices":[]}""", "no list \"data\"")]
    public async Task Vectors_that_are_missing_doubled_or_broken_are_an_error(string reply, string said)
    {
        await using var server = new RawServer(Response(200, reply));
        await using var llm = new LlmClient(new GatewayConfig { Provider = "openai", BaseUrl = server.Url, ApiKey = "k" });

        var e = await Assert.ThrowsAsync<ProviderException>(() => llm.EmbedAsync(["a", "b"], cancellationToken: Token));

        Assert.Equal(ProviderErrorKind.MalformedReply, e.Kind);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vertex", "us-central1", "us-central1")]
    [InlineData("vertex", "global", "global")]
    [InlineData("groq", "us-central1", null)]
    public async Task The_region_that_is_billed_by_is_the_addresss_location(string vendor, string location, string? region)
    {
        await using var provider = new ProviderRegistry().Build(Configuration.Config.Of(("LLM_PROVIDER", vendor), ("LLM_API_KEY", "k"), ("GOOGLE_CLOUD_LOCATION", location), ("GOOGLE_CLOUD_PROJECT", "p-1")));

        Assert.Equal(region, provider.BillingRegion);
    }

    [Theory]
    [InlineData("temperature", true)]
    [InlineData("max_tokens", false)]
    public async Task What_a_vendor_may_cost_is_bounded_only_where_it_takes_the_limit_of_tokens(string refused, bool isBounded)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, $$$"""{"vendors":{"mine":{"dialect":"openai","base_url":"http://127.0.0.1:9/","key_env":"MY_KEY","default_model":"m","refuses":["{{{refused}}}"]} } }""", TestContext.Current.CancellationToken);
            await using var provider = new ProviderRegistry().Build(Configuration.Config.Of(("LLM_PROVIDER", "mine"), ("LLM_API_KEY", "k"), ("LLM_VENDORS_FILE", file)));

            Assert.Equal(isBounded, provider.IsCostBounded);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
