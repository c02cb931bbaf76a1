namespace LlmGateway.IntegrationTests.DryRun;

/// <summary>What a consumer adds.</summary>
public sealed class ExtensionTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_custom_provider_of_ten_lines_is_chosen_by_its_name_and_gives_typed_answers()
    {
        var registry = new ProviderRegistry();
        registry.Register("counting", _ => new CountingProvider());
        await using var client = new LlmClient(new GatewayConfig { Provider = "Counting" }, new LlmClientOptions { Registry = registry });

        var response = await client.CompleteAsync<int>("12345", cancellationToken: Cancel);

        Assert.Equal((5, "counting", "counting-1"), (response.Content, response.Provider, response.Model));
        Assert.Contains("counting", registry.List());
        Assert.DoesNotContain("counting", ProviderRegistry.Default.List());
    }

    [Fact]
    public async Task A_custom_price_makes_an_unknown_models_cost_known_and_exact()
    {
        var usage = new TokenUsage { InputTokens = 1_000_001, OutputTokens = 7 };
        await using var client = new LlmClient(new FakeProvider { Name = "house", DefaultModel = "house-1", Billing = ProviderBilling.PriceBook, Usage = usage }.ReplyText("x"), new GatewayConfig { CostLimitUsd = 100 });

        var unknown = await Assert.ThrowsAsync<CostLimitExceededException>(() => client.CompleteTextAsync("?", cancellationToken: Cancel));
        Pricing.Register("house", "house-1", new ModelPrice { InputPerMillion = 0.15m, OutputPerMillion = 0.6m });
        var response = await client.CompleteTextAsync("?", cancellationToken: Cancel);

        Assert.Contains("Pricing.Register", unknown.Message, StringComparison.Ordinal);
        Assert.Equal((0.15000015m, 0.0000042m, 0.15000435m), (response.Usage.InputCostUsd, response.Usage.OutputCostUsd, response.Usage.TotalCostUsd));
        Assert.Equal(Pricing.Calculate("house", "house-1", usage).TotalCostUsd, client.TotalCostUsd);
    }

    /// <summary>Knows no schemas, so the client puts them into the prompt.</summary>
    private sealed class CountingProvider : ILlmProvider
    {
        public string Name => "counting";

        public string DefaultModel => "counting-1";

        public Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
            => Task.FromResult(new LlmReply($$"""{"value": {{request.Messages[^1].Content.Length}}}"""));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
