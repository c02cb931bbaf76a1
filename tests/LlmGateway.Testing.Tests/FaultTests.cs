using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Testing.Tests;

public sealed class FaultTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Faults_come_first_and_take_no_reply_away()
    {
        var time = new FakeTimeProvider();
        var fake = new FakeProvider(time).FailNext(ProviderErrorKind.RateLimited, times: 2, retryAfter: TimeSpan.FromSeconds(7)).Reply(1).Reply(2);
        await using var client = new LlmClient(fake, new GatewayConfig { TimeoutSeconds = int.MaxValue }, Options(time));

        var call = client.CompleteAsync<int>("?", cancellationToken: Cancel);
        var response = await Advance(time, call, TimeSpan.FromSeconds(7));

        Assert.Equal(1, response.Content);
        Assert.Equal([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7), null], response.Metadata.Attempts.Select(a => a.RetryDelay));
        Assert.Equal([ProviderErrorKind.RateLimited, ProviderErrorKind.RateLimited, null], response.Metadata.Attempts.Select(a => a.ErrorKind));
        Assert.Equal(3, fake.Calls.Count);
    }

    [Fact]
    public async Task A_fault_that_no_retry_helps_ends_the_call_and_names_the_provider()
    {
        var fake = new FakeProvider { Name = "stub" }.FailNext(ProviderErrorKind.Authentication).ReplyText("later");
        await using var client = new LlmClient(fake);

        var error = await Assert.ThrowsAsync<ProviderException>(() => client.CompleteTextAsync("?", cancellationToken: Cancel));

        Assert.Equal((ProviderErrorKind.Authentication, "stub", 1), (error.Kind, error.Provider, error.Attempts));
        Assert.Equal("later", (await client.CompleteTextAsync("?", cancellationToken: Cancel)).Content);
    }

    [Fact]
    public async Task An_exception_is_thrown_as_it_is_with_its_bill()
    {
        var cut = new ProviderException("fake", ProviderErrorKind.ContentFilter, "withheld") { PartialReply = new LlmReply("half") { Usage = new TokenUsage { InputTokens = 8, OutputTokens = 2 } } };
        var fake = new FakeProvider().FailNext(cut);
        await using var client = new LlmClient(fake);

        Assert.Same(cut, await Assert.ThrowsAsync<ProviderException>(() => client.CompleteTextAsync("?", cancellationToken: Cancel)));
        Assert.Equal(10, client.TotalTokens);
    }

    [Fact]
    public async Task Any_other_exception_is_the_providers_failure()
    {
        var fake = new FakeProvider().FailNext(r => new InvalidOperationException($"no {r.Model}"));
        await using var client = new LlmClient(fake);

        var error = await Assert.ThrowsAsync<ProviderException>(() => client.CompleteTextAsync("?", cancellationToken: Cancel));

        Assert.Equal(ProviderErrorKind.Unknown, error.Kind);
        Assert.Equal("no fake-model", error.InnerException!.Message);
    }

    [Fact]
    public async Task A_delay_runs_by_the_given_clock()
    {
        var time = new FakeTimeProvider();
        var fake = new FakeProvider(time) { Delay = TimeSpan.FromSeconds(2) }.ReplyText("done").DelayNext(TimeSpan.FromSeconds(1));
        await using var client = new LlmClient(fake, options: Options(time));

        var call = client.CompleteTextAsync("?", cancellationToken: Cancel);
        time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(TimeSpan.FromSeconds(3), (await call).Latency);
    }

    [Fact]
    public async Task A_delay_longer_than_the_time_limit_is_a_timeout_and_a_silent_target_is_not_asked_again()
    {
        var time = new FakeTimeProvider();
        var fake = new FakeProvider(time).DelayNext(TimeSpan.FromHours(1)).ReplyText("second");
        await using var client = new LlmClient(fake, new GatewayConfig { TimeoutSeconds = 5 }, Options(time));

        var error = await Assert.ThrowsAsync<ProviderException>(() => Advance(time, client.CompleteTextAsync("?", cancellationToken: Cancel), TimeSpan.FromSeconds(5)));

        Assert.Equal((ProviderErrorKind.Timeout, 1), (error.Kind, error.Attempts));
    }

    [Fact]
    public async Task A_cancelled_delay_ends_at_once()
    {
        using var stop = new CancellationTokenSource();
        var fake = new FakeProvider(new FakeTimeProvider()) { Delay = TimeSpan.FromDays(1) }.ReplyText("never");
        await using var client = new LlmClient(fake);

        var call = client.CompleteTextAsync("?", cancellationToken: stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Single(fake.Calls);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_fault_or_delay_that_never_happens_is_refused(int times)
    {
        var fake = new FakeProvider();
        Assert.Throws<ArgumentOutOfRangeException>(() => fake.FailNext(ProviderErrorKind.Timeout, times));
        Assert.Throws<ArgumentOutOfRangeException>(() => fake.DelayNext(TimeSpan.Zero, times));
        Assert.Throws<ArgumentOutOfRangeException>(() => fake.DelayNext(TimeSpan.FromSeconds(-1)));
    }

    private static LlmClientOptions Options(FakeTimeProvider time) => new() { Services = new ProviderServices { TimeProvider = time, Randomizer = () => 1 } };

    /// <summary>Lets the clock jump until the call is done. A jump may meet an attempt that was about to answer, so tests leave room for that.</summary>
    private static async Task<T> Advance<T>(FakeTimeProvider time, Task<T> call, TimeSpan step)
    {
        while (!call.IsCompleted)
        {
            time.Advance(step);
            await Task.Yield();
        }

        return await call;
    }
}
