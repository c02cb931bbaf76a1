namespace LlmGateway.Tests.Telemetry;

public sealed class MetricTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_is_one_duration_and_two_counts_of_tokens()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply());
        using var metrics = new MetricCollector(provider.DefaultModel);

        var response = await provider.Client().CompleteTextAsync("Hello", cancellationToken: Token);

        var duration = Assert.Single(metrics.Of("gen_ai.client.operation.duration"));
        Assert.Equal("s", duration.Unit);
        Assert.Equal(response.Latency.TotalSeconds, duration.Value);
        Assert.True(duration.Value > 0);
        var tokens = metrics.Of("gen_ai.client.token.usage");
        Assert.All(tokens, t => Assert.Equal("{token}", t.Unit));
        Assert.Equal([("input", 100d), ("output", 20d)], tokens.Select(t => ((string)t.Tags["gen_ai.token.type"]!, t.Value)));
    }

    [Fact]
    public async Task Each_measurement_has_the_attributes_of_the_conventions()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply()) { Name = "xai" };
        using var metrics = new MetricCollector(provider.DefaultModel);

        await provider.Client().CompleteTextAsync("Hello", cancellationToken: Token);

        var expected = new Dictionary<string, object?>
        {
            ["gen_ai.operation.name"] = "chat",
            ["gen_ai.provider.name"] = "x_ai",
            ["gen_ai.request.model"] = provider.DefaultModel,
            ["gen_ai.response.model"] = "answering-model",
            ["server.address"] = "llm.example.test",
            ["server.port"] = 443,
        };
        Assert.Equal(expected, metrics.Of("gen_ai.client.operation.duration").Single().Tags);
        Assert.Equal(expected, metrics.Of("llm_gateway.client.call.cost").Single().Tags);
        Assert.Equal(expected, metrics.Of("llm_gateway.client.attempts").Single().Tags);
        Assert.All(metrics.Of("gen_ai.client.token.usage"), m => Assert.Equal(expected, m.Tags.Where(t => t.Key != "gen_ai.token.type").ToDictionary()));
    }

    [Fact]
    public async Task After_a_retry_tokens_and_duration_count_once_and_attempts_twice()
    {
        var provider = new TelemetryProvider(TelemetryProvider.TransientError(TelemetryProvider.Reply()), TelemetryProvider.Reply());
        using var metrics = new MetricCollector(provider.DefaultModel);

        await provider.Client().CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.Equal([200d, 40d], metrics.Of("gen_ai.client.token.usage").Select(m => m.Value));
        Assert.Null(Assert.Single(metrics.Of("gen_ai.client.operation.duration")).Tags.GetValueOrDefault("error.type"));
        var attempts = metrics.Of("llm_gateway.client.attempts");
        Assert.Equal(["overloaded", null], attempts.Select(m => m.Tags.GetValueOrDefault("error.type")));
        Assert.All(attempts, m => Assert.Equal(1, m.Value));
    }

    [Fact]
    public async Task The_cost_of_a_call_is_measured_in_dollars()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply(costUsd: 0.125m));
        using var metrics = new MetricCollector(provider.DefaultModel);

        await provider.Client().CompleteTextAsync("Hello", cancellationToken: Token);

        var cost = Assert.Single(metrics.Of("llm_gateway.client.call.cost"));
        Assert.Equal("USD", cost.Unit);
        Assert.Equal(0.125, cost.Value);
    }

    [Fact]
    public async Task An_unknown_cost_is_not_measured()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply(costUsd: null));
        using var metrics = new MetricCollector(provider.DefaultModel);

        await provider.Client().CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.Empty(metrics.Of("llm_gateway.client.call.cost"));
        Assert.Equal(2, metrics.Of("gen_ai.client.token.usage").Count);
    }

    [Fact]
    public async Task Estimated_tokens_are_not_measured()
    {
        var provider = new TelemetryProvider(new LlmReply("fine"));
        using var metrics = new MetricCollector(provider.DefaultModel);

        await provider.Client().CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.Empty(metrics.Of("gen_ai.client.token.usage"));
        Assert.Single(metrics.Of("gen_ai.client.operation.duration"));
    }

    [Fact]
    public async Task A_refused_call_is_a_duration_with_its_reason_and_nothing_else()
    {
        var provider = new TelemetryProvider();
        using var metrics = new MetricCollector(provider.DefaultModel);

        await Assert.ThrowsAsync<CostLimitExceededException>(() => provider.Client(new GatewayConfig { CostLimitUsd = 0 }).CompleteTextAsync("Hello", cancellationToken: Token));

        Assert.Equal("cost_limit", Assert.Single(metrics.Of("gen_ai.client.operation.duration")).Tags["error.type"]);
        Assert.Empty(metrics.Of("gen_ai.client.token.usage"));
        Assert.Empty(metrics.Of("llm_gateway.client.call.cost"));
        Assert.Empty(metrics.Of("llm_gateway.client.attempts"));
    }

    [Theory]
    [InlineData(ProviderErrorKind.RateLimited, "rate_limited")]
    [InlineData(ProviderErrorKind.ContextLength, "context_length")]
    [InlineData(ProviderErrorKind.Unknown, "unknown")]
    public async Task A_failed_call_is_measured_with_its_kind(ProviderErrorKind kind, string expected)
    {
        var provider = new TelemetryProvider(TelemetryProvider.Error(kind));
        using var metrics = new MetricCollector(provider.DefaultModel);

        await Assert.ThrowsAsync<ProviderException>(() => provider.Client(new GatewayConfig { MaxRetries = 0 }).CompleteTextAsync("Hello", cancellationToken: Token));

        Assert.Equal(expected, Assert.Single(metrics.Of("gen_ai.client.operation.duration")).Tags["error.type"]);
        Assert.Equal(expected, Assert.Single(metrics.Of("llm_gateway.client.attempts")).Tags["error.type"]);
        Assert.Empty(metrics.Of("gen_ai.client.token.usage"));
    }
}
