namespace LlmGateway.Sqlite.Tests;

/// <summary>A ledger that is closed with attempts under way stands for a process that died: its lock is gone, its intents are there.</summary>
public sealed class RecoveryTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_was_under_way_becomes_a_call_of_unknown_outcome_at_what_was_set_aside()
    {
        using var file = new LedgerFile();
        var account = Some.Account("a", 1m);
        await using (var dead = file.Open()) await dead.ReserveAsync(Some.Reservation("c1", 0.5m, account), None);

        await using var ledger = file.Open();

        Assert.Equal(new BudgetBalance(account, 0.5m, 0m), await ledger.BalanceAsync(account, None));
        using var reader = file.Read();
        var call = Assert.Single(reader.Last(10));
        Assert.Equal(("c1", "unknown", true, "0.5", 1), (call.Id, call.Outcome, call.IsRecovered, call.Cost.Total.ToString(), call.Cost.Estimated));
        Assert.Equal(("unknown", "unknown", "0.5"), (call.Attempts[0].Outcome, call.Attempts[0].Basis, call.Attempts[0].Reserved));
        Assert.Equal(["user=alice"], call.Tags.Select(t => $"{t.Key}={t.Value}"));
        Assert.Equal(["budget-a"], call.Budgets);
        Assert.Single(file.Log.Of(103));
    }

    [Fact]
    public async Task What_was_settled_keeps_its_cost_and_what_had_no_amount_stays_unknown()
    {
        using var file = new LedgerFile();
        var account = Some.Account("a", 1m);
        await using (var dead = file.Open())
        {
            var first = Some.Reservation("c1", 0.5m, account);
            await dead.ReserveAsync(first, None);
            await dead.SettleAsync(first, Some.Cost(0.125m));
            await dead.ReserveAsync(Some.Reservation("c1", 2, 0.25m, account), None);
            await dead.IntendAsync(Some.Reservation("c2", null), None);
        }

        await using var ledger = file.Open();

        Assert.Equal(new BudgetBalance(account, 0.375m, 0m), await ledger.BalanceAsync(account, None));
        using var reader = file.Read();
        var calls = reader.Last(10);
        Assert.Equal(["c1 0.375", "c2 "], calls.Select(c => $"{c.Id} {c.Cost.Total}"));
        Assert.Equal(["0.125 counted", "0.25 unknown"], calls[0].Attempts.Select(a => $"{a.Cost} {a.Basis}"));
        Assert.Equal(1, calls[1].Cost.Unpriced);
    }

    [Fact]
    public async Task The_living_are_left_alone_and_the_dead_found_each_minute()
    {
        using var file = new LedgerFile();
        var account = Some.Account("a", 1m);
        var other = file.Open();
        await other.ReserveAsync(Some.Reservation("c1", 0.5m, account), None);
        await using var ledger = file.Open();
        file.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new BudgetBalance(account, 0m, 0.5m), await ledger.BalanceAsync(account, None));

        await other.DisposeAsync();
        file.Clock.Advance(TimeSpan.FromMinutes(1));
        await BudgetTests.Eventually(() => file.Query("SELECT outcome FROM calls") is ["unknown"]);

        Assert.Equal(new BudgetBalance(account, 0.5m, 0m), await ledger.BalanceAsync(account, None));
    }

    [Fact]
    public async Task Several_that_recover_at_once_do_it_once()
    {
        using var file = new LedgerFile();
        var account = Some.Account("a", 100m);
        await using (var dead = file.Open())
            for (var n = 0; n < 20; n++) await dead.ReserveAsync(Some.Reservation($"c{n:00}", 0.5m, account), None);

        var ledgers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => file.Open())));

        Assert.Equal(new BudgetBalance(account, 10m, 0m), await ledgers[0].BalanceAsync(account, None));
        Assert.Equal(["20"], file.Query("SELECT count(*) FROM calls"));
        Assert.Equal(["6"], file.Query("SELECT count(*) FROM owners"));
        foreach (var ledger in ledgers) await ledger.DisposeAsync();
        Assert.Equal(["0"], file.Query("SELECT count(*) FROM owners"));
        Assert.Empty(Directory.GetFiles(file.Path + ".owners"));
    }

    [Fact]
    public async Task A_reservation_whose_call_is_recorded_is_freed_without_a_second_row()
    {
        using var file = new LedgerFile();
        var account = Some.Account("a", 1m);
        await using (var dead = file.Open())
        {
            await dead.ReserveAsync(Some.Reservation("c1", 0.5m, account), None);
            await dead.WriteAsync(Some.Record("c1", Some.Attempt(1, 0.25m)));
        }

        await using var ledger = file.Open();

        Assert.Equal(new BudgetBalance(account, 0.5m, 0m), await ledger.BalanceAsync(account, None));
        Assert.Equal(["c1|succeeded"], file.Query("SELECT id, outcome FROM calls"));
    }
}
