using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Routing;

public sealed class RetryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ProviderErrorKind.RateLimited, true)]
    [InlineData(ProviderErrorKind.Overloaded, true)]
    [InlineData(ProviderErrorKind.ServerError, true)]
    [InlineData(ProviderErrorKind.Timeout, false)]
    [InlineData(ProviderErrorKind.Connection, true)]
    [InlineData(ProviderErrorKind.Unknown, false)]
    [InlineData(ProviderErrorKind.Authentication, false)]
    [InlineData(ProviderErrorKind.Billing, false)]
    [InlineData(ProviderErrorKind.NotFound, false)]
    [InlineData(ProviderErrorKind.InvalidRequest, false)]
    [InlineData(ProviderErrorKind.RequestTooLarge, false)]
    [InlineData(ProviderErrorKind.ContextLength, false)]
    [InlineData(ProviderErrorKind.ContentFilter, false)]
    [InlineData(ProviderErrorKind.Refusal, false)]
    [InlineData(ProviderErrorKind.Truncated, false)]
    [InlineData(ProviderErrorKind.MalformedReply, false)]
    [InlineData(ProviderErrorKind.CliNotFound, false)]
    public async Task Only_what_can_pass_is_tried_again(ProviderErrorKind kind, bool isRetried)
    {
        var provider = new ScriptedProvider(Replies.Error(kind), "ok");
        var bench = new Bench(provider);

        var call = bench.RunAsync(bench.Client.CompleteTextAsync("hi", cancellationToken: Token));

        if (isRetried) Assert.Equal("ok", (await call).Content);
        else Assert.Equal(kind, (await Assert.ThrowsAsync<ProviderException>(() => call)).Kind);
        Assert.Equal(isRetried ? 2 : 1, provider.Requests.Count);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 3)]
    [InlineData(9, 3)]
    public async Task At_most_one_request_and_the_retries_leave_for_one_ask_and_three_to_one_target(int maxRetries, int requests)
    {
        var provider = new ScriptedProvider((_, _, _) => Task.FromException<LlmReply>(Replies.Error(ProviderErrorKind.Overloaded)));
        var bench = new Bench(provider, new GatewayConfig { MaxRetries = maxRetries });

        var error = await Assert.ThrowsAsync<ProviderException>(() => bench.RunAsync(bench.Client.CompleteTextAsync("hi", cancellationToken: Token)));

        Assert.Equal((requests, requests), (provider.Requests.Count, error.Attempts));
        Assert.Equal(Enumerable.Range(1, requests), error.Record!.Attempts.Select(a => a.Number));
        Assert.All(error.Record.Attempts, a => Assert.Equal((0, CallOutcome.Failed, ProviderErrorKind.Overloaded), (a.Ask, a.Outcome, a.ErrorKind)));
        Assert.Equal(requests - 1, bench.Log.Count(4));
        if (maxRetries > 0) Assert.Contains($"({requests} requests were made.)", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Full jitter: anything from nothing to a ceiling that doubles.</summary>
    [Theory]
    [InlineData(0.0, 0.0, 0.0)]
    [InlineData(0.5, 0.25, 0.5)]
    [InlineData(0.99, 0.495, 0.99)]
    public async Task Waits_are_left_to_chance_under_a_ceiling_that_doubles(double chance, double first, double second)
    {
        var provider = new ScriptedProvider((_, _, _) => Task.FromException<LlmReply>(Replies.Error(ProviderErrorKind.Overloaded)));
        var bench = new Bench(provider, randomizer: () => chance);

        var error = await Assert.ThrowsAsync<ProviderException>(() => bench.RunAsync(bench.Client.CompleteTextAsync("hi", cancellationToken: Token)));

        Assert.Equal([first, second], error.Record!.Attempts.Take(2).Select(a => a.RetryDelay?.TotalSeconds ?? 0));
        Assert.Null(error.Record.Attempts[^1].RetryDelay);
    }

    [Fact]
    public async Task Retries_and_re_asks_are_counted_apart()
    {
        var busy = Replies.Error(ProviderErrorKind.Overloaded);
        var provider = new ScriptedProvider(busy, "not json", busy, """{"value":4}""");
        var bench = new Bench(provider, new GatewayConfig { MaxRetries = 2 });

        var response = await bench.RunAsync(bench.Client.CompleteAsync<int>("2 + 2?", cancellationToken: Token));

        Assert.Equal((4, 4, 1), (response.Content, provider.Requests.Count, response.Metadata.Reasks));
        Assert.Equal([0, 0, 1, 1], response.Metadata.Attempts.Select(a => a.Ask));
        Assert.Equal(
            [CallOutcome.Failed, CallOutcome.Invalid, CallOutcome.Failed, CallOutcome.Succeeded],
            response.Metadata.Attempts.Select(a => a.Outcome));
    }

    /// <summary>With retries for each ask anew, two busy moments in each of three asks would make nine requests.</summary>
    [Fact]
    public async Task Re_asks_do_not_multiply_retries()
    {
        var busy = Replies.Error(ProviderErrorKind.Overloaded);
        var provider = new ScriptedProvider(busy, "bad", busy, "bad", busy, "never");
        var bench = new Bench(provider, new GatewayConfig { MaxRetries = 2, MaxReasks = 2 });

        var error = await Assert.ThrowsAsync<ProviderException>(() => bench.RunAsync(bench.Client.CompleteAsync<int>("2 + 2?", cancellationToken: Token)));

        Assert.Equal((ProviderErrorKind.Overloaded, 5), (error.Kind, provider.Requests.Count)); // 1 + 2 retries + 2 re-asks.
    }

    [Fact]
    public async Task The_vendors_wait_is_kept_to_the_second()
    {
        var provider = new ScriptedProvider(Replies.Error(ProviderErrorKind.RateLimited, TimeSpan.FromSeconds(7)), "ok");
        var bench = new Bench(provider);

        var call = bench.Client.CompleteTextAsync("hi", cancellationToken: Token);
        bench.Time.Advance(TimeSpan.FromSeconds(6.9));
        await Task.Yield();
        Assert.Single(provider.Requests);
        var response = await bench.RunAsync(call);

        Assert.Equal(TimeSpan.FromSeconds(7), response.Metadata.Attempts[0].RetryDelay);
    }

    [Fact]
    public async Task A_wait_of_a_minute_is_waited_and_a_longer_one_is_an_error_at_once_that_says_so()
    {
        var patient = new Bench(new ScriptedProvider(Replies.Error(ProviderErrorKind.RateLimited, TimeSpan.FromSeconds(60)), "ok"));
        Assert.Equal("ok", (await patient.RunAsync(patient.Client.CompleteTextAsync("hi", cancellationToken: Token))).Content);

        var provider = new ScriptedProvider(Replies.Error(ProviderErrorKind.RateLimited, TimeSpan.FromSeconds(61)), "ok");
        var bench = new Bench(provider);
        var error = await Assert.ThrowsAsync<ProviderException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));

        Assert.Equal((ProviderErrorKind.RateLimited, TimeSpan.FromSeconds(61), 1), (error.Kind, error.RetryAfter, provider.Requests.Count));
        Assert.Contains("61 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_a_timeout_and_a_silent_target_is_not_asked_again()
    {
        var provider = new ScriptedProvider(async (number, _, token) =>
        {
            if (number == 0) await Task.Delay(Timeout.Infinite, token);
            return new LlmReply("ok");
        });
        var bench = new Bench(provider, new GatewayConfig { TimeoutSeconds = 5 });

        var error = await Assert.ThrowsAsync<ProviderException>(() => bench.RunAsync(bench.Client.CompleteTextAsync("hi", cancellationToken: Token)));

        Assert.Equal([ProviderErrorKind.Timeout], error.Record!.Attempts.Select(a => a.ErrorKind));
        Assert.Equal(TimeSpan.FromSeconds(5), error.Record.Attempts[0].Latency);
        Assert.Contains("did not answer within 5 s (LLM_TIMEOUT_SECONDS)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_providers_own_time_limit_is_a_timeout_too()
    {
        var bench = new Bench(new ScriptedProvider(new TaskCanceledException("its own")), new GatewayConfig { MaxRetries = 0 });

        var error = await Assert.ThrowsAsync<ProviderException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));

        Assert.Equal(ProviderErrorKind.Timeout, error.Kind);
    }

    [Fact]
    public async Task Cancellation_ends_a_request_at_once()
    {
        using var cancellation = new CancellationTokenSource();
        var provider = new ScriptedProvider(async (_, _, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return new LlmReply("never");
        });
        var bench = new Bench(provider);

        var call = bench.Client.CompleteTextAsync("hi", cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Single(provider.Requests);
        Assert.Equal(1, bench.Client.CallCount);
    }

    [Fact]
    public async Task Cancellation_ends_a_wait_at_once()
    {
        using var cancellation = new CancellationTokenSource();
        var provider = new ScriptedProvider(Replies.Error(ProviderErrorKind.RateLimited, TimeSpan.FromSeconds(30)), "never");
        var bench = new Bench(provider);

        var call = bench.Client.CompleteTextAsync("hi", cancellationToken: cancellation.Token);
        await Bench.EventuallyAsync(() => bench.Log.Count(4) == 1);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Single(provider.Requests);
    }

    [Fact]
    public async Task A_call_cancelled_beforehand_sends_nothing()
    {
        var provider = new ScriptedProvider("never");
        var bench = new Bench(provider);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal((0, 0), (provider.Requests.Count, bench.Client.CallCount));
    }

    [Fact]
    public async Task Any_other_exception_is_wrapped_and_not_tried_again()
    {
        var provider = new ScriptedProvider(new FormatException("odd"), "never");
        var bench = new Bench(provider);

        var error = await Assert.ThrowsAsync<ProviderException>(() => bench.Client.CompleteTextAsync("hi", cancellationToken: Token));

        Assert.Equal((ProviderErrorKind.Unknown, 1), (error.Kind, provider.Requests.Count));
        Assert.IsType<FormatException>(error.InnerException);
        Assert.Contains("FormatException: odd", error.Message, StringComparison.Ordinal);
    }
}
