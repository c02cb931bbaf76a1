using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Budgets;

public sealed class LedgerGateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_intent_is_there_before_the_request_leaves_and_the_record_comes_behind_it()
    {
        var ledger = new FakeLedger();
        var seen = -1;
        var provider = new ScriptedProvider((_, _, _) =>
        {
            seen = ledger.Intents.Count;
            return Task.FromResult(MoneyBench.Reply(10, 1));
        })
        { Billing = ProviderBilling.PriceBook };
        var bench = new MoneyBench(provider, new GatewayConfig { MaxTokens = 10, Tags = new Dictionary<string, string> { ["team"] = "x" } }, ledger: ledger);

        var response = await bench.Client.CompleteTextAsync("hi", cancellationToken: Token);

        var intent = Assert.Single(ledger.Intents);
        Assert.Equal((1, $"{response.Metadata.CallId}-1", 1, "fake", "fake-1", "x"), (seen, intent.Id, intent.Attempt, intent.Provider, intent.Model, intent.Tags["team"]));
        Assert.Equal(MoneyBench.WorstOf("hi", 10), intent.AmountUsd);
        Assert.Equal((intent.Id, new BudgetSettlement(0.012m, CostBasis.Counted)), Assert.Single(ledger.Settlements));
        Assert.Same(response.Metadata, Assert.Single(ledger.Records));
    }

    [Fact]
    public async Task Where_the_intent_cannot_be_made_durable_nothing_is_sent_and_nothing_stays_reserved()
    {
        var ledger = new FakeLedger { Failure = new LedgerException("The disk is full.") };
        var provider = MoneyBench.Priced(MoneyBench.Reply(1, 1), "never");
        var bench = new MoneyBench(provider, new GatewayConfig { CostLimitUsd = MoneyBench.WorstOf("hi", 10), MaxTokens = 10 }, ledger: ledger);

        for (var i = 0; i < 3; i++)
        {
            var error = await Assert.ThrowsAsync<LedgerException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));
            Assert.Equal((CallOutcome.Refused, "ledger", 0), (error.Record!.Outcome, error.Record.ErrorType, error.Record.Attempts.Count));
        }

        Assert.Empty(provider.Requests);
        ledger.Failure = null;
        Assert.Equal(0.003m, (await bench.Client.CompleteTextAsync("hi", cancellationToken: Token)).Usage.TotalCostUsd);
    }

    [Fact]
    public async Task A_ledger_that_is_the_store_too_gets_the_reservation_alone()
    {
        var both = new LedgerStore();
        var bench = new MoneyBench(MoneyBench.Priced(MoneyBench.Reply(10, 1)), new GatewayConfig { Budgets = [new Budget("b") { LimitUsd = 10m }], MaxTokens = 10 }, both, both);

        await bench.Client.CompleteTextAsync("hi", cancellationToken: Token);

        Assert.Equal(["reserve", "settle 0.012", "record"], both.Seen);
    }

    [Fact]
    public async Task A_refused_call_has_a_record_too()
    {
        var ledger = new FakeLedger();
        var bench = new MoneyBench(MoneyBench.Priced("never"), new GatewayConfig { CostLimitUsd = 0.001m }, ledger: ledger);

        await Assert.ThrowsAsync<CostLimitExceededException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));

        Assert.Equal(CallOutcome.Refused, Assert.Single(ledger.Records).Outcome);
        Assert.Empty(ledger.Intents);
    }

    [Fact]
    public void A_ledger_file_without_a_ledger_is_refused()
    {
        var error = Assert.Throws<ProviderInitException>(() => new LlmClient(MoneyBench.Priced(), new GatewayConfig { LedgerFile = "calls.db" }));

        Assert.Contains("LlmGateway.Sqlite", error.Message, StringComparison.Ordinal);
        Assert.Equal("LLM_LEDGER_FILE", error.Setting);
    }

    private sealed class LedgerStore : ILedger, IBudgetStore
    {
        public List<string> Seen { get; } = [];

        public LedgerMode Mode => LedgerMode.Strict;

        public ValueTask<BudgetGrant> ReserveAsync(BudgetReservation reservation, CancellationToken cancellationToken)
        {
            Seen.Add("reserve");
            return default;
        }

        public ValueTask<IReadOnlyList<BudgetMovement>> SettleAsync(BudgetReservation reservation, BudgetSettlement settlement)
        {
            Seen.Add($"settle {settlement.CostUsd:0.###}");
            return new([]);
        }

        public ValueTask<BudgetBalance> BalanceAsync(BudgetAccount account, CancellationToken cancellationToken) => new(new BudgetBalance(account, 0m, 0m));

        public ValueTask IntendAsync(BudgetReservation attempt, CancellationToken cancellationToken)
        {
            Seen.Add("intend");
            return default;
        }

        public void Settled(BudgetReservation attempt, BudgetSettlement settlement) => Seen.Add("settled");

        public ValueTask WriteAsync(CallRecord record)
        {
            Seen.Add("record");
            return default;
        }
    }
}
