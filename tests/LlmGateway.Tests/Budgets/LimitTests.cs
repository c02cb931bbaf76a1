using CsCheck;
using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Budgets;

public sealed class LimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task By_estimate_the_response_that_crosses_the_limit_is_returned_and_the_next_call_is_refused()
    {
        var provider = new ScriptedProvider((number, _, _) => Task.FromResult(Replies.Costing("ok", number == 0 ? 0.4m : 0.8m)));
        var bench = new Bench(provider, new GatewayConfig { CostLimitUsd = 1m, BudgetReserve = BudgetReserve.Estimate });

        await bench.Client.CompleteTextAsync("1", cancellationToken: Token);
        Assert.Equal(0.8m, (await bench.Client.CompleteTextAsync("2", cancellationToken: Token)).Usage.TotalCostUsd);
        var error = await Assert.ThrowsAsync<CostLimitExceededException>(() => bench.Client.CompleteTextAsync("3", cancellationToken: Token));

        Assert.Equal((1m, 1.2m, 2), (error.LimitUsd, error.SpentUsd, provider.Requests.Count));
        Assert.Equal((CallOutcome.Refused, "cost_limit", 0), (error.Record!.Outcome, error.Record.ErrorType, error.Record.Attempts.Count));
        Assert.Equal((2, 1.2m), (bench.Client.CallCount, bench.Client.TotalCostUsd));
    }

    [Fact]
    public async Task A_retry_is_refused_too_once_the_limit_is_reached_and_what_a_failed_attempt_cost_counts()
    {
        var billed = Replies.Error(ProviderErrorKind.ServerError, partial: Replies.Costing("half", 1m));
        var provider = new ScriptedProvider(billed, "never");
        var bench = new Bench(provider, new GatewayConfig { CostLimitUsd = 1m, BudgetReserve = BudgetReserve.Estimate });

        var error = await Assert.ThrowsAsync<CostLimitExceededException>(() => bench.RunAsync(bench.Client.CompleteTextAsync("hi", cancellationToken: Token)));

        Assert.Equal((1, 1m), (provider.Requests.Count, bench.Client.TotalCostUsd));
        Assert.Equal(1m, error.Record!.Usage.TotalCostUsd);
    }

    [Theory]
    [InlineData(ProviderBilling.Free, true)]
    [InlineData(ProviderBilling.Reported, false)]
    [InlineData(ProviderBilling.PriceBook, false)]
    public async Task A_limit_of_0_admits_only_what_is_known_to_be_free(ProviderBilling billing, bool isAdmitted)
    {
        var provider = new ScriptedProvider("ok", "ok") { Billing = billing };
        var bench = new Bench(provider, new GatewayConfig { CostLimitUsd = 0m });

        var call = bench.Client.CompleteTextAsync("hi", cancellationToken: Token);

        if (isAdmitted) Assert.Equal(0m, (await call).Usage.TotalCostUsd);
        else await Assert.ThrowsAsync<CostLimitExceededException>(() => call);
        Assert.Equal(isAdmitted ? 1 : 0, provider.Requests.Count);
    }

    [Fact]
    public async Task With_a_limit_an_unknown_price_is_refused_and_the_way_out_is_named()
    {
        var provider = new ScriptedProvider("never") { Billing = ProviderBilling.PriceBook };
        var bench = new Bench(provider, new GatewayConfig { CostLimitUsd = 5m, Model = "fake-unpriced" });

        var error = await Assert.ThrowsAsync<CostLimitExceededException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));

        Assert.Empty(provider.Requests);
        Assert.Contains("fake-unpriced", error.Message, StringComparison.Ordinal);
        Assert.Contains("Pricing.Register", error.Message, StringComparison.Ordinal);
        Assert.Contains("LLM_PRICES_FILE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_limit_an_unknown_price_is_null_and_one_warning()
    {
        var bench = new Bench(new ScriptedProvider("a", "b") { Billing = ProviderBilling.PriceBook });

        var first = await bench.Client.CompleteTextAsync("1", cancellationToken: Token);
        await bench.Client.CompleteTextAsync("2", cancellationToken: Token);

        Assert.Null(first.Usage.TotalCostUsd);
        Assert.Null(bench.Client.TotalCostUsd);
        Assert.Equal((0m, 2), (bench.Client.CostSummary().KnownCostUsd, bench.Client.CostSummary().UnpricedAttempts));
        Assert.Equal(1, bench.Log.Count(6));
    }

    [Fact]
    public async Task The_model_that_answered_decides_the_price_and_the_one_asked_where_only_it_is_known()
    {
        var prices = new PriceBook();
        prices.Register("fake", "asked", new ModelPrice { InputPerMillion = 1m, OutputPerMillion = 1m });
        prices.Register("fake", "answered", new ModelPrice { InputPerMillion = 2m, OutputPerMillion = 2m });
        var provider = new ScriptedProvider(
            new LlmReply("a", Replies.Tokens(1_000_000, 0)) { Model = "answered" },
            new LlmReply("b", Replies.Tokens(1_000_000, 0)) { Model = "asked-with-a-suffix" })
        { Billing = ProviderBilling.PriceBook };
        await using var client = new LlmClient(provider, new GatewayConfig { Model = "asked" }, new LlmClientOptions { Prices = prices });

        Assert.Equal(2m, (await client.CompleteTextAsync("1", cancellationToken: Token)).Usage.TotalCostUsd);
        Assert.Equal(1m, (await client.CompleteTextAsync("2", cancellationToken: Token)).Usage.TotalCostUsd);
    }

    [Fact]
    public async Task What_is_billed_apart_has_no_known_price()
    {
        var prices = new PriceBook();
        prices.Register("fake", "fake-1", new ModelPrice { InputPerMillion = 1m, OutputPerMillion = 1m });
        var provider = new ScriptedProvider(new LlmReply("a", Replies.Tokens(10, 5)) { Billing = new ReplyBilling { ServiceTier = "priority" } }) { Billing = ProviderBilling.PriceBook };
        await using var client = new LlmClient(provider, options: new LlmClientOptions { Prices = prices });

        Assert.Null((await client.CompleteTextAsync("1", cancellationToken: Token)).Usage.TotalCostUsd);
    }

    [Fact]
    public async Task The_providers_region_and_the_replys_tier_decide_the_price()
    {
        var prices = new PriceBook();
        prices.Register("fake", "fake-1", new ModelPrice
        {
            InputPerMillion = 100m,
            OutputPerMillion = 100m,
            Tiers = new Dictionary<string, PriceVariant> { ["priority"] = PriceVariant.Times(2m) },
            Regions = new Dictionary<string, PriceVariant> { ["eu"] = PriceVariant.Times(1.1m) },
        });
        var reply = new LlmReply("a", Replies.Tokens(10, 5)) { Billing = new ReplyBilling { ServiceTier = "priority" } };
        var provider = new ScriptedProvider(reply) { Billing = ProviderBilling.PriceBook, BillingRegion = "eu" };
        await using var client = new LlmClient(provider, options: new LlmClientOptions { Prices = prices });

        Assert.Equal(0.0033m, (await client.CompleteTextAsync("1", cancellationToken: Token)).Usage.TotalCostUsd);
    }

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(0, 1)]
    public async Task The_warn_threshold_is_one_warning(double threshold, int crossingCall)
    {
        var bench = new Bench(ScriptedProvider.Always(Replies.Costing("ok", 0.3m)), new GatewayConfig { CostWarnUsd = (decimal)threshold });

        for (var call = 1; call <= 4; call++)
        {
            await bench.Client.CompleteTextAsync("hi", cancellationToken: Token);
            Assert.Equal(call >= crossingCall ? 1 : 0, bench.Log.Count(7));
        }
    }

    [Fact]
    public async Task Clients_that_share_a_tracker_share_the_limit()
    {
        var costs = new CostTracker();
        var one = new Bench(ScriptedProvider.Always(Replies.Costing("ok", 1m)), new GatewayConfig { CostLimitUsd = 1m, BudgetReserve = BudgetReserve.Estimate }, costs);
        var other = new Bench(ScriptedProvider.Always(Replies.Costing("ok", 1m)), new GatewayConfig { CostLimitUsd = 1m, BudgetReserve = BudgetReserve.Estimate }, costs);

        await one.Client.CompleteTextAsync("hi", cancellationToken: Token);

        await Assert.ThrowsAsync<CostLimitExceededException>(() => other.Client.CompleteTextAsync("hi", cancellationToken: Token));
    }

    [Fact]
    public void However_calls_run_together_the_sum_is_exact()
        => Gen.Select(Gen.Int[0, 1_000_000].Array[1, 40], Gen.Int[1, 8]).Sample((millionths, parallel) =>
        {
            var costs = new CostTracker();
            var next = -1;
            var provider = new ScriptedProvider((_, _, _) => Task.FromResult(Replies.Costing("ok", millionths[Interlocked.Increment(ref next)] / 1_000_000m)));
            var client = new Bench(provider, costs: costs).Client;

            Parallel.For(0, millionths.Length, new ParallelOptions { MaxDegreeOfParallelism = parallel }, _ => client.CompleteTextAsync("hi").GetAwaiter().GetResult());

            Assert.Equal(millionths.Sum(m => m / 1_000_000m), client.TotalCostUsd);
            Assert.Equal((millionths.Length, millionths.Length * 15L), (client.CallCount, client.TotalTokens));
        });
}
