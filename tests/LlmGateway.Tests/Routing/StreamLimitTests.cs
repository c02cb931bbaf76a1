using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Routing;

public sealed class StreamLimitTests
{
    private static readonly HeaderDelta Head = new() { Id = "r_1", Model = "a-1" };
    private static readonly UsageDelta Usage = new(Replies.Tokens(10, 5));
    private static readonly FinishDelta Finish = new(FinishReason.Stop, null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_late_first_token_moves_the_call_to_the_next_target_after_10_seconds()
    {
        var (first, second) = (Streams("a", [Head, Silence]), Streams("b", Whole("ok")));
        var fleet = new Fleet(new GatewayConfig(), first, second);

        var (deltas, error) = await fleet.StreamAsync(Token);

        Assert.Null(error);
        var record = Record(deltas);
        Assert.Equal(("b", 1, 1), (record.Provider, first.Requests.Count, second.Requests.Count));
        Assert.Equal(ProviderErrorKind.Timeout, record.Attempts[0].ErrorKind);
        Assert.True(record.Attempts[0].Latency >= TimeSpan.FromSeconds(10));
        Assert.Contains("no token within 10 s (LLM_FIRST_TOKEN_TIMEOUT_SECONDS)", record.Attempts[0].EndedBecause!, StringComparison.Ordinal);
        Assert.Equal(1, first.Closed);
    }

    [Fact]
    public async Task A_limit_is_named_whole_even_where_a_sign_of_life_has_used_up_some_of_it()
    {
        var fleet = new Fleet(new GatewayConfig(), Streams("a", [After(4), Head, Silence]), Streams("b", Whole("ok")));

        var (deltas, error) = await fleet.StreamAsync(Token);

        Assert.Null(error);
        Assert.Contains("no token within 10 s (LLM_FIRST_TOKEN_TIMEOUT_SECONDS)", Record(deltas).Attempts[0].EndedBecause!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_another_target_a_late_first_token_is_waited_for_until_the_attempts_time()
    {
        var fleet = new Fleet(new GatewayConfig { TimeoutSeconds = 60 }, Streams("a", [Head, After(59), .. Whole("late")]));

        var (deltas, error) = await fleet.StreamAsync(Token);

        Assert.Null(error);
        Assert.Equal("late", ((ResponseDelta)deltas[^1]).Response.Content.Text);
    }

    [Fact]
    public async Task A_limit_that_is_set_holds_without_another_target_too()
    {
        var fleet = new Fleet(new GatewayConfig { FirstTokenTimeoutSeconds = 3 }, Streams("a", [Head, Silence]));

        var (_, error) = await fleet.StreamAsync(Token);

        Assert.Equal(ProviderErrorKind.Timeout, Assert.IsType<ProviderException>(error).Kind);
        Assert.Contains("no token within 3 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_stalls_is_cut_after_15_seconds_and_the_error_holds_what_came()
    {
        var fleet = new Fleet(new GatewayConfig(), Streams("a", [Head, new TextDelta(0, "Hel"), Silence]));

        var (deltas, error) = await fleet.StreamAsync(Token);

        var failure = Assert.IsType<ProviderException>(error);
        Assert.Equal((ProviderErrorKind.Timeout, "Hel"), (failure.Kind, failure.PartialReply!.Text));
        Assert.Contains("sent nothing for 15 s in the middle of its answer (LLM_IDLE_TIMEOUT_SECONDS)", failure.Message, StringComparison.Ordinal);
        Assert.Equal("Hel", Assert.Single(deltas.OfType<TextDelta>()).Text);
    }

    [Fact]
    public async Task A_ping_and_a_thought_are_life()
    {
        var fleet = new Fleet(new GatewayConfig(), Streams("a",
        [
            Head, new TextDelta(0, "one"), After(14), HeaderDelta.Alive, After(14), new ThinkingDelta(1, "hm"), After(14), HeaderDelta.Alive, After(14), new TextDelta(2, "two"), Usage, Finish,
        ]));

        var (deltas, error) = await fleet.StreamAsync(Token);

        Assert.Null(error);
        Assert.Equal("onetwo", ((ResponseDelta)deltas[^1]).Response.Content.Text);
        Assert.DoesNotContain(deltas, delta => ReferenceEquals(delta, HeaderDelta.Alive));
    }

    [Fact]
    public async Task Pings_alone_do_not_hold_a_stream_open_for_ever()
    {
        var pings = Enumerable.Range(0, 100).SelectMany(_ => new object[] { After(14), HeaderDelta.Alive });
        var fleet = new Fleet(new GatewayConfig { TimeoutSeconds = 60 }, Streams("a", [Head, new TextDelta(0, "one"), .. pings]));

        var (_, error) = await fleet.StreamAsync(Token);

        Assert.Equal(ProviderErrorKind.Timeout, Assert.IsType<ProviderException>(error).Kind);
        Assert.Contains("sends next to nothing", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drip_of_tokens_is_cut()
    {
        var drip = Enumerable.Range(0, 1000).SelectMany(_ => new object[] { After(10), new TextDelta(0, "x") });
        var fleet = new Fleet(new GatewayConfig { TimeoutSeconds = 60 }, Streams("a", [Head, new TextDelta(0, "one"), .. drip]));

        var (_, error) = await fleet.StreamAsync(Token);

        Assert.Equal(ProviderErrorKind.Timeout, Assert.IsType<ProviderException>(error).Kind);
        Assert.Contains("sends next to nothing", error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, true)]
    public async Task A_model_that_thinks_is_given_the_attempts_time(bool asked, bool? unasked)
    {
        var first = new StreamingProvider([Head, After(40), new ThinkingDelta(0, "hm"), After(40), new TextDelta(1, "ok"), Usage, Finish])
        {
            Name = "a",
            Capabilities = new ModelCapabilities { ThinksUnasked = unasked },
        };
        var fleet = new Fleet(new GatewayConfig { TimeoutSeconds = 60 }, first, Streams("b", Whole("never")));
        var options = asked ? new LlmCallOptions { Reasoning = new LlmReasoning { Enabled = true } } : null;

        var deltas = await fleet.RunAsync(CollectAsync(fleet.Client.StreamAsync("hi", options, Token)));

        Assert.Equal(("a", "ok"), (Record(deltas).Provider, ((ResponseDelta)deltas[^1]).Response.Content.Text));
    }

    [Fact]
    public async Task A_slow_reader_is_no_fault_of_the_vendors()
    {
        var fleet = new Fleet(new GatewayConfig(), Streams("a", Whole("one", "two", "three")));

        var text = "";
        await foreach (var delta in fleet.Client.StreamAsync("hi", cancellationToken: Token))
        {
            fleet.Time.Advance(TimeSpan.FromMinutes(10));
            text += (delta as TextDelta)?.Text;
        }

        Assert.Equal("onetwothree", text);
    }

    [Fact]
    public async Task The_time_for_the_call_ends_a_stream()
    {
        var pieces = Enumerable.Range(0, 100).SelectMany(_ => new object[] { After(1), new TextDelta(0, "long words") });
        var fleet = new Fleet(new GatewayConfig { DeadlineSeconds = 20 }, Streams("a", [Head, .. pieces]), Streams("b", Whole("never")));

        var (deltas, error) = await fleet.StreamAsync(Token);

        var failure = Assert.IsType<ProviderException>(error);
        Assert.Equal((ProviderErrorKind.Timeout, 1), (failure.Kind, failure.Attempts));
        Assert.Contains("LLM_DEADLINE_SECONDS", failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(deltas.OfType<TextDelta>());
    }

    private static async Task<List<LlmDelta>> CollectAsync(IAsyncEnumerable<LlmDelta> stream)
    {
        var deltas = new List<LlmDelta>();
        await foreach (var delta in stream) deltas.Add(delta);
        return deltas;
    }

    private static CallRecord Record(List<LlmDelta> deltas) => ((ResponseDelta)deltas[^1]).Response.Metadata;

    private static Func<CancellationToken, Task> Silence => token => Task.Delay(Timeout.Infinite, token);

    private static object[] Whole(params string[] pieces) => [Head, .. pieces.Select(piece => new TextDelta(0, piece)), Usage, Finish];

    private static Pause After(int seconds) => new(TimeSpan.FromSeconds(seconds));

    private static StreamingProvider Streams(string name, object[] steps) => new(steps) { Name = name, DefaultModel = $"{name}-1" };
}
