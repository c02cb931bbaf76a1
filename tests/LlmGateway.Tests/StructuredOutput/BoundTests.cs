using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.StructuredOutput;

/// <summary>What bounds the asks of one typed call: their number, the time, the money, the limit of tokens.</summary>
public sealed class BoundTests
{
    private const string Good = """{"text":"t","count":3}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_re_ask_begins_after_its_time()
    {
        Bench bench = null!;
        var provider = new ScriptedProvider((number, _, _) =>
        {
            bench.Time.Advance(TimeSpan.FromSeconds(20));
            return Task.FromResult(new LlmReply(number < 2 ? "no json" : Good, Replies.Tokens(1, 1)));
        });
        bench = new Bench(provider, new GatewayConfig { ReaskWithinSeconds = 40, MaxReasks = 5, BudgetReserve = BudgetReserve.Estimate });

        var error = await Assert.ThrowsAsync<ResponseValidationException>(() => bench.Client.CompleteAsync<Line>("line", cancellationToken: Token));

        Assert.Equal(2, provider.Requests.Count);
        Assert.Contains("40 s had passed (LLM_REASK_WITHIN_SECONDS)", error.Message, StringComparison.Ordinal);
        Assert.Equal(new Line("t", 3), (await bench.Client.CompleteAsync<Line>("line", new LlmCallOptions { ReaskWithin = TimeSpan.FromHours(1) }, Token)).Content);
    }

    [Theory]
    [InlineData("0.25", 2)] // 0.10, 0.20 spent; a third ask at 0.10 would pass 0.25.
    [InlineData("0.30", 3)]
    [InlineData("0.05", 1)]
    public async Task No_re_ask_is_made_that_the_limit_has_no_money_for(string limit, int requests)
    {
        var provider = new ScriptedProvider((_, _, _) => Task.FromResult(Replies.Costing("no json", 0.10m)));
        await using var client = new LlmClient(provider, new GatewayConfig { CostLimitUsd = decimal.Parse(limit, System.Globalization.CultureInfo.InvariantCulture), MaxReasks = 5, BudgetReserve = BudgetReserve.Estimate });

        var error = await Assert.ThrowsAsync<ResponseValidationException>(() => client.CompleteAsync<Line>("line", cancellationToken: Token));

        Assert.Equal((requests, requests * 0.10m), (provider.Requests.Count, error.Usage.TotalCostUsd));
        Assert.Contains("LLM_COST_LIMIT_USD", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cut_answer_is_an_error_at_once_where_no_larger_limit_is_set()
    {
        var provider = new ScriptedProvider(Cut("""{"text":"t","""));
        await using var client = new LlmClient(provider);

        var error = await Assert.ThrowsAsync<ProviderException>(() => client.CompleteAsync<Line>("line", cancellationToken: Token));

        Assert.Equal((ProviderErrorKind.Truncated, 1), (error.Kind, provider.Requests.Count));
    }

    /// <summary>Not even where what came happens to be whole.</summary>
    [Fact]
    public async Task A_cut_answer_is_never_completed_into_a_success()
    {
        await using var client = new LlmClient(new ScriptedProvider(Cut(Good)));

        Assert.Equal(ProviderErrorKind.Truncated, (await Assert.ThrowsAsync<ProviderException>(() => client.CompleteAsync<Line>("line", cancellationToken: Token))).Kind);
    }

    [Fact]
    public async Task A_cut_answer_is_asked_for_once_more_with_the_larger_limit()
    {
        var provider = new ScriptedProvider(Cut("""{"text":"t","""), Good);
        await using var client = new LlmClient(provider, new GatewayConfig { MaxTokens = 100, RetryMaxTokens = 800 });

        var response = await client.CompleteAsync<Line>("line", cancellationToken: Token);

        Assert.Equal([100, 800], provider.Requests.Select(r => r.MaxTokens));
        Assert.Equal(provider.Requests[0].Messages, provider.Requests[1].Messages); // The same question: nothing was wrong with the answer but its length.
        Assert.Equal((0, 2), (response.Metadata.Reasks, response.Metadata.Attempts.Count));
        Assert.Equal((CallOutcome.Invalid, ProviderErrorKind.Truncated), (response.Metadata.Attempts[0].Outcome, response.Metadata.Attempts[0].ErrorKind));
        Assert.Equal(30, response.Usage.TotalTokens);
    }

    [Fact]
    public async Task The_larger_limit_is_no_larger_than_the_model_has_and_used_once()
    {
        var provider = new ScriptedProvider(Cut("{"), Cut("{"), Good) { Capabilities = new ModelCapabilities { MaxOutputTokens = 300 } };
        await using var client = new LlmClient(provider, new GatewayConfig { MaxTokens = 100, RetryMaxTokens = 800 });

        var error = await Assert.ThrowsAsync<ProviderException>(() => client.CompleteAsync<Line>("line", cancellationToken: Token));

        Assert.Equal(ProviderErrorKind.Truncated, error.Kind);
        Assert.Equal([100, 300], provider.Requests.Select(r => r.MaxTokens));
        Assert.Contains("300", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_model_has_no_more_room_it_is_not_asked_again()
    {
        var provider = new ScriptedProvider(Cut("{"), Good) { Capabilities = new ModelCapabilities { MaxOutputTokens = 100 } };
        await using var client = new LlmClient(provider, new GatewayConfig { MaxTokens = 100, RetryMaxTokens = 800 });

        await Assert.ThrowsAsync<ProviderException>(() => client.CompleteAsync<Line>("line", cancellationToken: Token));

        Assert.Single(provider.Requests);
    }

    [Theory]
    [InlineData(FinishReason.Refusal, ProviderErrorKind.Refusal)]
    [InlineData(FinishReason.ContentFilter, ProviderErrorKind.ContentFilter)]
    public async Task A_refusal_is_its_own_error_and_nothing_is_asked_again(FinishReason reason, ProviderErrorKind kind)
    {
        var provider = new ScriptedProvider(new LlmReply { Parts = [new TextPart("I cannot.")], FinishReason = reason, Usage = Replies.Tokens(10, 5) });
        await using var client = new LlmClient(provider, new GatewayConfig { RetryMaxTokens = 9999 });

        var error = await Assert.ThrowsAsync<ProviderException>(() => client.CompleteAsync<Line>("line", cancellationToken: Token));

        Assert.Equal((kind, 1, 15L), (error.Kind, provider.Requests.Count, error.Record!.Usage.TotalTokens));
    }

    private static LlmReply Cut(string text) => new() { Parts = [new TextPart(text)], FinishReason = FinishReason.Length, Usage = Replies.Tokens(10, 5) };
}
