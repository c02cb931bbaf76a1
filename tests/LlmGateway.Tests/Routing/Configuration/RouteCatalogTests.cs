using LlmGateway.Providers.Http;
using LlmGateway.Routing.Configuration;
using LlmGateway.Tests.Configuration;
using LlmGateway.Tests.Fakes;
using LlmGateway.Tests.Telemetry;
using Microsoft.Extensions.Time.Testing;
using static LlmGateway.Tests.Fakes.RawServer;

namespace LlmGateway.Tests.RouteConfiguration;

public sealed class RouteCatalogTests : IDisposable
{
    private const string Chat = """{"id":"c1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLoggerProvider _log = new();
    private readonly ProviderRegistry _registry = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task The_key_and_address_of_the_one_vendor_never_go_to_another()
    {
        await using var own = new RawServer(Response(200, Chat));
        await using var other = new RawServer(Response(200, Chat));
        await using var catalog = Catalog(
            ("LLM_PROVIDER", "azure-openai"), ("LLM_API_KEY", "own-secret"), ("LLM_BASE_URL", own.Url.AbsoluteUri), ("LLM_MODEL", "own-model"),
            ("OPENAI_BASE_URL", other.Url.AbsoluteUri), ("OPENAI_API_KEY", "openai-key"), ("SECOND", "second-key"),
            ("LLM_FALLBACKS", "AZURE_openai/m,openai/m,openai/m#SECOND,azure_openai/m#SECOND"));

        foreach (var target in catalog.Fallbacks) await target.Provider.CompleteAsync(new LlmRequest { Messages = [LlmMessage.User("Hi")], Model = target.Model, MaxTokens = 5 }, Token);

        Assert.Equal(["own-secret", "second-key"], own.Requests.Select(request => request.Headers["api-key"]));
        Assert.Equal(["Bearer openai-key", "Bearer second-key"], other.Requests.Select(request => request.Headers["authorization"]));
        Assert.All(other.Requests, request => Assert.DoesNotContain("own", $"{request.Line}{string.Join(',', request.Headers)}{request.Body}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_vendor_without_a_key_of_its_own_does_not_borrow_and_the_error_says_what_to_set()
    {
        var e = Assert.Throws<ProviderInitException>(() => Catalog(("LLM_PROVIDER", "anthropic"), ("LLM_API_KEY", "own-secret"), ("LLM_FALLBACKS", "openai/m")));

        Assert.Equal("OPENAI_API_KEY", e.Setting);
        Assert.StartsWith("LLM_FALLBACKS (openai/m): ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LLM_API_KEY", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_of_a_key_that_is_refused_names_the_targets_own_variable()
    {
        await using var server = new RawServer(Response(401, """{"error":{"message":"no"}}"""));
        await using var catalog = Catalog(("OPENAI_BASE_URL", server.Url.AbsoluteUri), ("SECOND", "second-key"), ("LLM_FALLBACKS", "openai/m#SECOND"));
        var target = catalog.Fallbacks[0];

        var e = await Assert.ThrowsAsync<ProviderException>(() => target.Provider.CompleteAsync(new LlmRequest { Messages = [LlmMessage.User("Hi")], Model = target.Model, MaxTokens = 5 }, Token));

        Assert.Contains("(check SECOND)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_needed_when_its_route_is_first_used_and_the_error_names_variable_and_route()
    {
        using var file = new TempFile("""{"routes":{"main":{"targets":["simulated/"]},"other":{"targets":["openai/m#NOT_SET"]}}}""");
        await using var catalog = Catalog(("LLM_CONFIG_FILE", file.Path));

        Assert.NotNull(catalog.Find("main"));
        var e = Assert.Throws<ProviderInitException>(() => catalog.Find("other"));
        Assert.Equal("NOT_SET", e.Setting);
        Assert.StartsWith("Route 'other' (openai/m#NOT_SET): NOT_SET is not set", e.Message, StringComparison.Ordinal);
        Assert.Throws<ProviderInitException>(() => Catalog(("LLM_CONFIG_FILE", file.Path), ("LLM_MODEL", "other")));
    }

    [Theory]
    [InlineData("not a key")]
    [InlineData("a\r\nX-Evil: 1")]
    public void A_key_that_no_header_can_hold_is_an_error_without_it(string key)
    {
        var e = Assert.Throws<ProviderInitException>(() => Catalog(("LLM_FALLBACKS", "openai/m#MINE"), ("MINE", key)));

        Assert.Equal("MINE", e.Setting);
        Assert.DoesNotContain(key, e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Targets_of_one_vendor_key_and_address_share_a_provider_and_others_do_not()
    {
        await using var catalog = Catalog(
            ("A", "1"), ("B", "2"), ("DASHSCOPE_API_KEY", "3"), ("LLM_FALLBACKS", "openai/x#A,OpenAI/y#A,openai/x#B,qwen/z,alibaba/w"));

        var providers = catalog.Fallbacks.Select(target => target.Provider).ToArray();

        Assert.Same(providers[0], providers[1]);
        Assert.NotSame(providers[0], providers[2]);
        Assert.Same(providers[3], providers[4]);
        Assert.Equal(catalog.Fallbacks[0].Key, catalog.Fallbacks[1].Key);
        Assert.Equal(["x", "y", "x", "z", "w"], catalog.Fallbacks.Select(target => target.Model));
    }

    [Fact]
    public async Task The_clients_own_provider_serves_targets_of_its_vendor_and_is_not_disposed()
    {
        var own = new ScriptedProvider { Name = "mine" };
        var registered = new List<ScriptedProvider>();
        _registry.Register("second", _ => Added(registered));
        var config = Config.Of(("LLM_FALLBACKS", "Mine/a,second/b,second/c,simulated/"));
        var catalog = new RouteCatalog(config, new LlmClientOptions { Registry = _registry }, own, _log.CreateLogger("test"));

        Assert.Same(own, catalog.Fallbacks[0].Provider);
        Assert.Same(Assert.Single(registered), catalog.Fallbacks[1].Provider);
        Assert.Same(registered[0], catalog.Fallbacks[2].Provider);
        await catalog.DisposeAsync();
        await catalog.DisposeAsync();
        Assert.Equal((0, 1), (own.Disposals, registered[0].Disposals));

        static ScriptedProvider Added(List<ScriptedProvider> all)
        {
            all.Add(new ScriptedProvider { Name = "second" });
            return all[^1];
        }
    }

    [Fact]
    public async Task A_target_without_a_model_asks_the_providers_default_and_is_an_error_where_there_is_none()
    {
        await using (var catalog = Catalog(("OPENAI_API_KEY", "k"), ("LLM_FALLBACKS", "openai/,simulated/")))
        {
            Assert.Equal(catalog.Fallbacks.Select(target => target.Provider.DefaultModel), catalog.Fallbacks.Select(target => target.Model));
            Assert.All(catalog.Fallbacks, target => Assert.NotEmpty(target.Model));
        }

        var e = Assert.Throws<ProviderInitException>(() => Catalog(("LLM_FALLBACKS", "vllm/")));
        Assert.Contains("LLM_FALLBACKS (vllm/): the target names no model", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_vendor_of_a_fallback_is_an_error_with_the_nearest_one()
    {
        var e = Assert.Throws<ProviderInitException>(() => Catalog(("LLM_FALLBACKS", "simulated/,antropic/m")));

        Assert.Equal("LLM_FALLBACKS", e.Setting);
        Assert.Contains("target[1]: there is no provider 'antropic'; did you mean anthropic?", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vendor_of_the_file_can_be_a_target_and_the_provider_itself()
    {
        await using var server = new RawServer(Response(200, Chat));
        using var file = new TempFile("""{"vendors":{"house":{"aliases":["home"],"dialect":"openai","base_url":"URL/v1","key_env":"HOUSE_KEY","default_model":"h1"}},"routes":{"main":{"targets":["home/"]}}}""".Replace("URL/", server.Url.AbsoluteUri, StringComparison.Ordinal));
        var variables = new[] { ("LLM_CONFIG_FILE", file.Path), ("HOUSE_KEY", "house-key"), ("LLM_PROVIDER", "house"), ("LLM_MODEL", "m") };
        await using var catalog = Catalog(variables);
        var target = catalog.Find("main")!.Targets[0];
        await using var own = _registry.Build(Config.Of(variables));

        foreach (var provider in (ILlmProvider[])[target.Provider, own]) await provider.CompleteAsync(new LlmRequest { Messages = [LlmMessage.User("Hi")], Model = target.Model, MaxTokens = 5 }, Token);

        Assert.Equal("h1", target.Model);
        Assert.Equal(["Bearer house-key", "Bearer house-key"], server.Requests.Select(request => request.Headers["authorization"]));
        Assert.Equal("POST /v1/chat/completions HTTP/1.1", server.Requests[0].Line);
    }

    [Fact]
    public async Task A_row_that_changes_makes_another_provider_and_one_that_does_not_keeps_its_own()
    {
        const string Text = """{"vendors":{"a":{"dialect":"openai","base_url":"http://a"},"b":{"dialect":"openai","base_url":"http://b"}},"routes":{"main":{"targets":["a/m","b/m"]}}}""";
        using var file = new TempFile(Text);
        await using var catalog = Catalog(("LLM_CONFIG_FILE", file.Path));
        var before = catalog.Find("main")!;
        Assert.Same(before, catalog.Find("MAIN"));
        file.Write(Text.Replace("http://b", "http://c", StringComparison.Ordinal));
        _time.Advance(TimeSpan.FromSeconds(1));

        var after = catalog.Find("main")!;

        Assert.Same(before.Targets[0].Provider, after.Targets[0].Provider);
        Assert.Equal(before.Targets[0].Key, after.Targets[0].Key);
        Assert.NotSame(before.Targets[1].Provider, after.Targets[1].Provider);
        Assert.Equal(new Uri("http://c"), ((HttpProvider)after.Targets[1].Provider).Endpoint);
        Assert.Equal(new Uri("http://b"), ((HttpProvider)before.Targets[1].Provider).Endpoint);
    }

    [Theory]
    [InlineData("""{"routes":{"main":{"targets":["simulated/"]},"used":{"targets":["openai/m#NOT_SET"]}}}""", "NOT_SET is not set")]
    [InlineData("""{"routes":{"used":{"targets":["simulated/"]}}}""", "route 'main' is not there any more, and LLM_MODEL names it")]
    public async Task A_file_that_what_is_in_use_cannot_go_on_with_changes_nothing(string text, string said)
    {
        using var file = new TempFile("""{"routes":{"main":{"targets":["simulated/"]},"used":{"targets":["simulated/"]}}}""");
        await using var catalog = Catalog(("LLM_CONFIG_FILE", file.Path), ("LLM_MODEL", "main"));
        var main = catalog.Find("main");
        var used = catalog.Find("used");
        file.Write(text);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Same(main, catalog.Find("main"));
        Assert.Same(used, catalog.Find("used"));
        Assert.Contains(said, Assert.Single(_log.Of(16)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_that_is_gone_is_an_error_and_not_a_models_name()
    {
        using var file = new TempFile("""{"routes":{"main":{"targets":["simulated/"]},"exp":{"targets":["simulated/"]}}}""");
        await using var catalog = Catalog(("LLM_CONFIG_FILE", file.Path), ("LLM_MODEL", "main"));
        Assert.NotNull(catalog.Find("exp"));
        Assert.Null(catalog.Find("gpt-5.5"));
        file.Write("""{"routes":{"main":{"targets":["simulated/"]}}}""");
        _time.Advance(TimeSpan.FromSeconds(1));

        var e = Assert.Throws<ProviderInitException>(() => catalog.Find("exp"));

        Assert.Contains("no route 'exp' any more", e.Message, StringComparison.Ordinal);
        Assert.Null(catalog.Find("gpt-5.5"));
    }

    private RouteCatalog Catalog(params (string Name, string Value)[] environment)
    {
        var config = Config.Of(environment);
        return new RouteCatalog(config, new LlmClientOptions { Registry = _registry, Services = new ProviderServices { TimeProvider = _time } }, new ScriptedProvider { Name = "own" }, _log.CreateLogger("test"));
    }
}
