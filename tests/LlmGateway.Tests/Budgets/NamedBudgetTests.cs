using System.Globalization;
using LlmGateway.Budgets;
using LlmGateway.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Budgets;

public sealed class NamedBudgetTests
{
    private static readonly decimal Worst = MoneyBench.WorstOf("hi", 10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_of_one_store_share_a_budget_by_its_name()
    {
        var store = new InProcessBudgetStore();
        var one = Bench(store, new Budget("team") { LimitUsd = Worst });
        var other = Bench(store, new Budget("team") { LimitUsd = Worst });
        var third = Bench(store, new Budget("another") { LimitUsd = Worst });

        var response = await one.Client.CompleteTextAsync("hi", cancellationToken: Token);
        var error = await Assert.ThrowsAsync<CostLimitExceededException>(() => other.Client.CompleteTextAsync("hi", cancellationToken: Token));
        await third.Client.CompleteTextAsync("hi", cancellationToken: Token);

        Assert.Equal(["team"], response.Metadata.Budgets);
        Assert.Equal(("team", 0.012m), (error.Budget, error.SpentUsd));
        Assert.Contains("of budget 'team'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_per_user_is_one_for_each_and_one_for_those_without()
    {
        var bench = Bench(null, new Budget("each") { LimitUsd = Worst, Per = "user" });

        foreach (var user in (string?[])["anna", "ben", null])
        {
            var response = await bench.Client.CompleteTextAsync("hi", Of(user), Token);
            Assert.Equal([$"each/{user}"], response.Metadata.Budgets);
            await Assert.ThrowsAsync<CostLimitExceededException>(() => bench.Client.CompleteTextAsync("hi", Of(user), Token));
        }

        static LlmCallOptions Of(string? user) => new() { Tags = user is null ? null : new Dictionary<string, string> { ["user"] = user } };
    }

    [Fact]
    public async Task A_budget_only_for_a_tag_leaves_the_others_alone_and_the_configurations_tags_count()
    {
        var budget = new Budget("search") { LimitUsd = 0m, Only = new Dictionary<string, string> { ["team"] = "search" } };
        var tagged = new GatewayConfig { Budgets = [budget], Tags = new Dictionary<string, string> { ["team"] = "search", ["x"] = "1" }, MaxTokens = 10 };
        var bench = new MoneyBench(ScriptedOk(), tagged);

        await Assert.ThrowsAsync<CostLimitExceededException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));
        var response = await bench.Client.CompleteTextAsync("hi", new LlmCallOptions { Tags = new Dictionary<string, string> { ["team"] = "ads" } }, Token);

        Assert.Empty(response.Metadata.Budgets);
        Assert.Equal("ads 1", $"{response.Metadata.Tags["team"]} {response.Metadata.Tags["x"]}");
    }

    [Fact]
    public async Task Nested_budgets_are_reserved_together_or_not_at_all()
    {
        var store = new InProcessBudgetStore();
        var bench = new MoneyBench(ScriptedOk(), new GatewayConfig
        {
            CostLimitUsd = 100m,
            Budgets = [new Budget("wide") { LimitUsd = 100m }, new Budget("narrow") { LimitUsd = 0.01m }],
            MaxTokens = 10,
        }, store);

        for (var i = 0; i < 3; i++)
        {
            var error = await Assert.ThrowsAsync<CostLimitExceededException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));
            Assert.Equal("narrow", error.Budget);
        }

        var wide = await store.BalanceAsync(new BudgetAccount("total:wide", "wide", null), Token);
        Assert.Equal((0m, 0m), (wide.SpentUsd, wide.ReservedUsd));
        var own = await Assert.ThrowsAsync<CostLimitExceededException>(() => bench.Client.CompleteTextAsync("hi", new LlmCallOptions { MaxTokens = 1_000_000 }, Token));
        Assert.Equal(("client", 0m, 0m), (own.Budget, own.SpentUsd, own.ReservedUsd));
    }

    [Fact]
    public async Task A_window_begins_anew_and_what_began_in_the_old_one_is_counted_there()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 59, TimeSpan.Zero));
        var go = new TaskCompletionSource();
        var provider = new ScriptedProvider(async (number, _, _) =>
        {
            if (number == 0) await go.Task;
            return MoneyBench.Reply(1, 1);
        })
        { Billing = ProviderBilling.PriceBook };
        var bench = new MoneyBench(provider, new GatewayConfig { Budgets = [new Budget("minute") { LimitUsd = Worst, Window = BudgetWindow.Minute }], MaxTokens = 10 }, time: time);

        var old = bench.Client.CompleteTextAsync("hi", cancellationToken: Token);
        var error = await Assert.ThrowsAsync<CostLimitExceededException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));
        Assert.Contains("or wait until 2026-03-01 12:01 UTC", error.Message, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(1));
        await bench.Client.CompleteTextAsync("hi", cancellationToken: Token);
        go.SetResult();
        await old;

        error = await Assert.ThrowsAsync<CostLimitExceededException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));
        Assert.Equal((0.003m, 0m), (error.SpentUsd, error.ReservedUsd));
    }

    [Theory]
    [InlineData(BudgetWindow.Minute, "UTC", "2026-03-01T12:34:56Z", "2026-03-01T12:34:00Z", "2026-03-01T12:35:00Z")]
    [InlineData(BudgetWindow.Hour, "Asia/Kolkata", "2026-03-01T12:40:00Z", "2026-03-01T12:30:00Z", "2026-03-01T13:30:00Z")]
    [InlineData(BudgetWindow.Day, "Europe/Berlin", "2026-03-01T23:30:00Z", "2026-03-01T23:00:00Z", "2026-03-02T23:00:00Z")]
    [InlineData(BudgetWindow.Day, "Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")] // 23 hours
    [InlineData(BudgetWindow.Day, "Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")] // 25 hours
    [InlineData(BudgetWindow.Day, "Africa/Cairo", "2026-04-24T12:00:00Z", "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z")] // midnight is skipped
    [InlineData(BudgetWindow.Day, "America/Havana", "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z")] // midnight comes twice
    [InlineData(BudgetWindow.Month, "America/New_York", "2026-03-01T03:00:00Z", "2026-02-01T05:00:00Z", "2026-03-01T05:00:00Z")]
    public void A_window_is_one_of_the_calendar_where_its_clock_hangs(BudgetWindow window, string zone, string at, string start, string end)
    {
        var accounts = new BudgetAccounts(new Budget("b") { Window = window, TimeZone = TimeZoneInfo.FindSystemTimeZoneById(zone) });

        var account = accounts.Of(new Dictionary<string, string>(), Time(at))!;

        Assert.Equal((Time(start), Time(end)), (account.WindowStart!.Value.ToUniversalTime(), account.WindowEnd!.Value.ToUniversalTime()));
        Assert.Equal(account, accounts.Of(new Dictionary<string, string>(), Time(start)));
        Assert.NotEqual(account.Key, accounts.Of(new Dictionary<string, string>(), Time(end))!.Key);
        Assert.NotEqual(account.Key, accounts.Of(new Dictionary<string, string>(), Time(start).AddTicks(-1))!.Key);

        static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Each_threshold_is_told_once_a_window()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var bench = new MoneyBench(
            new ScriptedProvider((_, _, _) => Task.FromResult(MoneyBench.Reply(0, 1))) { Billing = ProviderBilling.PriceBook },
            new GatewayConfig { Budgets = [new Budget("b") { LimitUsd = 1m, Window = BudgetWindow.Hour, WarnAt = [0.002m, 0.005m, 1m] }], MaxTokens = 10 }, time: time);

        for (var call = 0; call < 4; call++) await bench.Client.CompleteTextAsync("hi", cancellationToken: Token);
        Assert.Equal([(0.002m, 0.002m), (0.005m, 0.006m)], bench.Alerts.Select(a => (a.Threshold, a.SpentUsd)));
        Assert.Equal(2, bench.Log.Count(8));
        time.Advance(TimeSpan.FromHours(1));
        await bench.Client.CompleteTextAsync("hi", cancellationToken: Token);

        Assert.Equal((3, "b", 1m), (bench.Alerts.Count, bench.Alerts.Last().Budget, bench.Alerts.Last().LimitUsd));
    }

    [Fact]
    public async Task A_limits_own_thresholds_are_half_four_fifths_and_all_of_it()
    {
        var bench = new MoneyBench(
            new ScriptedProvider((number, _, _) => Task.FromResult(MoneyBench.Reply(0, number == 0 ? 10 : 5))) { Billing = ProviderBilling.PriceBook },
            new GatewayConfig { CostLimitUsd = 0.02m, BudgetReserve = BudgetReserve.Estimate, MaxTokens = 1 });

        await bench.Client.CompleteTextAsync("", cancellationToken: Token);
        Assert.Equal([0.5m, 0.8m, 1m], bench.Alerts.Select(a => a.Threshold));
        Assert.All(bench.Alerts, a => Assert.Equal(("client", 0.02m), (a.Budget, a.LimitUsd)));
    }

    [Fact]
    public void Two_budgets_of_one_name_are_refused_by_the_settings_name()
    {
        var error = Assert.Throws<ProviderInitException>(() => new MoneyBench(ScriptedOk(), new GatewayConfig { Budgets = [new Budget("a") { LimitUsd = 1m }, new Budget("a") { LimitUsd = 2m }] }));

        Assert.Equal("LLM_BUDGETS", error.Setting);
        Assert.Contains("each name once", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("é")]
    public void A_name_with_other_characters_is_refused(string name) => Assert.ThrowsAny<ArgumentException>(() => new Budget(name));

    private static ScriptedProvider ScriptedOk() => new((_, _, _) => Task.FromResult(MoneyBench.Reply(10, 1))) { Billing = ProviderBilling.PriceBook };

    private static MoneyBench Bench(IBudgetStore? store, Budget budget) => new(ScriptedOk(), new GatewayConfig { Budgets = [budget], MaxTokens = 10 }, store);
}
