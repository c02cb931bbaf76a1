namespace LlmGateway.Tests.Budgets;

/// <summary>What the remarks of <see cref="IBudgetStore"/> promise: a store that is far away can be spent in slices, and a crash can only spend too little.</summary>
public sealed class SliceTests
{
    private static readonly BudgetAccount Shared = new("total:team", "team", 25m);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_spends_its_slice_by_itself_and_gives_back_the_rest()
    {
        var far = new InProcessBudgetStore();
        var (slice, near) = await TakeAsync(far, "a", 10m);

        Assert.True(await SpendAsync(near, "a1", 10m, 6m));
        Assert.False(await SpendAsync(near, "a2", 10m, 4.01m));
        await far.SettleAsync(slice, new BudgetSettlement(6m, CostBasis.Counted));

        var balance = await far.BalanceAsync(Shared, Token);
        Assert.Equal((6m, 0m), (balance.SpentUsd, balance.ReservedUsd));
    }

    [Fact]
    public async Task A_process_that_dies_with_its_slice_leaves_less_to_spend_and_never_more()
    {
        var far = new InProcessBudgetStore();
        var (_, dead) = await TakeAsync(far, "dead", 10m);
        Assert.True(await SpendAsync(dead, "d1", 10m, 1m));

        var (slice, near) = await TakeAsync(far, "b", 10m);
        Assert.True(await SpendAsync(near, "b1", 10m, 10m));
        await far.SettleAsync(slice, new BudgetSettlement(10m, CostBasis.Counted));
        var grant = await far.ReserveAsync(Reservation("c", Shared, 10m), Token);

        Assert.Equal((10m, 10m), (grant.RefusedBy!.SpentUsd, grant.RefusedBy.ReservedUsd));
        Assert.True((await far.ReserveAsync(Reservation("c", Shared, 5m), Token)).IsGranted);
    }

    private static async Task<(BudgetReservation Slice, InProcessBudgetStore Near)> TakeAsync(InProcessBudgetStore far, string id, decimal amount)
    {
        var slice = Reservation(id, Shared, amount);
        Assert.True((await far.ReserveAsync(slice, Token)).IsGranted);
        return (slice, new InProcessBudgetStore());
    }

    private static async Task<bool> SpendAsync(InProcessBudgetStore near, string id, decimal slice, decimal amount)
    {
        var reservation = Reservation(id, Shared with { LimitUsd = slice }, amount);
        if (!(await near.ReserveAsync(reservation, Token)).IsGranted) return false;
        await near.SettleAsync(reservation, new BudgetSettlement(amount, CostBasis.Counted));
        return true;
    }

    private static BudgetReservation Reservation(string id, BudgetAccount account, decimal amount)
        => new() { Id = id, CallId = id, Attempt = 1, At = DateTimeOffset.UnixEpoch, Provider = "fake", Model = "fake-1", AmountUsd = amount, Accounts = [account] };
}
