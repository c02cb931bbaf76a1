using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Client;

public class StreamTests
{
    private static readonly HeaderDelta Head = new() { Id = "r1", Model = "fake-1-2026", RequestId = "req_1" };
    private static readonly FinishDelta Stop = new(FinishReason.Stop, "end_turn");
    private static readonly UsageDelta Usage = new(Replies.Tokens(10, 5));
    private static readonly HeaderDelta Cost = new() { ReportedCostUsd = 0.25m };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pieces_come_in_order_and_the_whole_reply_with_its_record_last()
    {
        var provider = new StreamingProvider([Head, new TextDelta(0, "Hel"), new TextDelta(0, "lo"), Usage, Cost, Stop]);
        var bench = new Bench(provider);

        var (deltas, error) = await CollectAsync(bench, bench.Client.StreamAsync("Hi", cancellationToken: Token));

        Assert.Null(error);
        Assert.Equal(["Hel", "lo"], deltas.OfType<TextDelta>().Select(d => d.Text));
        var response = Assert.IsType<ResponseDelta>(deltas[^1]).Response;
        Assert.Equal("Hello", response.Content.Text);
        Assert.Equal("fake-1-2026", response.Model);
        Assert.Equal(0.25m, response.Usage.TotalCostUsd);
        Assert.Equal(15, bench.Client.TotalTokens);
        Assert.Equal(1, bench.Client.CallCount);
        Assert.True(response.Metadata.IsStreamed);
        Assert.Equal("r1", response.Metadata.ResponseId);
        Assert.Equal("req_1", Assert.Single(response.Metadata.Attempts).RequestId);
        Assert.True(provider.Requests[0].Stream);
    }

    [Fact]
    public async Task A_provider_that_does_not_stream_gives_its_reply_in_pieces_at_its_end()
    {
        var bench = new Bench(new ScriptedProvider(Replies.Tool("{}", "c9", "look")));

        var (deltas, _) = await CollectAsync(bench, bench.Client.StreamAsync("Hi", cancellationToken: Token));

        Assert.Equal(new ToolCallDelta(0, "c9", "look", "{}"), Assert.Single(deltas.OfType<ToolCallDelta>()));
        Assert.Equal(FinishReason.ToolCalls, Assert.IsType<ResponseDelta>(deltas[^1]).Response.Content.FinishReason);
    }

    [Fact]
    public async Task A_failure_before_the_first_piece_is_retried_and_its_headers_are_not_handed_out()
    {
        var provider = new StreamingProvider(
            [new HeaderDelta { Id = "lost" }, Replies.Error(ProviderErrorKind.Overloaded)],
            [Head, new TextDelta(0, "Hello"), Usage, Stop]);
        var bench = new Bench(provider);

        var (deltas, error) = await CollectAsync(bench, bench.Client.StreamAsync("Hi", cancellationToken: Token));

        Assert.Null(error);
        Assert.DoesNotContain(deltas.OfType<HeaderDelta>(), d => d.Id == "lost");
        var record = Assert.IsType<ResponseDelta>(deltas[^1]).Response.Metadata;
        Assert.Equal([CallOutcome.Failed, CallOutcome.Succeeded], record.Attempts.Select(a => a.Outcome));
        Assert.Equal(2, provider.Closed);
    }

    [Fact]
    public async Task A_failure_after_the_first_piece_is_not_retried_and_carries_what_was_received_with_an_estimate_of_its_tokens()
    {
        var provider = new StreamingProvider([Head, new TextDelta(0, "Hel"), Replies.Error(ProviderErrorKind.Overloaded)]);
        var bench = new Bench(provider);

        var (deltas, error) = await CollectAsync(bench, bench.Client.StreamAsync("What is it?", cancellationToken: Token));

        Assert.Equal(["Hel"], deltas.OfType<TextDelta>().Select(d => d.Text));
        var failure = Assert.IsType<ProviderException>(error);
        Assert.Equal(ProviderErrorKind.Overloaded, failure.Kind);
        Assert.Equal("Hel", failure.PartialReply!.Text);
        Assert.True(failure.PartialReply.Usage!.IsEstimated);
        var attempt = Assert.Single(failure.Record!.Attempts);
        Assert.Equal(3, attempt.Usage.InputTokens); // 11 characters, 4 a token.
        Assert.Equal(1, attempt.Usage.OutputTokens);
        Assert.True(attempt.Usage.IsEstimated);
        Assert.Equal(4, bench.Client.TotalTokens);
    }

    [Fact]
    public async Task A_stream_that_ends_without_a_finish_reason_is_truncated()
    {
        var bench = new Bench(new StreamingProvider([Head, new TextDelta(0, "Hel"), Usage]));

        var (_, error) = await CollectAsync(bench, bench.Client.StreamAsync("Hi", cancellationToken: Token));

        var failure = Assert.IsType<ProviderException>(error);
        Assert.Equal(ProviderErrorKind.Truncated, failure.Kind);
        Assert.Equal("Hel", failure.PartialReply!.Text);
        Assert.Equal(15, failure.Record!.Usage.TotalTokens);
        Assert.Equal(CallOutcome.Failed, failure.Record.Outcome);
    }

    [Fact]
    public async Task Leaving_the_loop_closes_the_stream_and_books_what_was_received()
    {
        var provider = new StreamingProvider([Head, new TextDelta(0, "Hel"), new TextDelta(0, "lo"), Usage, Stop]);
        var bench = new Bench(provider);

        await foreach (var delta in bench.Client.StreamAsync("Hi", cancellationToken: Token))
        {
            if (delta is TextDelta) break;
        }

        Assert.Equal(1, provider.Closed);
        Assert.Equal(2, bench.Client.TotalTokens); // "Hi" and "Hel", a token each.
        Assert.Equal(1, bench.Client.CallCount);
        Assert.Contains(bench.Log.Lines, line => line.Text.Contains("Cancelled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancelling_ends_the_stream_at_once()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Func<CancellationToken, Task> forever = token => Task.Delay(Timeout.Infinite, token);
        var provider = new StreamingProvider([Head, new TextDelta(0, "Hel"), forever]);
        var bench = new Bench(provider);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var delta in bench.Client.StreamAsync("Hi", cancellationToken: source.Token))
            {
                if (delta is TextDelta) await source.CancelAsync();
            }
        });

        Assert.Equal(1, provider.Closed);
        Assert.Equal(2, bench.Client.TotalTokens);
    }

    [Fact]
    public async Task The_time_limit_is_the_longest_silence_not_the_length_of_the_stream()
    {
        Bench? bench = null;
        Func<CancellationToken, Task> After(int seconds) => token =>
        {
            bench!.Time.Advance(TimeSpan.FromSeconds(seconds));
            token.ThrowIfCancellationRequested();
            return Task.CompletedTask;
        };
        var provider = new StreamingProvider([Head, After(40), new TextDelta(0, "a"), After(40), new TextDelta(0, "b"), After(40), Usage, After(61)]);
        bench = new Bench(provider, new GatewayConfig { TimeoutSeconds = 60, IdleTimeoutSeconds = 60 });

        var (deltas, error) = await CollectAsync(bench.Client.StreamAsync("Hi", cancellationToken: Token));

        Assert.Equal(["a", "b"], deltas.OfType<TextDelta>().Select(d => d.Text));
        var failure = Assert.IsType<ProviderException>(error);
        Assert.Equal(ProviderErrorKind.Timeout, failure.Kind);
        Assert.Equal("ab", failure.PartialReply!.Text);
        Assert.Equal(TimeSpan.FromSeconds(40), failure.Record!.TimeToFirstToken);
        Assert.Equal(TimeSpan.FromSeconds(181), failure.Record.Latency);
    }

    [Fact]
    public async Task A_limit_that_is_reached_refuses_a_stream_before_anything_is_sent()
    {
        var provider = new StreamingProvider([Head, new TextDelta(0, "a"), Usage, Cost, Stop], [Head, Stop]);
        var bench = new Bench(provider, new GatewayConfig { CostLimitUsd = 0.2m, BudgetReserve = BudgetReserve.Estimate });
        await CollectAsync(bench, bench.Client.StreamAsync("Hi", cancellationToken: Token));

        var (_, error) = await CollectAsync(bench, bench.Client.StreamAsync("Hi", cancellationToken: Token));

        Assert.IsType<CostLimitExceededException>(error);
        Assert.Single(provider.Requests);
    }

    [Fact]
    public async Task An_empty_answer_that_was_finished_is_whole()
    {
        var bench = new Bench(new StreamingProvider([Head, Usage, Stop]));

        var (deltas, error) = await CollectAsync(bench, bench.Client.StreamAsync("Hi", cancellationToken: Token));

        Assert.Null(error);
        Assert.Empty(Assert.IsType<ResponseDelta>(deltas[^1]).Response.Content.Parts);
        Assert.Contains(deltas, d => d is FinishDelta);
    }

    private static Task<(List<LlmDelta> Deltas, Exception? Error)> CollectAsync(Bench bench, IAsyncEnumerable<LlmDelta> stream) => bench.RunAsync(CollectAsync(stream));

    private static async Task<(List<LlmDelta> Deltas, Exception? Error)> CollectAsync(IAsyncEnumerable<LlmDelta> stream)
    {
        var deltas = new List<LlmDelta>();
        try
        {
            await foreach (var delta in stream) deltas.Add(delta);
            return (deltas, null);
        }
        catch (Exception e)
        {
            return (deltas, e);
        }
    }
}
