namespace LlmGateway.IntegrationTests.DryRun;

/// <summary>Several calls of one client.</summary>
public sealed class SessionTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accumulation_tokens_cost_and_calls_add_up()
    {
        await using var client = new LlmClient(Fake());

        var first = await client.CompleteTextAsync("one", cancellationToken: Cancel);
        var second = await client.CompleteTextAsync("two", cancellationToken: Cancel);

        Assert.Equal((2, 240, 0.5m), (client.CallCount, client.TotalTokens, client.TotalCostUsd));
        Assert.Equal(client.TotalCostUsd, first.Usage.TotalCostUsd + second.Usage.TotalCostUsd);
    }

    [Fact]
    public async Task Summary_by_model_for_programs_and_for_people()
    {
        await using var client = new LlmClient(Fake());
        await client.CompleteTextAsync("one", cancellationToken: Cancel);
        await client.CompleteTextAsync("two", new LlmCallOptions { Model = "other" }, Cancel);

        var summary = client.CostSummary();

        Assert.Equal(["fake-model", "other"], summary.Models.Select(m => m.Model));
        Assert.Equal(0.5m, summary.KnownCostUsd);
        Assert.StartsWith("2 calls, 200 tokens in, 40 out, $0.50", summary.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposal_twice_is_once_and_later_calls_are_refused()
    {
        var fake = Fake();
        var registry = new ProviderRegistry();
        registry.Register("fake", _ => fake);
        var client = new LlmClient(new GatewayConfig { Provider = "fake" }, new LlmClientOptions { Registry = registry });
        await client.CompleteTextAsync("one", cancellationToken: Cancel);

        await client.DisposeAsync();
        await client.DisposeAsync();

        Assert.True(fake.IsDisposed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.CompleteTextAsync("two", cancellationToken: Cancel));
        Assert.Equal(120, client.TotalTokens);
    }

    [Fact]
    public async Task Cost_limit_returns_what_was_paid_for_and_refuses_the_next_call_unsent()
    {
        var fake = Fake();
        await using var client = new LlmClient(fake, new GatewayConfig { CostLimitUsd = 0.5m, BudgetReserve = BudgetReserve.Estimate });

        await client.CompleteTextAsync("one", cancellationToken: Cancel);
        Assert.Equal("x", (await client.CompleteTextAsync("reaches", cancellationToken: Cancel)).Content);
        var error = await Assert.ThrowsAsync<CostLimitExceededException>(() => client.CompleteTextAsync("refused", cancellationToken: Cancel));

        Assert.Equal((0.5m, 0.5m), (error.LimitUsd, error.SpentUsd));
        Assert.Equal(["one", "reaches"], fake.Calls.Select(c => c.Messages[^1].Content));
    }

    [Fact]
    public async Task Call_log_holds_every_request_with_its_conversation()
    {
        var fake = Fake();
        await using var client = new LlmClient(fake, new GatewayConfig { Temperature = 0.5 });
        LlmMessage[] conversation = [LlmMessage.System("Be brief."), LlmMessage.User("one"), LlmMessage.Assistant("x"), LlmMessage.User("two")];

        await client.CompleteTextAsync("one", cancellationToken: Cancel);
        await client.CompleteTextAsync(conversation, new LlmCallOptions { MaxTokens = 7 }, Cancel);

        Assert.Equal([1, 4], fake.Calls.Select(c => c.Messages.Count));
        Assert.Equal(conversation, fake.Calls[1].Messages);
        Assert.Equal([(4096, 0.5), (7, 0.5)], fake.Calls.Select(c => (c.MaxTokens!.Value, c.Temperature!.Value)));
    }

    private static FakeProvider Fake() => new FakeProvider
    {
        Billing = ProviderBilling.Reported,
        Usage = new TokenUsage { InputTokens = 100, OutputTokens = 20 },
        CostUsd = 0.25m,
    }.ReplyText("x");
}
