using System.Diagnostics;

namespace LlmGateway.IntegrationTests.Live;

/// <summary>What comes back through the real CLI: usage, cost, errors, and its end on cancellation.</summary>
[Collection(LiveTestsOneByOne.Name)]
public sealed class CliReplyTests(LiveRun run)
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Usage_and_cost_are_the_CLIs_own_report()
    {
        run.RequireLoopback();
        await using var client = run.NewClient();

        var usage = (await client.CompleteTextAsync([LlmMessage.System(new string('s', 4000)), LlmMessage.User("Say hello to Ada.")], cancellationToken: Cancel)).Usage;

        Assert.False(usage.IsEstimated);
        Assert.InRange(usage.CacheWriteTokens, 1000, 1200);
        Assert.InRange(usage.InputTokens, usage.CacheWriteTokens + 10, usage.CacheWriteTokens + 500);
        Assert.Equal("Hello, Ada!".Length / 4 + 1, usage.OutputTokens);

        // The CLI runs on a key, so it reports a cost, by prices of its own: they must be ours.
        Assert.Equal(Pricing.Calculate("anthropic", Sandbox.Model, usage).TotalCostUsd, decimal.Round(usage.TotalCostUsd!.Value, 12));
        Assert.True(usage.TotalCostUsd > 0);
    }

    [Fact]
    public async Task A_wrong_key_is_an_authentication_error_and_is_not_retried()
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient();
        ProviderException? error = null;

        var sent = await sandbox.WatchAsync(async () => error = await Assert.ThrowsAsync<ProviderException>(() => client.CompleteTextAsync("Fail 99 times with status 401.", cancellationToken: Cancel)));

        Assert.Equal((ProviderErrorKind.Authentication, 1), (error!.Kind, error.Attempts));
        Assert.DoesNotContain(Sandbox.Key, error.ToString(), StringComparison.Ordinal);
        Assert.Single(sent);
    }

    [Fact]
    public async Task An_overloaded_vendor_is_retried_by_the_client_alone()
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient(c => c.MaxRetries = 1);
        LlmResponse<string>? response = null;

        var sent = await sandbox.WatchAsync(async () => response = await client.CompleteTextAsync("Fail 1 times with status 529. Then say hello to Ada.", cancellationToken: Cancel));

        Assert.Equal("Hello, Ada!", response!.Content);
        Assert.Equal(2, sent.Count);
        Assert.Equal([ProviderErrorKind.Overloaded, null], response.Metadata.Attempts.Select(a => a.ErrorKind));
    }

    [Fact]
    public async Task A_vendor_that_stays_overloaded_gets_one_request_an_attempt()
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient(c => c.MaxRetries = 1);
        ProviderException? error = null;

        var sent = await sandbox.WatchAsync(async () => error = await Assert.ThrowsAsync<ProviderException>(() => client.CompleteTextAsync("Fail 99 times with status 529.", cancellationToken: Cancel)));

        Assert.Equal((ProviderErrorKind.Overloaded, 2), (error!.Kind, error.Attempts));
        Assert.Equal(2, sent.Count);
    }

    [Fact]
    public async Task An_answer_that_does_not_fit_is_an_error_with_its_bill()
    {
        run.RequireLoopback();
        await using var client = run.NewClient(c => (c.MaxReasks, c.MaxRetries) = (0, 0));

        var error = await Assert.ThrowsAnyAsync<GatewayException>(() => client.CompleteAsync<LiveTests.Mood>("What is the capital of Peru?", cancellationToken: Cancel));

        Assert.True(error is ResponseValidationException or ProviderException, error.ToString());
        Assert.Single(error.Record!.Attempts);
        Assert.True(error.Record.Usage is { OutputTokens: > 0, TotalCostUsd: > 0 }, $"usage {error.Record.Usage}");
    }

    [Fact]
    public async Task Cancellation_ends_the_call_at_once_and_the_program_with_it()
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var (seen, aborted) = (sandbox.Server.Seen.Count, sandbox.Server.Aborted);

        var call = client.CompleteTextAsync("Wait 300 seconds. Say hello to Ada.", cancellationToken: stop.Token);
        await UntilAsync(() => sandbox.Server.Seen.Skip(seen).Any(s => s.Path == "/v1/messages"));
        var watch = Stopwatch.StartNew();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await UntilAsync(() => sandbox.Server.Aborted == aborted + 1);
    }

    [Fact]
    public async Task A_program_that_takes_too_long_is_ended_and_the_error_says_so()
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient(c => (c.TimeoutSeconds, c.MaxRetries) = (10, 0));
        var aborted = sandbox.Server.Aborted;

        var error = await Assert.ThrowsAsync<ProviderException>(() => client.CompleteTextAsync("Wait 300 seconds. Say hello to Grace.", cancellationToken: Cancel));

        Assert.Equal(ProviderErrorKind.Timeout, error.Kind);
        await UntilAsync(() => sandbox.Server.Aborted == aborted + 1);
    }

    [Fact]
    public async Task Calls_at_the_same_time_do_not_mix_their_answers()
    {
        run.RequireLoopback();
        await using var client = run.NewClient();

        var sums = await Task.WhenAll(Enumerable.Range(1, 6).Select(async n => (await client.CompleteAsync<int>($"What is {n} * 100 + {n}?", cancellationToken: Cancel)).Content));

        Assert.Equal([101, 202, 303, 404, 505, 606], sums);
    }

    [Fact]
    public async Task What_the_CLI_cannot_be_told_is_a_reported_loss()
    {
        run.RequireLoopback();
        await using var client = run.NewClient();

        var silent = await client.CompleteTextAsync("Say hello to Ada.", cancellationToken: Cancel);
        var set = await client.CompleteTextAsync("Say hello to Ada.", new LlmCallOptions { MaxTokens = 50, Temperature = 0 }, Cancel);

        Assert.Empty(silent.Metadata.Losses);
        Assert.Equal(2, set.Metadata.Losses.Count);
    }

    /// <summary>The process tree dies a moment after the call returns; this waits for the server to notice.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "it did not happen within 30 s");
            await Task.Delay(20, Cancel);
        }
    }
}
