using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Routing;

public sealed class HedgeTests
{
    private static readonly RouteHedge After2 = new() { After = TimeSpan.FromSeconds(2) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_target_answers_for_a_slow_first_one_which_is_ended_and_recorded()
    {
        var cancelled = false;
        var slow = new ScriptedProvider(async (_, _, token) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                cancelled = true;
            }

            return new LlmReply("never");
        })
        { Name = "a", DefaultModel = "a-1" };
        var fleet = Hedged(After2, slow, new ScriptedProvider("fast") { Name = "b", DefaultModel = "b-1" });

        var response = await fleet.RunAsync(fleet.Client.CompleteTextAsync("hi", cancellationToken: Token));

        Assert.Equal(("fast", "b", "r", true), (response.Content, response.Provider, response.Metadata.Route, cancelled));
        Assert.Equal([(1, CallOutcome.Cancelled, false), (2, CallOutcome.Succeeded, true)], response.Metadata.Attempts.Select(a => (a.Number, a.Outcome, a.IsHedge)));
        Assert.Equal("another target answered first", response.Metadata.Attempts[0].EndedBecause);
    }

    [Fact]
    public async Task A_first_target_that_is_fast_enough_is_asked_alone()
    {
        var second = new ScriptedProvider("never") { Name = "b", DefaultModel = "b-1" };
        var fleet = Hedged(After2, new ScriptedProvider("ok") { Name = "a", DefaultModel = "a-1" }, second);

        Assert.Equal("ok", (await fleet.RunAsync(fleet.Client.CompleteTextAsync("hi", cancellationToken: Token))).Content);
        Assert.Empty(second.Requests);
    }

    [Fact]
    public async Task Where_the_second_fails_the_first_is_still_waited_for()
    {
        Fleet? fleet = null;
        var slow = new ScriptedProvider(async (_, _, token) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(10), fleet!.Time, token);
            return new LlmReply("late");
        })
        { Name = "a", DefaultModel = "a-1" };
        fleet = Hedged(After2, slow, new ScriptedProvider(Replies.Error(ProviderErrorKind.ServerError)) { Name = "b", DefaultModel = "b-1" });

        var response = await fleet.RunAsync(fleet.Client.CompleteTextAsync("hi", cancellationToken: Token));

        Assert.Equal(("late", "a"), (response.Content, response.Provider));
        Assert.Equal([CallOutcome.Succeeded, CallOutcome.Failed], response.Metadata.Attempts.Select(a => a.Outcome));
    }

    [Fact]
    public async Task Where_both_fail_the_rest_of_the_rules_hold()
    {
        Fleet? fleet = null;
        fleet = Hedged(After2, Slow("a"), Slow("b"), new ScriptedProvider("third") { Name = "c", DefaultModel = "c-1" });

        var response = await fleet.RunAsync(fleet.Client.CompleteTextAsync("hi", cancellationToken: Token));

        Assert.Equal(("third", 3), (response.Content, response.Metadata.Attempts.Count));

        ScriptedProvider Slow(string name) => new(async (_, _, token) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(5), fleet!.Time, token);
            throw new ProviderException(name, ProviderErrorKind.Connection, "gone");
        })
        { Name = name, DefaultModel = $"{name}-1" };
    }

    [Fact]
    public async Task Where_the_second_has_no_room_for_the_conversation_a_smaller_model_is_not_asked_after_it()
    {
        Fleet? fleet = null;
        var first = new ScriptedProvider(async (_, _, token) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(5), fleet!.Time, token);
            throw new ProviderException("a", ProviderErrorKind.Connection, "gone");
        })
        { Name = "a", DefaultModel = "a-1" };
        var second = new ScriptedProvider(new ProviderException("b", ProviderErrorKind.ContextLength, "too long")) { Name = "b", DefaultModel = "b-1", Capabilities = new ModelCapabilities { ContextWindow = 1000 } };
        var smaller = new ScriptedProvider("never") { Name = "c", DefaultModel = "c-1", Capabilities = new ModelCapabilities { ContextWindow = 500 } };
        var larger = new ScriptedProvider("ok") { Name = "d", DefaultModel = "d-1", Capabilities = new ModelCapabilities { ContextWindow = 2000 } };
        fleet = Hedged(After2, first, second, smaller, larger);

        var response = await fleet.RunAsync(fleet.Client.CompleteTextAsync("hi", cancellationToken: Token));

        Assert.Equal(("ok", 0), (response.Content, smaller.Requests.Count));
        Assert.Equal(["c/c-1"], response.Metadata.SkippedTargets.Select(skipped => skipped.Target));
        Assert.Equal(2, fleet.Log.Count(17));
    }

    [Fact]
    public async Task A_stream_is_hedged_until_its_first_piece()
    {
        object[] whole = [new HeaderDelta { Model = "b-1" }, new TextDelta(0, "fast"), new UsageDelta(Replies.Tokens(1, 1)), new FinishDelta(FinishReason.Stop, null)];
        var slow = new StreamingProvider([new HeaderDelta { Model = "a-1" }, new Pause(TimeSpan.FromHours(5)), new TextDelta(0, "late")]) { Name = "a", DefaultModel = "a-1" };
        var fleet = Hedged(After2, slow, new StreamingProvider(whole) { Name = "b", DefaultModel = "b-1" });

        var (deltas, error) = await fleet.StreamAsync(Token);

        Assert.Null(error);
        Assert.Equal("fast", string.Concat(deltas.OfType<TextDelta>().Select(d => d.Text)));
        Assert.Equal(1, slow.Closed);
        Assert.Equal(2, ((ResponseDelta)deltas[^1]).Response.Metadata.Attempts.Count);
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_both()
    {
        using var cancellation = new CancellationTokenSource();
        var (first, second) = (Hangs("a"), Hangs("b"));
        var fleet = Hedged(After2, first, second);

        var call = fleet.Client.CompleteTextAsync("hi", cancellationToken: cancellation.Token);
        fleet.Time.Advance(TimeSpan.FromSeconds(3));
        await Bench.EventuallyAsync(() => second.Requests.Count == 1);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal((1, 1), (first.Requests.Count, second.Requests.Count));

        static ScriptedProvider Hangs(string name) => new(async (_, _, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return new LlmReply("never");
        })
        { Name = name, DefaultModel = $"{name}-1" };
    }

    private static Fleet Hedged(RouteHedge hedge, params ILlmProvider[] providers) => new(
        new GatewayConfig
        {
            Model = "r",
            Routes = [new RouteConfig { Name = "r", Hedge = hedge, Targets = [.. providers.Select(p => new RouteTarget { Vendor = p.Name, Model = p.DefaultModel })] }],
        },
        providers);
}
