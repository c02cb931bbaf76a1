namespace LlmGateway.Sqlite.Tests;

public sealed class RecordTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_call_is_one_row_with_its_attempts_tags_and_budgets_and_comes_back_as_it_was()
    {
        using var file = new LedgerFile();
        await using (var ledger = file.Open())
        {
            await ledger.WriteAsync(Some.Record(
                "c1",
                Some.Attempt(1, 0m) with { Outcome = CallOutcome.Failed, ErrorKind = ProviderErrorKind.RateLimited, HttpStatus = 429, RetryDelay = TimeSpan.FromSeconds(2), Usage = TokenUsage.Zero },
                Some.Attempt(2, 0.00000000000000000123m, answered: "gpt-x-2026") with { ReservedUsd = 0.5m, RequestId = "req-1", CostBasis = CostBasis.Estimated }) with
            {
                Tags = new Dictionary<string, string> { ["user"] = "alice", ["feature"] = "mail" },
                Budgets = ["per-user/alice", "all"],
                TraceId = "0123456789abcdef0123456789abcdef",
                IsStreamed = true,
                TimeToFirstToken = TimeSpan.FromMilliseconds(12),
                Reasks = 1,
                Repairs = [new Repair("code_fence", 3)],
            });
        }

        using var reader = file.Read();
        var call = Assert.Single(reader.Last(10));

        Assert.Equal(("c1", LedgerFile.Start, "openai", "gpt-x", "succeeded", true, 1, 1), (call.Id, call.StartedAt, call.Provider, call.Model, call.Outcome, call.IsStreamed, call.Reasks, call.Repairs));
        Assert.Equal((TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(12), "stop"), (call.Latency, call.TimeToFirstToken, call.FinishReason));
        Assert.Equal((100, 10, 20), (call.Usage.InputTokens, call.Usage.CacheReadTokens, call.Usage.OutputTokens));
        Assert.Equal(("0.00000000000000000123", 1), (call.Cost.Total.ToString(), call.Cost.Estimated));
        Assert.Equal(["feature=mail", "user=alice"], call.Tags.Select(t => $"{t.Key}={t.Value}"));
        Assert.Equal(["all", "per-user/alice"], call.Budgets);
        Assert.Equal("0123456789abcdef0123456789abcdef", call.TraceId);
        Assert.Equal(("failed", "rate_limited", 429, TimeSpan.FromSeconds(2), "0"), (call.Attempts[0].Outcome, call.Attempts[0].ErrorKind, call.Attempts[0].HttpStatus, call.Attempts[0].RetryDelay, call.Attempts[0].Cost.ToString()));
        Assert.Equal(("gpt-x-2026", "0.5", "req-1", "estimated"), (call.Attempts[1].AnsweredModel, call.Attempts[1].Reserved, call.Attempts[1].RequestId, call.Attempts[1].Basis));
    }

    [Fact]
    public async Task What_each_part_of_a_cost_was_for_and_the_price_it_was_by_come_back_as_they_were()
    {
        using var file = new LedgerFile();
        var attempt = Some.Attempt(1, 0.5m) with
        {
            PriceMatch = new PriceMatch { Provider = "openai", Row = "gpt-x", MatchedName = "gpt-x-*", Source = "prices 1", Price = new ModelPrice { InputPerMillion = 1, OutputPerMillion = 1 } },
            CostParts = [new CostPart("input", 100, 0.001m, 0.1m), new CostPart("web_search", 1, 0.4m, 0.4m)],
            ServiceTier = "batch",
            BillingRegion = "eu",
            Usage = new TokenUsage { InputTokens = 100, ImageInputTokens = 7, OutputTokens = 20, ImageOutputTokens = 3, InputCostUsd = 0.1m, OutputCostUsd = 0m, FeesCostUsd = 0.4m, TotalCostUsd = 0.5m },
        };
        await using (var ledger = file.Open()) await ledger.WriteAsync(Some.Record("c1", attempt, Some.Attempt(2, null) with { UnpricedBecause = "no row" }));

        using var reader = file.Read();
        var call = Assert.Single(reader.Last(1));
        var first = call.Attempts[0];

        Assert.Equal(("openai", "gpt-x", "gpt-x-*", "prices 1"), (first.PriceProvider, first.PriceRow, first.PriceName, first.PriceSource));
        Assert.Equal([new LedgerCostPart("input", 100, "0.001", "0.1"), new LedgerCostPart("web_search", 1, "0.4", "0.4")], first.Costs);
        Assert.Equal(("batch", "eu", null), (first.ServiceTier, first.Region, first.UnpricedBecause));
        Assert.Equal(("0.1", "0", "0.4", "0.5"), (first.InputCost, first.OutputCost, first.FeesCost, first.Cost.ToString()));
        Assert.Equal((7, 3, 7, 3), (first.Usage.ImageInputTokens, first.Usage.ImageOutputTokens, call.Usage.ImageInputTokens, call.Usage.ImageOutputTokens));
        Assert.Equal(("no row", null, 0), (call.Attempts[1].UnpricedBecause, call.Attempts[1].PriceRow, call.Attempts[1].Costs.Count));
        Assert.Null(call.FeesCost);
    }

    [Fact]
    public async Task A_cost_that_is_unknown_in_part_is_unknown_and_its_known_part_is_kept()
    {
        using var file = new LedgerFile();
        await using (var ledger = file.Open()) await ledger.WriteAsync(Some.Record("c1", Some.Attempt(1, 0.25m), Some.Attempt(2, null)));

        using var reader = file.Read();
        var call = Assert.Single(reader.Last(1));

        Assert.Null(call.Cost.Total);
        Assert.Equal((Usd.Of(0.25m), 1), (call.Cost.Known, call.Cost.Unpriced));
        Assert.Null(call.Attempts[1].Cost);
    }

    [Fact]
    public async Task An_intent_is_durable_when_it_returns_and_gives_way_to_the_record()
    {
        using var file = new LedgerFile();
        await using var ledger = file.Open();

        await ledger.IntendAsync(Some.Reservation("c1", null), None);
        Assert.Equal(["c1-1|openai|gpt-x|0"], file.Query("SELECT id, provider, model, settled FROM intents"));
        ledger.Settled(Some.Reservation("c1", null), Some.Cost(0.5m));
        await ledger.IntendAsync(Some.Reservation("c1", 2, null), None);
        Assert.Equal(["c1-1|1|0.5", "c1-2|0|"], file.Query("SELECT id, settled, cost FROM intents ORDER BY id"));

        await ledger.WriteAsync(Some.Record("c1", Some.Attempt(1, 0.5m), Some.Attempt(2, 0.25m)));
        await ledger.IntendAsync(Some.Reservation("c2", null), None);
        Assert.Equal(["c2-1"], file.Query("SELECT id FROM intents"));
        Assert.Equal(["c1|2"], file.Query("SELECT id, attempts FROM calls"));
    }

    [Fact]
    public async Task Best_effort_makes_no_intent_but_for_what_is_reserved()
    {
        using var file = new LedgerFile();
        await using var ledger = file.Open(LedgerMode.BestEffort);

        await ledger.IntendAsync(Some.Reservation("c1", null), None);
        await ledger.ReserveAsync(Some.Reservation("c2", 0.1m, Some.Account("a", 1m)), None);

        Assert.Equal(["c2-1"], file.Query("SELECT id FROM intents"));
    }

    [Fact]
    public async Task A_record_that_comes_before_the_end_of_a_reservation_leaves_the_reservation_to_be_settled()
    {
        using var file = new LedgerFile();
        await using var ledger = file.Open();
        var account = Some.Account("a", 1m);
        var reservation = Some.Reservation("c1", 0.5m, account);
        await ledger.ReserveAsync(reservation, None);
        await ledger.WriteAsync(Some.Record("c1", Some.Attempt(1, 0.25m)));

        Assert.Equal(0.5m, (await ledger.BalanceAsync(account, None)).ReservedUsd);
        Assert.Equal([new BudgetMovement(account, 0m, 0.25m)], await ledger.SettleAsync(reservation, Some.Cost(0.25m)));
        Assert.Empty(file.Query("SELECT id FROM intents"));
    }

    [Fact]
    public async Task A_second_record_of_a_call_is_left_out_and_logged()
    {
        using var file = new LedgerFile();
        await using (var ledger = file.Open())
        {
            await ledger.WriteAsync(Some.Record("c1", Some.Attempt(1, 0.25m)));
            await ledger.WriteAsync(Some.Record("c1", Some.Attempt(1, 0.75m)));
        }

        Assert.Single(file.Log.Of(105));
        using var reader = file.Read();
        Assert.Equal(Usd.Of(0.25m), reader.Summary(SummaryBy.Day, null, null, null).Single().Cost.Known);
    }

    [Fact]
    public async Task A_text_with_a_zero_and_a_quote_in_it_is_kept_whole()
    {
        using var file = new LedgerFile();
        await using (var ledger = file.Open()) await ledger.WriteAsync(Some.Record("c1", Some.Attempt(1, 0m)) with { VendorFinishReason = "a\0b'; DROP TABLE calls; -- é𝄞" });

        using var reader = file.Read();
        Assert.Equal("a\0b'; DROP TABLE calls; -- é𝄞", reader.Last(1).Single().VendorFinishReason);
    }

    [Fact]
    public async Task After_the_end_a_record_is_dropped_and_counted_and_a_reservation_refused()
    {
        using var file = new LedgerFile();
        var ledger = file.Open();
        await ledger.DisposeAsync();

        await ledger.WriteAsync(Some.Record("c1", Some.Attempt(1, 0m)));

        Assert.Equal(1, ledger.DroppedRecords);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await ledger.ReserveAsync(Some.Reservation("c2", 1m), None));
    }
}
