using LlmGateway.Providers.Cli;

namespace LlmGateway.Tests.Providers.Cli;

public sealed class CliProcessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Arguments_reach_the_program_as_they_are_without_a_shell()
    {
        using var cli = new FakeCli("prog", "printf '%s\\0' \"$@\" > \"$here/args\"");
        string[] arguments = ["", "two words", "$HOME `id` \"q\" 'q' \\ *", "line\nbreak", "--", "ü€😀"];

        await Run(cli, arguments: arguments);

        Assert.Equal(arguments, cli.Read("args").Split('\0')[..^1]);
    }

    [Fact]
    public async Task The_environment_is_exactly_what_was_given()
    {
        using var cli = new FakeCli("prog", "/usr/bin/env");

        var result = await Run(cli, environment: new() { ["ONE"] = "1 and more" });

        var names = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("ONE=1 and more", names);
        Assert.DoesNotContain(names, n => n.StartsWith("HOME=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_input_is_UTF8_without_a_byte_order_mark_and_then_closed()
    {
        using var cli = new FakeCli("prog", "cat | od -An -tx1 | tr -d ' \\n'");

        Assert.Equal("c3bc0ae282ac", (await Run(cli, input: "ü\n€")).Output);
    }

    [Fact]
    public async Task Large_input_and_output_do_not_block_each_other()
    {
        using var cli = new FakeCli("prog", "tee /dev/stderr");
        var text = new string('x', 3_000_000);

        var result = await Run(cli, input: text);

        Assert.Equal(text, result.Output);
        Assert.InRange(result.Error.Length, 1, 64 * 1024);
    }

    [Fact]
    public async Task The_end_of_standard_error_is_kept()
    {
        using var cli = new FakeCli("prog", "i=0; while [ $i -lt 40000 ]; do echo \"line $i\"; i=$((i+1)); done >&2; exit 3");

        var result = await Run(cli);

        Assert.Equal(3, result.ExitCode);
        Assert.EndsWith("line 39999\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_never_reads_its_input_tells_its_own_error()
    {
        using var cli = new FakeCli("prog", "exec 0<&-; echo no >&2; exit 7");

        var result = await Run(cli, input: new string('x', 2_000_000));

        Assert.Equal((7, "no\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Output_past_the_bound_ends_the_program()
    {
        using var cli = new FakeCli("prog", "yes");

        var result = await Run(cli, maxOutput: 100_000);

        Assert.True(result.IsTooLarge);
        Assert.InRange(result.Output.Length, 0, 100_000);
    }

    [Fact]
    public async Task Output_at_the_bound_is_whole()
    {
        using var cli = new FakeCli("prog", "printf 12345");

        var result = await Run(cli, maxOutput: 5);

        Assert.Equal(("12345", false), (result.Output, result.IsTooLarge));
    }

    [Fact]
    public async Task Cancellation_kills_the_program_and_its_children()
    {
        using var cli = new FakeCli("prog", "echo $$ > \"$here/self\"\nsleep 300 &\necho $! > \"$here/child\"\nwait");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var run = Run(cli, token: stop.Token);
        var child = await cli.WhenWritten("child");
        Assert.True(FakeCli.IsRunning(child));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.False(FakeCli.IsRunning(cli.Read("self")));
        Assert.False(FakeCli.IsRunning(child));
    }

    [Fact]
    public async Task A_program_that_ignores_polite_signals_is_killed_all_the_same()
    {
        using var cli = new FakeCli("prog", "trap '' TERM INT HUP\necho $$ > \"$here/self\"\nwhile :; do sleep 300; done");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var run = Run(cli, token: stop.Token);
        var self = await cli.WhenWritten("self");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.False(FakeCli.IsRunning(self));
    }

    [Fact]
    public async Task A_child_that_outlives_the_program_does_not_hold_the_answer_back()
    {
        using var cli = new FakeCli("prog", "sleep 300 &\necho $! > \"$here/child\"\necho done");

        var result = await Run(cli);

        Assert.Equal("done\n", result.Output);
        using var kill = System.Diagnostics.Process.Start("kill", ["-9", cli.Read("child").Trim()]);
        await kill.WaitForExitAsync(Token);
    }

    [Fact]
    public async Task A_cancelled_call_starts_nothing()
    {
        using var cli = new FakeCli("prog", "echo x > \"$here/ran\"");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(cli, token: new CancellationToken(canceled: true)));

        Assert.False(cli.Has("ran"));
    }

    private static Task<CliResult> Run(
        FakeCli cli, string[]? arguments = null, Dictionary<string, string>? environment = null, string input = "",
        int maxOutput = CliProcess.MaxOutputBytes, CancellationToken? token = null)
        => CliProcess.RunAsync(
            new CliCommand(cli.Executable, arguments ?? [], environment ?? new() { ["PATH"] = "/usr/bin:/bin" }, cli.Folder, input),
            TimeProvider.System, token ?? Token, maxOutput);
}
