using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Budgets;

/// <summary>What each way for an attempt to end is billed as: the table in docs/cost-tracking.md.</summary>
public sealed class SettlementTests
{
    private const int MaxTokens = 10;
    private static readonly decimal Worst = MoneyBench.WorstOf("hi", MaxTokens);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ProviderErrorKind.RateLimited, false)]
    [InlineData(ProviderErrorKind.ServerError, false)]
    [InlineData(ProviderErrorKind.InvalidRequest, false)]
    [InlineData(ProviderErrorKind.ContentFilter, false)]
    [InlineData(ProviderErrorKind.Connection, false)]
    [InlineData(ProviderErrorKind.Timeout, true)]
    [InlineData(ProviderErrorKind.MalformedReply, true)]
    public async Task What_failed_before_any_token_is_not_billed_and_what_may_have_been_answered_is_at_its_reservation(ProviderErrorKind kind, bool isUnknown)
    {
        var bench = Bench(MoneyBench.Priced(Replies.Error(kind)));

        var error = await Assert.ThrowsAsync<ProviderException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));

        var attempt = Assert.Single(error.Record!.Attempts);
        Assert.Equal((isUnknown ? Worst : 0m, isUnknown ? CostBasis.Unknown : CostBasis.Counted, isUnknown), (attempt.Usage.TotalCostUsd, attempt.CostBasis, attempt.Usage.IsEstimated));
        await SpentIsAsync(bench, isUnknown ? Worst : 0m);
    }

    [Fact]
    public async Task An_error_with_the_status_of_one_is_not_billed_whatever_its_kind()
    {
        var bench = Bench(MoneyBench.Priced(new ProviderException("fake", ProviderErrorKind.Timeout, "late") { HttpStatus = 408 }));

        await Assert.ThrowsAsync<ProviderException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));

        await SpentIsAsync(bench, 0m);
    }

    [Fact]
    public async Task What_the_provider_lacked_to_send_anything_is_not_billed()
    {
        var bench = Bench(MoneyBench.Priced(new ProviderInitException("No key.", "fake")));

        var error = await Assert.ThrowsAsync<ProviderInitException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));

        Assert.Equal((0m, CostBasis.Counted), (error.Record!.Usage.TotalCostUsd, Assert.Single(error.Record.Attempts).CostBasis));
        await SpentIsAsync(bench, 0m);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_while_it_waits_for_its_reservation_is_not_sent_and_costs_nothing()
    {
        using var cancel = new CancellationTokenSource();
        var store = new CancellingStore(cancel);
        var provider = MoneyBench.Priced("never");
        var bench = new MoneyBench(provider, new GatewayConfig { Budgets = [new Budget("b") { LimitUsd = 100m }] }, store);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: cancel.Token));

        Assert.Empty(provider.Requests);
        Assert.Equal((0m, 0m), (bench.Client.TotalCostUsd, (await store.BalanceAsync(new BudgetAccount("total:b", "b", null), Token)).ReservedUsd));
        Assert.Equal(0m, (await store.BalanceAsync(new BudgetAccount("total:b", "b", null), Token)).SpentUsd);
    }

    [Fact]
    public async Task A_timeout_after_sending_makes_the_reservation_an_estimate()
    {
        var bench = Bench(new ScriptedProvider(async (_, _, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return MoneyBench.Reply(1, 1);
        })
        { Billing = ProviderBilling.PriceBook });

        var call = bench.Client.CompleteTextAsync("hi", cancellationToken: Token);
        await new Driver(bench.Time).RunAsync(call);
        var error = await Assert.ThrowsAsync<ProviderException>(() => call);

        Assert.Equal((ProviderErrorKind.Timeout, CostBasis.Unknown, true), (error.Kind, error.Record!.Attempts[0].CostBasis, error.Record.Usage.IsEstimated));
        await SpentIsAsync(bench, Worst);
    }

    [Fact]
    public async Task A_stream_that_is_cut_is_billed_for_what_was_received_and_marked_estimated()
    {
        var bench = Bench(new StreamingProvider([new TextDelta(0, "12345678"), new ProviderException("fake", ProviderErrorKind.Connection, "cut")]) { Billing = ProviderBilling.PriceBook });

        var error = await Assert.ThrowsAsync<ProviderException>(async () =>
        {
            await foreach (var _ in bench.Client.StreamAsync("hi", cancellationToken: Token))
            {
            }
        });

        // "hi" and 8 characters at 4 characters a token.
        Assert.Equal((0.001m + (2 * 0.002m), CostBasis.Estimated, true), (error.Record!.Usage.TotalCostUsd, error.Record.Attempts[0].CostBasis, error.Record.Usage.IsEstimated));
        await SpentIsAsync(bench, 0.005m);
    }

    [Fact]
    public async Task A_stream_that_the_caller_leaves_is_billed_for_what_was_received()
    {
        var bench = Bench(new StreamingProvider([new UsageDelta(Replies.Tokens(3, 1)), new TextDelta(0, "12345678"), new TextDelta(0, "more")]) { Billing = ProviderBilling.PriceBook });

        await foreach (var _ in bench.Client.StreamAsync("hi", cancellationToken: Token)) break;

        await SpentIsAsync(bench, (3 * 0.001m) + (2 * 0.002m));
    }

    [Fact]
    public async Task What_the_caller_cancels_before_anything_came_may_have_been_billed_and_is_said_so()
    {
        using var cancel = new CancellationTokenSource();
        var sent = new TaskCompletionSource();
        var costs = new CostTracker();
        var ledger = new FakeLedger();
        var bench = new MoneyBench(
            new ScriptedProvider(async (_, _, token) =>
            {
                sent.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return MoneyBench.Reply(1, 1);
            })
            { Billing = ProviderBilling.PriceBook },
            new GatewayConfig { CostLimitUsd = 100m, MaxTokens = MaxTokens }, ledger: ledger, costs: costs);

        var call = bench.Client.CompleteTextAsync("hi", cancellationToken: cancel.Token);
        await sent.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        var record = Assert.Single(ledger.Records);
        Assert.Equal((CallOutcome.Cancelled, Worst, CostBasis.Unknown), (record.Outcome, record.Usage.TotalCostUsd, record.Attempts[0].CostBasis));
        await SpentIsAsync(bench, Worst);
    }

    [Fact]
    public async Task An_answer_that_is_invalid_is_billed()
    {
        var bench = Bench(MoneyBench.Priced(MoneyBench.Reply(5, 5)));

        await Assert.ThrowsAsync<ResponseValidationException>(() => bench.Client.CompleteAsync<int>("hi", new LlmCallOptions { MaxReasks = 0 }, Token));

        await SpentIsAsync(bench, 0.015m);
    }

    [Fact]
    public async Task What_a_filter_withheld_is_billed_as_the_vendor_counts_it()
    {
        var bench = Bench(MoneyBench.Priced(new LlmReply("", Replies.Tokens(7, 0)) { FinishReason = FinishReason.ContentFilter }));

        await Assert.ThrowsAsync<ProviderException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));

        await SpentIsAsync(bench, 0.007m);
    }

    [Fact]
    public async Task What_was_read_from_the_vendors_cache_has_its_own_price()
    {
        var bench = Bench(MoneyBench.Priced(new LlmReply("ok", new TokenUsage { InputTokens = 10, CacheReadTokens = 8, OutputTokens = 1 })));

        await bench.Client.CompleteTextAsync("hi", cancellationToken: Token);

        await SpentIsAsync(bench, (2 * 0.001m) + (8 * 0.0001m) + 0.002m);
    }

    [Fact]
    public async Task A_reply_whose_price_is_not_known_counts_against_the_limit_as_what_was_set_aside()
    {
        var bench = Bench(MoneyBench.Priced(new LlmReply("ok", Replies.Tokens(1, 1) with { CacheWriteTokens = 1 })));

        var response = await bench.Client.CompleteTextAsync("hi", cancellationToken: Token);

        Assert.Null(response.Usage.TotalCostUsd);
        await SpentIsAsync(bench, Worst);
    }

    [Fact]
    public async Task A_vendor_that_bills_more_than_the_most_is_counted_in_full_and_an_error_in_the_log()
    {
        var bench = Bench(MoneyBench.Priced(MoneyBench.Reply(1_000, 1)));

        await bench.Client.CompleteTextAsync("hi", cancellationToken: Token);

        Assert.Equal(1, bench.Log.Count(14));
        await SpentIsAsync(bench, 1.002m);
    }

    private static MoneyBench Bench(ILlmProvider provider) => new(provider, new GatewayConfig { CostLimitUsd = 100m, MaxTokens = MaxTokens, MaxRetries = 0 });

    /// <summary>What the limit counts, and that nothing stays reserved: by the words of a refusal.</summary>
    private static async Task SpentIsAsync(MoneyBench bench, decimal spent)
    {
        var error = await Assert.ThrowsAsync<CostLimitExceededException>(() => bench.Client.CompleteTextAsync("hi", new LlmCallOptions { MaxTokens = 1_000_000 }, Token));
        Assert.Equal((spent, 0m), (error.SpentUsd, error.ReservedUsd));
    }

    /// <summary>A store far away: by the time that it has reserved, the caller has left.</summary>
    private sealed class CancellingStore(CancellationTokenSource cancel) : IBudgetStore
    {
        private readonly InProcessBudgetStore _store = new();

        public async ValueTask<BudgetGrant> ReserveAsync(BudgetReservation reservation, CancellationToken cancellationToken)
        {
            var grant = await _store.ReserveAsync(reservation, CancellationToken.None);
            await cancel.CancelAsync();
            return grant;
        }

        public ValueTask<IReadOnlyList<BudgetMovement>> SettleAsync(BudgetReservation reservation, BudgetSettlement settlement) => _store.SettleAsync(reservation, settlement);

        public ValueTask<BudgetBalance> BalanceAsync(BudgetAccount account, CancellationToken cancellationToken) => _store.BalanceAsync(account, cancellationToken);
    }
}
