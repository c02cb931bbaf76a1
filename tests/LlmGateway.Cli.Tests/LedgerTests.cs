using System.Text.Json;

namespace LlmGateway.Cli.Tests;

public sealed class LedgerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llm-gateway-cli-ledger");

    private (string, string)[] Variables => [("LLM_PROVIDER", "simulated"), ("LLM_LEDGER_FILE", LedgerFile), ("LLM_TAGS", "team=search"), ("LLM_BUDGETS", "all=1/day")];

    private string LedgerFile => Path.Combine(_folder.FullName, "calls.db");

    [Fact]
    public async Task What_complete_asks_is_in_the_ledger_and_shown_in_each_way()
    {
        Assert.Equal(0, (await CliProcess.RunAsync(["complete", "What is 2 + 2?"], variables: Variables)).ExitCode);
        Assert.Equal(0, (await CliProcess.RunAsync(["complete", "--stream", "Hello"], variables: Variables)).ExitCode);

        var tail = await CliProcess.RunAsync(["ledger", "tail", "--json"], variables: Variables);
        var calls = tail.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal([false, true], calls.Select(c => c.GetProperty("streamed").GetBoolean()));
        Assert.All(calls, c => Assert.Equal(("simulated", "succeeded", "0", "search"), (c.GetProperty("provider").GetString(), c.GetProperty("outcome").GetString(), c.GetProperty("total_cost_usd").GetString(), c.GetProperty("tags").GetProperty("team").GetString())));

        foreach (var (by, line) in new[] { ("vendor", "simulated\t2\t0\t2\t"), ("budget", "all\t2\t0\t2\t"), ("model", "simulated\tsimulated\t2\t0\t2\t") })
            Assert.Contains($"\n{line}", (await CliProcess.RunAsync(["ledger", "summary", "--by", by], variables: Variables)).Output, StringComparison.Ordinal);
        Assert.Contains("\nteam\tsearch\t2\t", (await CliProcess.RunAsync(["ledger", "summary", "--by", "tag", "--tag", "team"], variables: Variables)).Output, StringComparison.Ordinal);

        var id = calls[0].GetProperty("id").GetString()!;
        var show = await CliProcess.RunAsync(["ledger", "show", id], variables: Variables);
        Assert.Contains($"call      {id}", show.Output, StringComparison.Ordinal);
        Assert.Contains("attempt 1: simulated/simulated, succeeded, $0 (counted)", show.Output, StringComparison.Ordinal);

        var csv = await CliProcess.RunAsync(["ledger", "export", "--format", "csv"], variables: Variables);
        Assert.Equal(3, csv.Output.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        var before = await CliProcess.RunAsync(["ledger", "export", "--until", "2020-01-01"], variables: Variables);
        Assert.Equal((0, ""), (before.ExitCode, before.Output));
    }

    [Fact]
    public async Task A_tag_that_a_spreadsheet_would_run_is_text_in_csv()
    {
        var variables = Variables.Append(("LLM_TAGS", "a==cmd|' /C calc'!A0")).ToArray();
        variables = [.. variables.Where(v => v != ("LLM_TAGS", "team=search"))];
        Assert.Equal(0, (await CliProcess.RunAsync(["complete", "hi"], variables: variables)).ExitCode);

        var csv = await CliProcess.RunAsync(["ledger", "export", "--format", "csv"], variables: variables);

        Assert.Contains(",a==cmd|' /C calc'!A0,", csv.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\n=", csv.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no ledger to look into", "ledger", "tail")]
    [InlineData("There is no ledger '", "ledger", "tail", "--file", "nowhere.db")]
    [InlineData("--tag goes with --by tag", "ledger", "summary", "--tag", "team", "--file", "nowhere.db")]
    [InlineData("--since: 'yesterday' is no time", "ledger", "summary", "--since", "yesterday")]
    [InlineData("'week' not recognized", "ledger", "summary", "--by", "week")]
    public async Task What_cannot_be_done_is_said(string message, params string[] arguments)
    {
        var result = await CliProcess.RunAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_opened_stops_the_call_before_it_is_sent()
    {
        await File.WriteAllTextAsync(LedgerFile, "no database, and longer than a header of sixteen bytes", TestContext.Current.CancellationToken);

        var result = await CliProcess.RunAsync(["complete", "hi"], variables: Variables);

        Assert.Equal((4, ""), (result.ExitCode, result.Output));
        Assert.Contains("the file is damaged, or is no SQLite database", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
