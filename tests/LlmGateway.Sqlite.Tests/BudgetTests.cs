namespace LlmGateway.Sqlite.Tests;

/// <summary>What the contract of a store of budgets says, sentence by sentence.</summary>
public sealed class BudgetTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_fits_is_set_aside_and_what_does_not_is_refused_with_the_balance()
    {
        using var file = new LedgerFile();
        await using var ledger = file.Open();
        var account = Some.Account("a", 1m);

        var first = await ledger.ReserveAsync(Some.Reservation("c1", 0.7m, account), None);
        var second = await ledger.ReserveAsync(Some.Reservation("c2", 0.3000000000000000000000000001m, account), None);
        var third = await ledger.ReserveAsync(Some.Reservation("c3", 0.3m, account), None);

        Assert.True(first.IsGranted);
        Assert.Equal(new BudgetBalance(account, 0m, 0.7m), second.RefusedBy);
        Assert.True(third.IsGranted);
        Assert.Equal(new BudgetBalance(account, 0m, 1m), await ledger.BalanceAsync(account, None));
    }

    [Fact]
    public async Task All_accounts_are_reserved_in_or_none()
    {
        using var file = new LedgerFile();
        await using var ledger = file.Open();
        var (wide, narrow) = (Some.Account("wide", 10m), Some.Account("narrow", 1m));

        var grant = await ledger.ReserveAsync(Some.Reservation("c1", 2m, wide, narrow), None);

        Assert.Equal("narrow", grant.RefusedBy!.Account.Key);
        Assert.Equal(0m, (await ledger.BalanceAsync(wide, None)).ReservedUsd);
        Assert.Empty(file.Query("SELECT id FROM intents"));
    }

    [Fact]
    public async Task Settling_frees_what_was_set_aside_and_spends_the_cost_also_beyond_the_limit()
    {
        using var file = new LedgerFile();
        await using var ledger = file.Open();
        var (limited, counted) = (Some.Account("limited", 1m), Some.Account("counted"));
        var reservation = Some.Reservation("c1", 0.5m, limited, counted);
        await ledger.ReserveAsync(reservation, None);

        var moved = await ledger.SettleAsync(reservation, Some.Cost(1.25m));

        Assert.Equal([new BudgetMovement(limited, 0m, 1.25m), new BudgetMovement(counted, 0m, 1.25m)], moved);
        Assert.Equal(new BudgetBalance(limited, 1.25m, 0m), await ledger.BalanceAsync(limited, None));
        Assert.True((await ledger.ReserveAsync(Some.Reservation("c2", 0m, limited), None)).IsGranted);
        Assert.False((await ledger.ReserveAsync(Some.Reservation("c3", 0.01m, limited), None)).IsGranted);
    }

    [Fact]
    public async Task Settling_again_or_what_was_never_reserved_changes_nothing()
    {
        using var file = new LedgerFile();
        await using var ledger = file.Open();
        var account = Some.Account("a", 1m);
        var reservation = Some.Reservation("c1", 0.5m, account);
        await ledger.ReserveAsync(reservation, None);
        await ledger.SettleAsync(reservation, Some.Cost(0.1m));

        var again = await ledger.SettleAsync(reservation, Some.Cost(0.1m));
        var never = await ledger.SettleAsync(Some.Reservation("c9", 0.5m, account), Some.Cost(0.1m));

        Assert.Empty(again);
        Assert.Empty(never);
        Assert.Equal(new BudgetBalance(account, 0.1m, 0m), await ledger.BalanceAsync(account, None));
    }

    [Fact]
    public async Task An_unknown_amount_counts_as_nothing_and_so_does_an_unknown_cost()
    {
        using var file = new LedgerFile();
        await using var ledger = file.Open();
        var account = Some.Account("a");
        var reservation = Some.Reservation("c1", null, account);

        Assert.True((await ledger.ReserveAsync(reservation, None)).IsGranted);
        Assert.Equal([new BudgetMovement(account, 0m, 0m)], await ledger.SettleAsync(reservation, Some.Cost(null)));
    }

    [Fact]
    public async Task The_same_reservation_twice_is_an_error_and_its_batch_is_not_harmed()
    {
        using var file = new LedgerFile();
        await using var ledger = file.Open();
        var account = Some.Account("a", 1m);
        await ledger.ReserveAsync(Some.Reservation("c1", 0.1m, account), None);

        var all = await Task.WhenAll(Enumerable.Range(1, 5).Select(async n =>
        {
            try
            {
                return (await ledger.ReserveAsync(Some.Reservation($"c{n}", 0.1m, account), None)).IsGranted ? "granted" : "refused";
            }
            catch (ArgumentException)
            {
                return "twice";
            }
        }));

        Assert.Equal(["twice", "granted", "granted", "granted", "granted"], all);
        Assert.Equal(0.5m, (await ledger.BalanceAsync(account, None)).ReservedUsd);
    }

    [Fact]
    public async Task What_is_cancelled_before_it_is_begun_reserves_nothing()
    {
        using var file = new LedgerFile();
        await using var ledger = file.Open();
        var account = Some.Account("a", 1m);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await ledger.ReserveAsync(Some.Reservation("c1", 0.1m, account), new CancellationToken(true)));

        Assert.Equal(0m, (await ledger.BalanceAsync(account, None)).ReservedUsd);
    }

    [Fact]
    public async Task A_thousand_at_once_never_pass_the_limit_and_fill_it()
    {
        using var file = new LedgerFile();
        await using var ledger = file.Open();
        var account = Some.Account("a", 1m);

        var grants = await Task.WhenAll(Enumerable.Range(0, 1000).Select(n => Task.Run(async () => (await ledger.ReserveAsync(Some.Reservation($"c{n}", 0.003m, account), None)).IsGranted)));

        Assert.Equal(333, grants.Count(g => g));
        Assert.Equal(0.999m, (await ledger.BalanceAsync(account, None)).ReservedUsd);
    }

    [Fact]
    public async Task One_settlement_alone_sees_a_threshold_between_before_and_after()
    {
        using var file = new LedgerFile();
        await using var ledger = file.Open();
        var account = Some.Account("a");
        var reservations = Enumerable.Range(0, 100).Select(n => Some.Reservation($"c{n}", 0.01m, account)).ToList();
        foreach (var reservation in reservations) await ledger.ReserveAsync(reservation, None);

        var moves = (await Task.WhenAll(reservations.Select(r => Task.Run(async () => await ledger.SettleAsync(r, Some.Cost(0.01m)))))).Select(m => m.Single()).ToList();

        Assert.Equal(Enumerable.Range(0, 100).Select(n => n * 0.01m), moves.Select(m => m.BeforeUsd).Order());
        Assert.Single(moves, m => m.BeforeUsd < 0.5m && m.AfterUsd >= 0.5m);
    }

    [Fact]
    public async Task Balances_outlive_the_process_and_a_window_that_is_over_is_forgotten_after_a_day()
    {
        using var file = new LedgerFile();
        var (forever, window) = (Some.Account("forever"), Some.Account("window", null, LedgerFile.Start.AddHours(1)));
        await using (var ledger = file.Open())
        {
            var reservation = Some.Reservation("c1", 0.5m, forever, window);
            await ledger.ReserveAsync(reservation, None);
            await ledger.SettleAsync(reservation, Some.Cost(0.25m));
            await ledger.WriteAsync(Some.Record("c1", Some.Attempt(1, 0.25m)));
        }

        await using var again = file.Open();
        Assert.Equal(0.25m, (await again.BalanceAsync(window, None)).SpentUsd);
        file.Clock.Advance(TimeSpan.FromHours(26));
        await Eventually(() => file.Query("SELECT key FROM accounts") is ["forever"]);
        Assert.Equal(0.25m, (await again.BalanceAsync(forever, None)).SpentUsd);
    }

    internal static async Task Eventually(Func<bool> isSo)
    {
        while (!isSo()) await Task.Delay(5, TestContext.Current.CancellationToken);
    }
}
