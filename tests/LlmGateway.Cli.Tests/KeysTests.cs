using System.Text.Json;

namespace LlmGateway.Cli.Tests;

public sealed class KeysTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llm-gateway-cli-keys");

    private string Data => Path.Combine(_folder.FullName, "data");

    private (string, string)[] Variables => [("LLM_DATA_DIR", Data)];

    [Fact]
    public async Task Create_prints_the_key_alone_and_list_shows_it_without_its_secret()
    {
        var made = await RunAsync("create", "--name", "alice", "--model", "gpt-*", "--model", "anthropic/*", "--route", "cheap", "--budget", "20/month", "--budget", "100", "--rpm", "60", "--tpm", "90000", "--concurrent", "4", "--expires", "30d", "--tag", "team=search", "--fallbacks");
        Assert.Equal(0, made.ExitCode);
        Assert.Matches("^lgw_[0-9a-z]{10}_[A-Za-z0-9_-]{43}\n$", made.Output);
        var text = made.Output.Trim();
        Assert.Contains(Data, made.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(text[^39..], made.Error, StringComparison.Ordinal);

        var list = await RunAsync("list", "--json");
        var key = JsonDocument.Parse(list.Output).RootElement;
        Assert.Equal((text.Split('_')[1], "alice", "active", text[..19]), (Text("id"), Text("name"), Text("state"), Text("prefix")));
        Assert.Equal((60, 90000, 4, true), (key.GetProperty("requests_per_minute").GetInt32(), key.GetProperty("tokens_per_minute").GetInt32(), key.GetProperty("max_concurrent").GetInt32(), key.GetProperty("may_fall_back").GetBoolean()));
        Assert.Equal("""[{"limit_usd":"20","window":"month"},{"limit_usd":"100","window":"total"}]""", key.GetProperty("budgets").GetRawText());
        var end = key.GetProperty("expires_at").GetDateTimeOffset() - key.GetProperty("created_at").GetDateTimeOffset();
        Assert.InRange(end.TotalDays, 29.99, 30.01);

        var grid = (await RunAsync("list")).Output.Split('\n');
        Assert.Equal("id\tname\tbegins\tstate\tmade\texpires\tmodels\troutes\tlimits\tbudgets USD\ttags", grid[0]);
        Assert.Contains("gpt-* anthropic/*\tcheap\t60 rpm, 90000 tpm, 4 at once\t20/month 100\tteam=search", grid[1], StringComparison.Ordinal);

        string? Text(string name) => key.GetProperty(name).GetString();
    }

    [Fact]
    public async Task A_key_is_rotated_and_revoked_by_its_id()
    {
        var id = (await RunAsync("create", "--name", "a")).Output.Split('_')[1];

        var rotated = await RunAsync("rotate", id, "--overlap", "1h");
        Assert.Matches($"^lgw_{id}_[A-Za-z0-9_-]{{43}}\n$", rotated.Output);
        Assert.Contains("valid until", rotated.Error, StringComparison.Ordinal);
        var json = JsonDocument.Parse((await RunAsync("rotate", id, "--json")).Output).RootElement;
        Assert.InRange((json.GetProperty("old_valid_until").GetDateTimeOffset() - DateTimeOffset.UtcNow).TotalHours, 23.9, 24.1);

        // How a key begins, as list shows it, names it too.
        var revoked = await RunAsync("revoke", rotated.Output[..19]);
        Assert.Equal((0, ""), (revoked.ExitCode, revoked.Output));
        Assert.Contains("\trevoked\t", (await RunAsync("list")).Output, StringComparison.Ordinal);
        var late = await RunAsync("rotate", id);
        Assert.Equal((2, ""), (late.ExitCode, late.Output));
        Assert.Contains("is revoked", late.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_is_shown_with_what_is_spent_of_it_and_set()
    {
        var id = (await RunAsync("create", "--name", "a", "--budget", "20")).Output.Split('_')[1];
        var account = new BudgetAccount($"total:key-{id}-total", $"key-{id}-total", 20m);
        await using (var ledger = SqliteLedger.Open(new SqliteLedgerOptions { Path = Path.Combine(Data, "ledger.db") }))
        {
            var attempt = new BudgetReservation { Id = "c-1", CallId = "c", Attempt = 1, At = DateTimeOffset.UtcNow, Provider = "fake", Model = "m", AmountUsd = 2m, Accounts = [account] };
            await ledger.ReserveAsync(attempt, TestContext.Current.CancellationToken);
            await ledger.SettleAsync(attempt, new BudgetSettlement(1.25m, CostBasis.Counted));
        }

        Assert.Contains("\ntotal\t20\t1.25\t0\t18.75\t", (await RunAsync("budget", id)).Output, StringComparison.Ordinal);
        var set = await RunAsync("budget", id, "--set", "5.50/day", "--set", "50", "--json");
        var lines = set.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal([("day", "5.5", "0"), ("total", "50", "1.25")], lines.Select(l => (l.GetProperty("window").GetString()!, l.GetProperty("limit_usd").GetString()!, l.GetProperty("spent_usd").GetString()!)));
        var none = await RunAsync("budget", id, "--set", "none");
        Assert.Equal((0, ""), (none.ExitCode, none.Output));
        Assert.Contains("without limit", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_keys_list_is_empty_and_makes_nothing()
    {
        var list = await RunAsync("list");

        Assert.Equal((0, 1), (list.ExitCode, list.Output.Count(c => c == '\n')));
        Assert.Contains("There are no keys in", list.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Theory]
    [InlineData("'--name' is required", "create")]
    [InlineData("--rpm must be at least 1", "create", "--name", "a", "--rpm", "0")]
    [InlineData("--budget: '20/week' is no budget", "create", "--name", "a", "--budget", "20/week")]
    [InlineData("--budget must be of different windows", "create", "--name", "a", "--budget", "20/day", "--budget", "30/day")]
    [InlineData("--expires: 'soon' is no time", "create", "--name", "a", "--expires", "soon")]
    [InlineData("--expires must be in the future", "create", "--name", "a", "--expires", "2020-01-01")]
    [InlineData("--tag: 'team' is no tag", "create", "--name", "a", "--tag", "team")]
    [InlineData("--tag can't hold 'key'", "create", "--name", "a", "--tag", "key=x")]
    [InlineData("--model must be names or patterns", "create", "--name", "a", "--model", "a b")]
    [InlineData("There are no keys in", "revoke", "0123456789")]
    [InlineData("That is no id of a key", "revoke", "alice")]
    [InlineData("--overlap: 'long' is no time", "rotate", "0123456789", "--overlap", "long")]
    public async Task What_cannot_be_done_is_said_by_its_option(string message, params string[] arguments)
    {
        var result = await RunAsync(arguments);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<CliResult> RunAsync(params string[] arguments) => CliProcess.RunAsync(["keys", .. arguments], variables: Variables);
}
