using System.Text;
using LlmGateway.Configuration;
using LlmGateway.Tests.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LlmGateway.Tests.RouteConfiguration;

public sealed class RouteSectionTests
{
    [Fact]
    public void Routes_of_an_applications_settings_are_read_and_not_warned_of()
    {
        var config = Load(
            """
            {"Llm": {"Model": "main", "Routes": {
              "main": {"Policy": "RoundRobin", "Targets": ["openai/gpt-5.5", {"Target": "anthropic/", "key_env": ["A", "B"], "TimeoutSeconds": 30, "When": {"Tools": true}}], "Rescue": "", "FallbackOn": [], "Hedge": ""},
              "other": {"targets": {"0": "simulated/"}, "fallback_on": "refusal"}
            }}}
            """);

        Assert.Empty(config.Warnings);
        Assert.Equal("main", config.Model);
        Assert.Equal(["main", "other"], config.Routes.Select(route => route.Name));
        Assert.Equal(["openai/gpt-5.5", "anthropic/#A", "anthropic/#B"], config.Routes[0].Targets.Select(target => target.ToString()));
        Assert.Equal((RoutePolicy.RoundRobin, (StreamRescue?)null, 0), (config.Routes[0].Policy, config.Routes[0].Rescue, config.Routes[0].FallbackOn.Count));
        Assert.Equal((TimeSpan.FromSeconds(30), true), (config.Routes[0].Targets[2].Timeout, config.Routes[0].Targets[2].When!.Tools));
        Assert.Equal([ProviderErrorKind.Refusal], config.Routes[1].FallbackOn);
    }

    [Theory]
    [InlineData("""{"Llm": {"Routes": {"main": {"Targets": ["a/b"], "Polizy": "weighted"}}}}""", "Llm:Routes: route 'main': Polizy is not a field of a route; did you mean policy?")]
    [InlineData("""{"Llm": {"Routes": {"main": {"Targets": [{"Target": "a/b", "Weight": "many"}]}}}}""", "route 'main': Targets[0].Weight is not a number")]
    [InlineData("""{"Llm": {"Routes": {"main": {"Targets": [{"Target": "a/b", "max_queue": 1, "MaxQueue": 2}]}}}}""", "route 'main': Targets[0].max_queue is given twice")]
    [InlineData("""{"Llm": {"Routes": {"main": "a/b"}}}""", "route 'main' is not an object")]
    [InlineData("""{"Llm": {"Routes": {"main": {"Targets": "a/b"}}}}""", "route 'main': Targets is not a list")]
    [InlineData("""{"Llm": {"Routes": {"main": {"Targets": []}}}}""", "Llm:Routes: route 'main' has no targets")]
    [InlineData("""{"Llm": {"Routes": "main"}}""", "is not an object")]
    public void What_is_wrong_is_an_error_that_names_the_section_the_route_and_the_field(string json, string said)
    {
        var e = Assert.Throws<ProviderInitException>(() => Load(json));

        Assert.Equal("Llm:Routes", e.Setting);
        Assert.StartsWith("Llm:Routes: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_has_parts_as_well_is_an_error_and_neither_is_taken()
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection([new("Routes:main:targets:0", "a/b"), new("Routes:main:targets", "c/d")]).Build();

        Assert.Contains("targets is not a list", Assert.Throws<ProviderInitException>(() => ConfigReader.Read(Config.Variables().With(section))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Services_get_the_routes_of_their_section()
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection([new("Llm:Provider", "simulated"), new("Llm:Routes:main:Targets:0", "simulated/")]).Build().GetSection("Llm");
        using var services = new ServiceCollection().AddLlmGateway(section).BuildServiceProvider();

        var config = services.GetRequiredService<IOptions<GatewayConfig>>().Value;

        Assert.Equal("simulated/", Assert.Single(Assert.Single(config.Routes).Targets).ToString());
        Assert.DoesNotContain(config.Warnings, warning => warning.Contains("Routes", StringComparison.Ordinal));
    }

    private static GatewayConfig Load(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return ConfigReader.Read(Config.Variables().With(new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection("Llm")));
    }
}
