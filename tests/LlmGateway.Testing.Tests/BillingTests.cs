namespace LlmGateway.Testing.Tests;

public sealed class BillingTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unless_told_otherwise_a_call_is_free_and_its_tokens_are_estimated()
    {
        await using var client = new LlmClient(new FakeProvider().ReplyText("12345678"), new GatewayConfig { CostLimitUsd = 0 });

        var response = await client.CompleteTextAsync("1234", cancellationToken: Cancel);

        Assert.Equal((1, 2, true, 0m), (response.Usage.InputTokens, response.Usage.OutputTokens, response.Usage.IsEstimated, response.Usage.TotalCostUsd!.Value));
        Assert.Equal(("fake", "fake-model"), (response.Provider, response.Model));
    }

    [Fact]
    public async Task Usage_and_cost_are_those_that_were_set()
    {
        var fake = new FakeProvider { Name = "stub", DefaultModel = "stub-1", Billing = ProviderBilling.Reported, Usage = new TokenUsage { InputTokens = 10, OutputTokens = 5 }, CostUsd = 0.25m }.ReplyText("x");
        await using var client = new LlmClient(fake, new GatewayConfig { CostLimitUsd = 0.5m, BudgetReserve = BudgetReserve.Estimate });

        var first = await client.CompleteTextAsync("?", cancellationToken: Cancel);
        await client.CompleteTextAsync("?", cancellationToken: Cancel);
        await Assert.ThrowsAsync<CostLimitExceededException>(() => client.CompleteTextAsync("?", cancellationToken: Cancel));

        Assert.Equal((10, 5, false, 0.25m), (first.Usage.InputTokens, first.Usage.OutputTokens, first.Usage.IsEstimated, first.Usage.TotalCostUsd!.Value));
        Assert.Equal((0.5m, 30, "stub", "stub-1"), (client.TotalCostUsd!.Value, client.TotalTokens, client.Provider, first.Model));
        Assert.Equal(2, fake.Calls.Count);
    }

    [Fact]
    public async Task A_reply_of_the_factory_keeps_its_own_usage_and_cost()
    {
        var fake = new FakeProvider { Billing = ProviderBilling.Reported, Usage = new TokenUsage { InputTokens = 1 }, CostUsd = 1m }
            .ReplyWith(_ => new LlmReply("x", new TokenUsage { OutputTokens = 3 }) { ReportedCostUsd = 0.1m });
        await using var client = new LlmClient(fake);

        var usage = (await client.CompleteTextAsync("?", cancellationToken: Cancel)).Usage;

        Assert.Equal((0, 3, 0.1m), (usage.InputTokens, usage.OutputTokens, usage.TotalCostUsd!.Value));
    }

    [Fact]
    public async Task A_registered_fake_is_disposed_by_its_client_and_answers_the_next_one_all_the_same()
    {
        var fake = new FakeProvider().ReplyText("x");
        var registry = new ProviderRegistry();
        registry.Register("fake", _ => fake);
        var options = new LlmClientOptions { Registry = registry };

        await using (var client = new LlmClient(new GatewayConfig { Provider = "fake" }, options)) await client.CompleteTextAsync("?", cancellationToken: Cancel);
        Assert.True(fake.IsDisposed);
        await using var second = new LlmClient(new GatewayConfig { Provider = "fake" }, options);
        Assert.Equal("x", (await second.CompleteTextAsync("?", cancellationToken: Cancel)).Content);
    }
}
