using LlmGateway.Messages;
using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Routing;

public sealed class RescueTests
{
    private static readonly ModelCapabilities Prefills = new() { Prefill = true };
    private static readonly UsageDelta Usage = new(Replies.Tokens(10, 5));
    private static readonly FinishDelta Finish = new(FinishReason.Stop, null);


    private static ProviderException Cut => new("a", ProviderErrorKind.Truncated, "a: the stream was cut.");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_target_goes_on_from_the_partial_answer()
    {
        var first = Streams("a", [Head("a"), new TextDelta(0, "Hello, "), Cut]);
        var second = Streams("b", Prefills, [Head("b"), new TextDelta(0, "world"), Usage, Finish]);
        var fleet = new Fleet(new GatewayConfig(), first, second);

        var (deltas, error) = await fleet.StreamAsync(Token);

        Assert.Null(error);
        var response = ((ResponseDelta)deltas[^1]).Response;
        Assert.Equal(("Hello, world", "b-1", "b"), (response.Content.Text, response.Model, response.Provider));
        Assert.Equal(new ContinuedDelta("b", "b-1"), Assert.Single(deltas.OfType<ContinuedDelta>()));
        Assert.Equal((LlmRole.Assistant, "Hello,"), (second.Requests[0].Messages[^1].Role, second.Requests[0].Messages[^1].Content));
        Assert.Equal((1, StreamRescue.Continue), (response.Metadata.Rescues, response.Metadata.Attempts[1].Rescue));
        Assert.Equal([CallOutcome.Failed, CallOutcome.Succeeded], response.Metadata.Attempts.Select(a => a.Outcome));
        Assert.True(response.Metadata.Attempts[0].Usage.IsEstimated);
        Assert.Equal(1, fleet.Log.Count(18));
    }

    [Fact]
    public async Task A_prefill_that_is_refused_is_never_the_callers_error_and_is_not_tried_again()
    {
        var refused = new ProviderException("b", ProviderErrorKind.InvalidRequest, "This model does not support assistant message prefill.") { HttpStatus = 400 };
        object[] dies = [Head("a"), new TextDelta(0, "Hello, "), Cut];
        object[] fresh = [Head("b"), new TextDelta(0, "Hello, world"), Usage, Finish];
        var second = Streams("b", Prefills, [refused], fresh, fresh);
        var fleet = new Fleet(new GatewayConfig(), Streams("a", dies, dies), second);

        for (var call = 0; call < 2; call++)
        {
            var (deltas, error) = await fleet.StreamAsync(Token);

            Assert.Null(error);
            Assert.Equal("Hello, world", ((ResponseDelta)deltas[^1]).Response.Content.Text);
            Assert.Equal("Hello, world", string.Concat(deltas.OfType<TextDelta>().Select(d => d.Text)));
        }

        Assert.Equal([true, false, false], second.Requests.Select(r => r.Messages[^1].Role == LlmRole.Assistant));
    }

    [Fact]
    public async Task A_fresh_answer_is_joined_where_it_goes_beyond_what_was_handed_out()
    {
        var first = Streams("a", [Head("a"), new TextDelta(0, "Hel"), new TextDelta(0, "lo"), Cut]);
        var second = Streams("b", [Head("b"), new TextDelta(0, "H"), new TextDelta(0, "ello, wor"), new TextDelta(0, "ld"), Usage, Finish]);

        var (deltas, error) = await new Fleet(new GatewayConfig(), first, second).StreamAsync(Token);

        Assert.Null(error);
        Assert.Equal(["Hel", "lo", ", wor", "ld"], deltas.OfType<TextDelta>().Select(d => d.Text));
        Assert.Equal("Hello, world", ((ResponseDelta)deltas[^1]).Response.Content.Text);
    }

    [Fact]
    public async Task A_fresh_answer_that_is_another_ends_the_call_with_both_parts_and_both_are_paid_for()
    {
        var first = Streams("a", [Head("a"), new TextDelta(0, "Hello"), Cut]);
        var second = Streams("b", [Head("b"), new TextDelta(0, "Good "), new TextDelta(0, "day"), Usage, Finish]);
        var third = Streams("c", [Head("c"), new TextDelta(0, "Hello"), Usage, Finish]);

        var (deltas, error) = await new Fleet(new GatewayConfig(), first, second, third).StreamAsync(Token);

        var failure = Assert.IsType<ProviderException>(error);
        Assert.Equal((ProviderErrorKind.Truncated, "Hello", "Good "), (failure.Kind, failure.PartialReply!.Text, failure.DivergentReply!.Text));
        Assert.Equal(["Hello"], deltas.OfType<TextDelta>().Select(d => d.Text));
        Assert.Equal([CallOutcome.Failed, CallOutcome.Cancelled], failure.Record!.Attempts.Select(a => a.Outcome));
        Assert.Empty(third.Requests);
        Assert.Equal((1, 1), (first.Closed, second.Closed));
    }

    [Theory]
    [InlineData(StreamRescue.Off)]
    [InlineData(StreamRescue.Continue)]
    public async Task Without_a_way_to_go_on_the_error_goes_out_with_what_was_received(StreamRescue rescue)
    {
        var second = Streams("b", [Head("b"), new TextDelta(0, "never"), Usage, Finish]);
        var fleet = new Fleet(new GatewayConfig { StreamRescue = rescue }, Streams("a", [Head("a"), new TextDelta(0, "Hello"), Cut]), second);

        var (_, error) = await fleet.StreamAsync(Token);

        var failure = Assert.IsType<ProviderException>(error);
        Assert.Equal((ProviderErrorKind.Truncated, "Hello", 1, 0), (failure.Kind, failure.PartialReply!.Text, failure.Attempts, second.Requests.Count));
        Assert.Contains("LLM_STREAM_RESCUE", failure.Record!.Attempts[0].NextBecause!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_buffered_stream_that_dies_is_a_failed_attempt_like_any_other()
    {
        var first = Streams("a", [Head("a"), new TextDelta(0, "Good "), Cut]);
        var second = Streams("b", [Head("b"), new TextDelta(0, "Hello"), Usage, Finish]);

        var (deltas, error) = await new Fleet(new GatewayConfig { StreamRescue = StreamRescue.Buffer }, first, second).StreamAsync(Token);

        Assert.Null(error);
        Assert.Equal(["Hello"], deltas.OfType<TextDelta>().Select(d => d.Text));
        Assert.Equal(["b-1"], deltas.OfType<HeaderDelta>().Select(d => d.Model));
        Assert.Equal(0, ((ResponseDelta)deltas[^1]).Response.Metadata.Rescues);
    }

    [Fact]
    public async Task A_stream_that_dies_twice_is_rescued_twice()
    {
        var first = Streams("a", [Head("a"), new TextDelta(0, "one "), Cut]);
        var second = Streams("b", Prefills, [Head("b"), new TextDelta(0, "two "), new ProviderException("b", ProviderErrorKind.Overloaded, "busy")]);
        var third = Streams("c", [Head("c"), new TextDelta(0, "one two three"), Usage, Finish]);

        var (deltas, error) = await new Fleet(new GatewayConfig(), first, second, third).StreamAsync(Token);

        Assert.Null(error);
        var response = ((ResponseDelta)deltas[^1]).Response;
        Assert.Equal(("one two three", "c", 2, 3), (response.Content.Text, response.Provider, response.Metadata.Rescues, response.Metadata.Attempts.Count));
        Assert.Equal("one two three", string.Concat(deltas.OfType<TextDelta>().Select(d => d.Text)));
    }

    [Fact]
    public async Task Where_nobody_can_go_on_the_first_error_goes_out_and_says_so()
    {
        var first = Streams("a", [Head("a"), new TextDelta(0, "Hello"), Cut]);
        var second = Streams("b", [new ProviderException("b", ProviderErrorKind.Authentication, "b: no such key.")]);

        var (_, error) = await new Fleet(new GatewayConfig(), first, second).StreamAsync(Token);

        var failure = Assert.IsType<ProviderException>(error);
        Assert.Equal((ProviderErrorKind.Truncated, "a", "Hello"), (failure.Kind, failure.Provider, failure.PartialReply!.Text));
        Assert.Contains("Nobody could go on with it: b/b-1: b: no such key.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_handed_out_is_told_even_where_the_next_target_lacks_something()
    {
        var first = Streams("a", [Head("a"), new TextDelta(0, "Hello"), Cut]);
        var second = Streams("b", [new ProviderInitException("No key for b: set B_KEY.", "b", "B_KEY")]);

        var (_, error) = await new Fleet(new GatewayConfig(), first, second).StreamAsync(Token);

        var failure = Assert.IsType<ProviderException>(error);
        Assert.Equal((ProviderErrorKind.Truncated, "a", "Hello"), (failure.Kind, failure.Provider, failure.PartialReply!.Text));
        Assert.Contains("Nobody could go on with it: b/b-1: No key for b: set B_KEY.", failure.Message, StringComparison.Ordinal);
        Assert.Equal([CallOutcome.Failed, CallOutcome.Failed], failure.Record!.Attempts.Select(a => a.Outcome));
    }

    [Fact]
    public async Task A_tool_call_in_progress_begins_anew_and_folding_the_deltas_gives_the_reply()
    {
        var first = Streams("a", [Head("a"), new TextDelta(0, "Look: "), new ToolCallDelta(1, "c_1", "weather", """{"ci"""), Cut]);
        var second = Streams("b", Prefills, [Head("b"), new TextDelta(0, "Look: "), new ToolCallDelta(1, "c_2", "weather", """{"city":"Oslo"}"""), Usage, new FinishDelta(FinishReason.ToolCalls, null)]);

        var (deltas, error) = await new Fleet(new GatewayConfig(), first, second).StreamAsync(Token);

        Assert.Null(error);
        Assert.Equal(1, Assert.Single(deltas.OfType<RestartedDelta>()).FromIndex);
        var reply = ((ResponseDelta)deltas[^1]).Response.Content;
        Assert.Equal([new TextPart("Look: "), new ToolCallPart("c_2", "weather", """{"city":"Oslo"}""")], reply.Parts);
        var folded = new ReplyBuilder();
        foreach (var delta in deltas) folded.Add(delta);
        Assert.Equal(reply.Parts, folded.Build().Parts);
    }

    [Fact]
    public async Task Thoughts_are_never_mixed_between_vendors()
    {
        var first = Streams("a", [Head("a"), new ThinkingDelta(0, "a thinks"), new TextDelta(1, "Hello"), Cut]);
        var second = Streams("b", [Head("b"), new ThinkingDelta(0, "b thinks"), new TextDelta(1, "Hello, world"), Usage, Finish]);

        var (deltas, error) = await new Fleet(new GatewayConfig(), first, second).StreamAsync(Token);

        Assert.Null(error);
        var response = ((ResponseDelta)deltas[^1]).Response;
        Assert.Equal([new TextPart("Hello, world")], response.Content.Parts);
        Assert.Contains(response.Metadata.Losses, loss => loss.Contains("thoughts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_typed_answer_begins_anew()
    {
        var first = Streams("a", [Head("a"), new TextDelta(0, """{"value": [1, 2"""), Cut]);
        var second = Streams("b", [Head("b"), new TextDelta(0, """{"value": [4, 5]}"""), Usage, Finish]);
        var fleet = new Fleet(new GatewayConfig(), first, second);

        var deltas = await fleet.RunAsync(CollectAsync(fleet.Client.StreamAsync<int[]>("numbers", cancellationToken: Token)));

        Assert.Equal(new RestartedDelta<int[]>("b", "b-1"), Assert.Single(deltas.OfType<RestartedDelta<int[]>>()));
        Assert.Equal([4, 5], ((FinalDelta<int[]>)deltas[^1]).Response.Content);
    }

    [Fact]
    public async Task Items_that_were_handed_out_come_once_and_the_list_goes_on()
    {
        var first = Streams("a", [Head("a"), new TextDelta(0, """{"value": [1, 2, 3"""), Cut]);
        var second = Streams("b", [Head("b"), new TextDelta(0, """{"value": [1, 2, 30, 4]}"""), Usage, Finish]);
        var fleet = new Fleet(new GatewayConfig(), first, second);

        var items = await fleet.RunAsync(CollectAsync(fleet.Client.StreamItemsAsync<int>("numbers", cancellationToken: Token)));

        Assert.Equal([1, 2, 30, 4], items);
    }

    [Fact]
    public async Task Items_that_were_handed_out_and_come_as_others_end_the_stream()
    {
        var first = Streams("a", [Head("a"), new TextDelta(0, """{"value": [1, 2, 3"""), Cut]);
        var second = Streams("b", [Head("b"), new TextDelta(0, """{"value": [1, 20, 3, 4]}"""), Usage, Finish]);
        var fleet = new Fleet(new GatewayConfig(), first, second);

        var error = await Assert.ThrowsAsync<ResponseValidationException>(() => fleet.RunAsync(CollectAsync(fleet.Client.StreamItemsAsync<int>("numbers", cancellationToken: Token))));

        Assert.Contains("/1", error.Message, StringComparison.Ordinal);
    }

    private static async Task<List<T>> CollectAsync<T>(IAsyncEnumerable<T> stream)
    {
        var all = new List<T>();
        await foreach (var one in stream) all.Add(one);
        return all;
    }

    private static HeaderDelta Head(string name) => new() { Id = $"r_{name}", Model = $"{name}-1" };

    private static StreamingProvider Streams(string name, params object[][] attempts) => Streams(name, ModelCapabilities.Basic, attempts);

    private static StreamingProvider Streams(string name, ModelCapabilities capabilities, params object[][] attempts)
        => new(attempts) { Name = name, DefaultModel = $"{name}-1", Capabilities = capabilities };
}
