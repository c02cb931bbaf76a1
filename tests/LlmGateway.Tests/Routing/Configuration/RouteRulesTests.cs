namespace LlmGateway.Tests.RouteConfiguration;

public sealed class RouteRulesTests
{
    private static readonly RouteTarget Good = new() { Vendor = "openai", Model = "gpt-5.5" };

    public static TheoryData<string, string, GatewayConfig> Wrong => new()
    {
        { "LLM_FALLBACKS", "target[1] (openai/gpt-5.5) is there already", new GatewayConfig { Fallbacks = [Good, Good] } },
        { "LLM_FALLBACKS", "target[0] is null", new GatewayConfig { Fallbacks = [null!] } },
        { "LLM_FALLBACKS", "LLM_FALLBACKS is invalid", new GatewayConfig { Fallbacks = null! } },
        { "LLM_FALLBACKS", "target[0].weight is not a number above 0", new GatewayConfig { Fallbacks = [Good with { Weight = double.NaN }] } },
        { "LLM_FALLBACKS", "target[0].key_env is not a variable's name", new GatewayConfig { Fallbacks = [Good with { KeyVariable = "sk-secret" }] } },
        { "LLM_FALLBACKS", "target[0].target has no vendor's name", new GatewayConfig { Fallbacks = [Good with { Vendor = "" }] } },
        { "LLM_FALLBACKS", "target[0].target has a model's name with white space", new GatewayConfig { Fallbacks = [Good with { Model = "a\n" }] } },
        { "LLM_STREAM_RESCUE", "buffer or off alone", new GatewayConfig { StreamRescue = StreamRescue.Buffer | StreamRescue.Splice } },
        { "LLM_CONFIG_FILE", "a file's path", new GatewayConfig { ConfigFile = " " } },
        { "LLM_DEADLINE_SECONDS", "at least 1", new GatewayConfig { DeadlineSeconds = 0 } },
        { "Routes", "Routes: is null", new GatewayConfig { Routes = null! } },
        { "Routes", "route 'main': targets is empty", Of(new RouteConfig { Name = "main", Targets = [] }) },
        { "Routes", "route 'main': targets is empty", Of(new RouteConfig { Name = "main", Targets = null! }) },
        { "Routes", "route 'Main': another route has this name", Of(new RouteConfig { Name = "main", Targets = [Good] }, new RouteConfig { Name = "Main", Targets = [Good] }) },
        { "Routes", "route 'main': policy", Of(new RouteConfig { Name = "main", Targets = [Good], Policy = (RoutePolicy)9 }) },
        { "Routes", "route 'main': fallback_on", Of(new RouteConfig { Name = "main", Targets = [Good], FallbackOn = null! }) },
        { "Routes", "route 'main': hedge says neither", Of(new RouteConfig { Name = "main", Targets = [Good], Hedge = new RouteHedge() }) },
        { "Routes", "route 'main': hedge.percentile", Of(new RouteConfig { Name = "main", Targets = [Good], Hedge = new RouteHedge { Percentile = double.NaN } }) },
        { "Routes", "route 'main': targets[0].timeout_seconds is not above 0", Of(new RouteConfig { Name = "main", Targets = [Good with { Timeout = TimeSpan.Zero }] }) },
        { "Routes", "route 'main': targets[0].base_url", Of(new RouteConfig { Name = "main", Targets = [Good with { BaseUrl = new Uri("/v1", UriKind.Relative) }] }) },
        { "Routes", "route 'main': targets[0].when.tags", Of(new RouteConfig { Name = "main", Targets = [Good with { When = new RouteCondition { Tags = null! } }] }) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_code_sets_is_checked_too(string setting, string said, GatewayConfig config)
    {
        var e = Assert.Throws<ProviderInitException>(config.Validate);

        Assert.Equal(setting, e.Setting);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_right_passes()
        => Of(new RouteConfig { Name = "main.v-2_x", Targets = [Good, Good with { KeyVariable = "K" }, Good with { BaseUrl = new Uri("http://h") }] }).Validate();

    private static GatewayConfig Of(params RouteConfig[] routes) => new() { Routes = routes };
}
