using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Budgets;

public sealed class ReservationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_may_pass_the_limit_is_refused_before_it_is_sent_and_the_error_says_the_sums()
    {
        var provider = MoneyBench.Priced("never");
        var bench = new MoneyBench(provider, new GatewayConfig { CostLimitUsd = 1m, MaxTokens = 1000 });

        var error = await Assert.ThrowsAsync<CostLimitExceededException>(() => bench.Client.CompleteTextAsync("hello", cancellationToken: Token));

        Assert.Empty(provider.Requests);
        Assert.Equal((1m, 0m, 0m, 2.133m, "client"), (error.LimitUsd, error.SpentUsd, error.ReservedUsd, error.AskedUsd, error.Budget));
        Assert.Equal(MoneyBench.WorstOf("hello", 1000), error.AskedUsd);
        Assert.Equal("The cost limit of $1 leaves $1: $0 is spent, and $0 is reserved for requests under way. The request may cost $2.133, and was not sent. Raise LLM_COST_LIMIT_USD, or use a new client, or ask for fewer output tokens (LLM_MAX_TOKENS).", error.Message);
        Assert.Equal(CallOutcome.Refused, error.Record!.Outcome);
    }

    [Fact]
    public async Task What_just_fits_is_sent_and_what_it_did_not_use_is_free_again()
    {
        var provider = MoneyBench.Priced(MoneyBench.Reply(10, 1), MoneyBench.Reply(10, 1), "never");
        var worst = MoneyBench.WorstOf("hi", 10);
        var bench = new MoneyBench(provider, new GatewayConfig { CostLimitUsd = worst + 0.012m, MaxTokens = 10 });

        var first = await bench.Client.CompleteTextAsync("hi", cancellationToken: Token);
        await bench.Client.CompleteTextAsync("hi", cancellationToken: Token);
        var error = await Assert.ThrowsAsync<CostLimitExceededException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));

        Assert.Equal((0.012m, worst, CostBasis.Counted), (first.Usage.TotalCostUsd, first.Metadata.Attempts[0].ReservedUsd, first.Metadata.Attempts[0].CostBasis));
        Assert.Equal((0.024m, 0m, worst), (error.SpentUsd, error.ReservedUsd, error.AskedUsd));
    }

    [Fact]
    public async Task Calls_under_way_hold_their_room_and_give_it_back()
    {
        var go = new TaskCompletionSource();
        var provider = new ScriptedProvider(async (_, _, _) =>
        {
            await go.Task;
            return MoneyBench.Reply(1, 1);
        })
        { Billing = ProviderBilling.PriceBook };
        var worst = MoneyBench.WorstOf("hi", 10);
        var bench = new MoneyBench(provider, new GatewayConfig { CostLimitUsd = 2 * worst, MaxTokens = 10 });

        var first = bench.Client.CompleteTextAsync("hi", cancellationToken: Token);
        var second = bench.Client.CompleteTextAsync("hi", cancellationToken: Token);
        var error = await Assert.ThrowsAsync<CostLimitExceededException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));
        go.SetResult();
        await Task.WhenAll(first, second);
        await bench.Client.CompleteTextAsync("hi", cancellationToken: Token);

        Assert.Equal((0m, 2 * worst), (error.SpentUsd, error.ReservedUsd));
        Assert.Contains("Try again when they are over", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, provider.Requests.Count);
    }

    [Fact]
    public async Task A_retry_and_a_reask_are_reserved_each_on_its_own()
    {
        var worst = MoneyBench.WorstOf("hi", 10);
        var provider = MoneyBench.Priced(Replies.Error(ProviderErrorKind.ServerError), MoneyBench.Reply(100, 10), "never");
        var bench = new MoneyBench(provider, new GatewayConfig { CostLimitUsd = worst + 0.05m, MaxTokens = 10, MaxRetries = 1, MaxReasks = 0 });

        var call = bench.Client.CompleteTextAsync("hi", cancellationToken: Token);
        await new Driver(bench.Time).RunAsync(call);

        Assert.Equal([worst, worst], (await call).Metadata.Attempts.Select(a => a.ReservedUsd));
        Assert.Equal((0m, 0.12m), ((await call).Metadata.Attempts[0].Usage.TotalCostUsd, (await call).Usage.TotalCostUsd));
    }

    [Fact]
    public async Task An_invalid_answer_that_no_room_is_left_to_reask_is_an_invalid_answer_that_says_so()
    {
        var prices = new PriceBook();
        prices.Register("fake", "fake-1", new ModelPrice { InputPerMillion = 0m, OutputPerMillion = 1_000_000m });
        var provider = MoneyBench.Priced(new LlmReply("\"no number\"", Replies.Tokens(1, 10)), "never");
        await using var client = new LlmClient(provider, new GatewayConfig { CostLimitUsd = 15m, MaxTokens = 10 }, new LlmClientOptions { Prices = prices });

        var error = await Assert.ThrowsAsync<ResponseValidationException>(() => client.CompleteAsync<int>("2 + 2?", cancellationToken: Token));

        Assert.Contains("It was not asked again: The cost limit of $15 leaves $5", error.Message, StringComparison.Ordinal);
        Assert.Equal((1, 10m), (provider.Requests.Count, error.Record!.Usage.TotalCostUsd));
    }

    [Theory]
    [InlineData("document")]
    [InlineData("file")]
    [InlineData("tool")]
    [InlineData("member")]
    [InlineData("reported")]
    public async Task What_cannot_be_bounded_is_refused_under_a_limit_and_sent_by_estimate(string what)
    {
        var request = new LlmRequest { Messages = [LlmMessage.User("hi")] };
        request = what switch
        {
            "document" => request with { Messages = [new LlmMessage(LlmRole.User, [new DocumentPart(MediaSource.FromUrl("https://example.com/a.pdf"))])] },
            "file" => request with { Messages = [new LlmMessage(LlmRole.User, [new DocumentPart(MediaSource.FromFile("file_1"))])] },
            "tool" => request with { Tools = [LlmTool.VendorSide("web_search", new RawPart("anthropic", """{"type":"web_search_20250305","name":"web_search"}"""))] },
            "member" => request with { Extensions = new LlmExtensions("openai_responses", [KeyValuePair.Create("previous_response_id", "\"resp_1\"")]) },
            _ => request,
        };
        var provider = new ScriptedProvider(MoneyBench.Reply(1, 1), MoneyBench.Reply(1, 1)) { Billing = what == "reported" ? ProviderBilling.Reported : ProviderBilling.PriceBook };
        var strict = new MoneyBench(provider, new GatewayConfig { CostLimitUsd = 1000m });
        var loose = new MoneyBench(provider, new GatewayConfig { CostLimitUsd = 1000m, BudgetReserve = BudgetReserve.Estimate });
        var free = new MoneyBench(provider, new GatewayConfig());

        var error = await Assert.ThrowsAsync<CostLimitExceededException>(() => strict.Client.CompleteAsync(request, Token));
        Assert.Empty(provider.Requests);
        await loose.Client.CompleteAsync(request, Token);
        await free.Client.CompleteAsync(request, Token);

        Assert.Contains("can't be bounded", error.Message, StringComparison.Ordinal);
        Assert.Contains("LLM_BUDGET_RESERVE", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, provider.Requests.Count);
    }

    [Fact]
    public async Task A_model_that_searches_by_itself_cannot_be_bounded()
    {
        var provider = new ScriptedProvider("never") { Name = "perplexity", Billing = ProviderBilling.PriceBook };
        await using var client = new LlmClient(provider, new GatewayConfig { CostLimitUsd = 1000m, Model = "sonar-deep-research" });

        var error = await Assert.ThrowsAsync<CostLimitExceededException>(() => client.CompleteTextAsync("hi", cancellationToken: Token));

        Assert.Contains("searches by itself", error.Message, StringComparison.Ordinal);
        Assert.Empty(provider.Requests);
    }

    [Fact]
    public async Task Without_a_limit_nothing_is_reserved()
    {
        var bench = new MoneyBench(MoneyBench.Priced(MoneyBench.Reply(1, 1)), new GatewayConfig());

        Assert.Null((await bench.Client.CompleteTextAsync("hi", cancellationToken: Token)).Metadata.Attempts[0].ReservedUsd);
    }

    [Theory]
    [InlineData(null, true, true)]
    [InlineData(UnknownPrice.Refuse, true, true)]
    [InlineData(UnknownPrice.Warn, true, false)]
    [InlineData(UnknownPrice.Allow, true, false)]
    [InlineData(null, false, false)]
    [InlineData(UnknownPrice.Refuse, false, true)]
    [InlineData(UnknownPrice.Warn, false, false)]
    [InlineData(UnknownPrice.Allow, false, false)]
    public async Task An_unknown_price_is_refused_warned_of_or_allowed(UnknownPrice? policy, bool isLimited, bool isRefused)
    {
        var provider = MoneyBench.Priced(MoneyBench.Reply(1, 1), MoneyBench.Reply(1, 1));
        var bench = new MoneyBench(provider, new GatewayConfig { Model = "unheard-of", UnknownPrice = policy, CostLimitUsd = isLimited ? 1m : null });

        if (isRefused)
        {
            var error = await Assert.ThrowsAnyAsync<GatewayException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));
            Assert.Equal(isLimited ? typeof(CostLimitExceededException) : typeof(UnknownPriceException), error.GetType());
            Assert.Contains("unheard-of", error.Message, StringComparison.Ordinal);
            Assert.Equal((CallOutcome.Refused, isLimited ? "cost_limit" : "unknown_price"), (error.Record!.Outcome, error.Record.ErrorType));
            Assert.Empty(provider.Requests);
            return;
        }

        Assert.Null((await bench.Client.CompleteTextAsync("hi", cancellationToken: Token)).Usage.TotalCostUsd);
        await bench.Client.CompleteTextAsync("hi", cancellationToken: Token);
        Assert.Equal(policy == UnknownPrice.Allow ? 0 : 1, bench.Log.Count(6));
    }
}
