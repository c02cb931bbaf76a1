using System.Reflection;

namespace LlmGateway.IntegrationTests.DryRun;

/// <summary>What a consumer finds in the packages before the first call.</summary>
public sealed class PackageTests
{
    private static readonly Assembly[] Packages = [typeof(LlmClient).Assembly, typeof(FakeProvider).Assembly];

    [Fact]
    public void The_packages_import_with_one_using_and_are_the_ones_just_packed()
    {
        var expected = typeof(PackageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "LlmGatewayVersion").Value!;

        Assert.All(Packages, package => Assert.StartsWith(expected, package.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion, StringComparison.Ordinal));
        // Registration stands where every package's stands, and is found without a using of its own.
        Assert.All(Packages.SelectMany(p => p.GetExportedTypes()).Where(t => t.Namespace != "Microsoft.Extensions.DependencyInjection"), t => Assert.Equal("LlmGateway", t.Namespace));
    }

    [Theory]
    [InlineData(typeof(ProviderNotFoundException), typeof(GatewayException))]
    [InlineData(typeof(ProviderInitException), typeof(GatewayException))]
    [InlineData(typeof(ProviderException), typeof(GatewayException))]
    [InlineData(typeof(CostLimitExceededException), typeof(GatewayException))]
    [InlineData(typeof(UnknownPriceException), typeof(GatewayException))]
    [InlineData(typeof(LedgerException), typeof(GatewayException))]
    [InlineData(typeof(ResponseValidationException), typeof(GatewayException))]
    [InlineData(typeof(CliNotFoundException), typeof(ProviderException))]
    [InlineData(typeof(JsonSchemaException), typeof(GatewayException))]
    [InlineData(typeof(ToolCallsRequestedException), typeof(GatewayException))]
    [InlineData(typeof(GatewayException), typeof(Exception))]
    public void The_error_hierarchy_is_as_documented(Type error, Type parent)
    {
        Assert.Equal(parent, error.BaseType);
        Assert.Equal(11, typeof(LlmClient).Assembly.GetExportedTypes().Count(t => t.IsAssignableTo(typeof(GatewayException))));
    }

    [Fact]
    public void The_registry_lists_the_built_in_providers_and_an_unknown_name_gets_the_nearest()
    {
        Assert.Superset(new HashSet<string> { "anthropic", "local_claude", "simulated" }, ProviderRegistry.Default.List().ToHashSet());

        var error = Assert.Throws<ProviderNotFoundException>(() => new LlmClient(new GatewayConfig { Provider = "antropic" }));

        Assert.Equal("anthropic", error.NearestMatch);
        Assert.Contains("Did you mean 'anthropic'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_arithmetic_of_cost_is_exact()
    {
        // Anthropic's published prices: 3, 3.75 (cache write), 0.30 (cache read) and 15 dollars a million tokens.
        var usage = Pricing.Calculate("anthropic", "claude-sonnet-4-5", new TokenUsage { InputTokens = 111, CacheReadTokens = 10, CacheWriteTokens = 1, OutputTokens = 7 });
        var unknown = Pricing.Calculate("anthropic", "no-such-model", new TokenUsage { InputTokens = 1 });

        Assert.Equal((0.00030675m, 0.000105m, 0.00041175m), (usage.InputCostUsd, usage.OutputCostUsd, usage.TotalCostUsd));
        Assert.Null(unknown.TotalCostUsd);
        Assert.Equal(0.0012352500m, (usage + usage + usage).TotalCostUsd);
    }

    [Fact]
    public void The_configuration_has_the_documented_defaults()
    {
        var config = new GatewayConfig();

        Assert.Equal(("anthropic", null, null, null), (config.Provider, config.Model, config.ApiKey, config.BaseUrl));
        Assert.Equal((4096, null, 3, 120), (config.MaxTokens, config.Temperature, config.MaxRetries, config.TimeoutSeconds));
        Assert.Equal((null, null, 2), (config.CostWarnUsd, config.CostLimitUsd, config.MaxReasks));
        Assert.Equal((false, TraceExporter.None, "http://localhost:4317/", "llm-gateway"), (config.TraceEnabled, config.TraceExporter, config.TraceEndpoint.AbsoluteUri, config.TraceServiceName));
        Assert.Equal(("Information", LogFormat.Json, false), (config.LogLevel.ToString(), config.LogFormat, config.CaptureMessageContent));
    }

    [Fact]
    public void Usage_is_immutable_and_adding_makes_a_new_one()
    {
        var one = new TokenUsage { InputTokens = 10, OutputTokens = 5, TotalCostUsd = 0.01m };
        var sum = one + one with { InputTokens = 1 };

        Assert.Equal((11, 10, 0.02m), (sum.InputTokens, sum.OutputTokens, sum.TotalCostUsd));
        Assert.Equal(10, one.InputTokens);
        Assert.Null((sum + new TokenUsage { InputTokens = 1 }).TotalCostUsd);
        Assert.All(typeof(TokenUsage).GetProperties().Where(p => p.SetMethod is not null),
            p => Assert.Contains(typeof(System.Runtime.CompilerServices.IsExternalInit), p.SetMethod!.ReturnParameter.GetRequiredCustomModifiers()));
    }
}
