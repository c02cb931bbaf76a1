using System.Collections;
using LlmGateway.Configuration;
using LlmGateway.Providers.Cli;

namespace LlmGateway.Tests.Providers.Cli;

public sealed class CliRunnerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_has_an_empty_folder_of_its_own_that_is_gone_afterwards()
    {
        using var cli = new FakeCli("prog", "ls -A > \"$here/files\"; pwd; cat \"$1\"");

        var result = await Runner(cli).RunAsync(f => new CliRun([f.AddFile("note.txt", "text")]), "", Token);

        Assert.Equal("", cli.Read("files"));
        var lines = result.Output.Split('\n');
        Assert.Equal("text", lines[1]);
        Assert.False(Directory.Exists(Path.GetDirectoryName(lines[0])));
    }

    [Fact]
    public async Task The_folder_is_gone_after_cancellation_too()
    {
        using var cli = new FakeCli("prog", "pwd > \"$here/folder\"; sleep 300");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var run = Runner(cli).RunAsync(_ => new CliRun([]), "", stop.Token);
        var folder = await cli.WhenWritten("folder");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.False(Directory.Exists(folder.Trim()));
    }

    [Fact]
    public async Task No_more_runs_than_allowed_go_at_once()
    {
        using var cli = new FakeCli("prog", "mkdir -p \"$here/now\"; : > \"$here/now/$$\"; ls \"$here/now\" | wc -l; read line; sleep 0.05; rm \"$here/now/$$\"");
        var runner = Runner(cli, maxConcurrency: 2);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => runner.RunAsync(_ => new CliRun([]), "go\n", Token)));

        Assert.All(results, r => Assert.InRange(int.Parse(r.Output, System.Globalization.CultureInfo.InvariantCulture), 1, 2));
    }

    [Fact]
    public async Task Waiting_for_a_turn_ends_on_cancellation_and_starts_nothing()
    {
        using var cli = new FakeCli("prog", "echo $$ >> \"$here/started\"; while [ ! -e \"$here/end\" ]; do sleep 0.02; done");
        var runner = Runner(cli, maxConcurrency: 1);
        var first = runner.RunAsync(_ => new CliRun([]), "", Token);
        await cli.WhenWritten("started");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var second = runner.RunAsync(_ => new CliRun([]), "", stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        cli.Touch("end");
        await first;
        Assert.Single(cli.Read("started").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_turn_is_given_back_after_a_failure()
    {
        using var cli = new FakeCli("prog", "echo ok");
        var runner = Runner(cli, maxConcurrency: 1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => runner.RunAsync(_ => throw new InvalidOperationException(), "", Token));

        Assert.Equal("ok\n", (await runner.RunAsync(_ => new CliRun([]), "", Token)).Output);
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_is_a_typed_error()
    {
        using var cli = new FakeCli("prog", "");
        var runner = new CliRunner("local_x", Path.Combine(cli.Folder, "gone"), Environment(), 1, TimeProvider.System);

        var error = await Assert.ThrowsAsync<ProviderException>(() => runner.RunAsync(_ => new CliRun([]), "", Token));

        Assert.Equal((ProviderErrorKind.CliNotFound, "local_x"), (error.Kind, error.Provider));
    }

    private static CliRunner Runner(FakeCli cli, int maxConcurrency = 1) => new("local_x", cli.Executable, Environment(), maxConcurrency, TimeProvider.System);

    private static CliEnvironment Environment() => new(VariableSet.Merge(null, new Hashtable()), [], _ => false);
}
