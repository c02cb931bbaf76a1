using System.Net;
using LlmGateway.Server.Keys;

namespace LlmGateway.Server.Tests.Admin;

public class AdminMoneyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_spent_and_reserved_of_a_budget_is_shown_and_a_new_limit_keeps_it()
    {
        await using var server = await AdminServer.StartAsync();
        var key = server.Keys.Create(new KeySettings { Name = "alice", Budgets = [new KeyBudget(20m, BudgetWindow.Month), new KeyBudget(100m, BudgetWindow.Total)] }).Key;
        var accounts = key.Accounts.Select(a => a.Of(key.CallTags, server.Folder.Time.GetUtcNow())!).ToList();
        var (first, second) = (Attempt("c1", 3m, accounts), Attempt("c2", 0.5m, accounts));
        Assert.True((await server.Ledger.ReserveAsync(first, Token)).IsGranted);
        Assert.True((await server.Ledger.ReserveAsync(second, Token)).IsGranted);
        await server.Ledger.SettleAsync(first, new BudgetSettlement(1.25m, CostBasis.Counted));

        var month = (await server.SendAsync("GET", $"/admin/keys/{key.Id}/budget")).Json.GetProperty("budgets")[0];
        Assert.Equal(
            ($"key-{key.Id}-month", "month", "20", "1.25", "0.5", "18.25", "2026-11-01T00:00:00.000000Z", "2026-12-01T00:00:00.000000Z"),
            (Text("name"), Text("window"), Text("limit_usd"), Text("spent_usd"), Text("reserved_usd"), Text("remaining_usd"), Text("window_start"), Text("window_end")));

        var put = await server.SendAsync("PUT", $"/admin/keys/{key.Id}/budget", """{"budgets":["1/month"]}""");
        month = Assert.Single(put.Json.GetProperty("budgets").EnumerateArray());
        Assert.Equal(("1", "1.25", "0"), (Text("limit_usd"), Text("spent_usd"), Text("remaining_usd")));
        Assert.Equal([new KeyBudget(1m, BudgetWindow.Month)], server.Keys.Get(key.Id)!.Budgets);
        Assert.Equal("limits", (await server.SendAsync("PUT", $"/admin/keys/{key.Id}/budget", """{"limits":[]}""")).Field);
        Assert.Equal("budgets", (await server.SendAsync("PUT", $"/admin/keys/{key.Id}/budget", "{}")).Field);

        string? Text(string name) => month.GetProperty(name).GetString();
    }

    [Fact]
    public async Task The_ledger_is_summed_by_key_model_and_day()
    {
        await using var server = await AdminServer.StartAsync();
        var (alice, bob) = (server.Keys.Create(new KeySettings { Name = "alice" }).Key, server.Keys.Create(new KeySettings { Name = "bob", Tags = new Dictionary<string, string> { ["team"] = "search" } }).Key);
        await using (var client = new LlmClient(new GatewayConfig { Provider = "simulated" }, new LlmClientOptions { Ledger = server.Ledger, BudgetStore = server.Ledger }))
        {
            foreach (var key in new[] { alice, alice, bob }) await client.CompleteTextAsync("Hello", new LlmCallOptions { Tags = key.CallTags }, Token);
        }

        var byKey = Rows(await server.SendAsync("GET", "/admin/ledger?by=key"));
        Assert.Equal(
            [(alice.Id, "alice", 2L, "0"), (bob.Id, "bob", 1L, "0")],
            byKey.Select(r => (r.GetProperty("key").GetString()!, r.GetProperty("key_name").GetString()!, r.GetProperty("calls").GetInt64(), r.GetProperty("total_cost_usd").GetString()!)).OrderBy(r => r.Item2));
        Assert.Equal(3, Assert.Single(Rows(await server.SendAsync("GET", "/admin/ledger?by=model"))).GetProperty("calls").GetInt64());
        Assert.Equal(3, Assert.Single(Rows(await server.SendAsync("GET", "/admin/ledger"))).GetProperty("calls").GetInt64());
        Assert.Equal("search", Assert.Single(Rows(await server.SendAsync("GET", "/admin/ledger?by=tag&tag=team"))).GetProperty("value").GetString());
        Assert.Empty(Rows(await server.SendAsync("GET", "/admin/ledger?by=day&until=2020-01-01")));
        Assert.Equal("by", (await server.SendAsync("GET", "/admin/ledger?by=week")).Field);
        Assert.Equal("since", (await server.SendAsync("GET", "/admin/ledger?since=yesterday")).Field);
        Assert.Equal((HttpStatusCode.BadRequest, "tag"), ((await server.SendAsync("GET", "/admin/ledger?tag=team")).Status, (await server.SendAsync("GET", "/admin/ledger?tag=team")).Field));

        static List<System.Text.Json.JsonElement> Rows(AdminAnswer answer) => [.. answer.Json.GetProperty("rows").EnumerateArray()];
    }

    private static BudgetReservation Attempt(string call, decimal amount, IReadOnlyList<BudgetAccount> accounts) => new()
    {
        Id = $"{call}-1",
        CallId = call,
        Attempt = 1,
        At = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero),
        Provider = "fake",
        Model = "m",
        AmountUsd = amount,
        Accounts = accounts,
    };
}
