using CsCheck;
using LlmGateway.Messages;
using LlmGateway.Routing.Rescue;

namespace LlmGateway.Tests.Routing.Rescue;

public class SpliceTests
{
    [Fact]
    public void A_fresh_answer_that_repeats_what_was_handed_out_is_the_reply_however_both_are_split()
        => Gen.Select(Streams.Reply, Streams.Sizes, Streams.Sizes, Gen.Int[0, 40]).Sample((reply, before, after, count) =>
        {
            var received = Streams.Fold(Streams.Split(Broken(reply), before).Take(count).Where(delta => delta is not FinishDelta));
            var (splice, output) = Run(received, Streams.Split(reply, after));
            Assert.Null(splice.Divergence);
            Assert.True(splice.HasJoined);
            Assert.Single(output, delta => delta is ContinuedDelta or RestartedDelta);
            foreach (var delta in output) received.Add(delta);
            AssertSame(reply, received.Build());
        });

    [Fact]
    public void Of_what_stands_nothing_comes_out_again()
        => Gen.Select(Streams.Text, Streams.Text, Streams.Sizes, Streams.Sizes).Sample((begun, rest, before, after) =>
        {
            var received = Streams.Fold(Streams.Split(new LlmReply(begun), before).Where(delta => delta is not FinishDelta));
            var (_, output) = Run(received, Streams.Split(new LlmReply(begun + rest), after));
            Assert.Equal(rest, string.Concat(output.OfType<TextDelta>().Select(delta => delta.Text)));
        });

    [Fact]
    public void An_answer_that_becomes_another_is_told_at_once_and_nothing_comes_out()
        => Gen.Select(Streams.Text, Streams.Text, Streams.Sizes).Sample((one, other, sizes) =>
        {
            if (other.StartsWith(one, StringComparison.Ordinal)) return;
            var same = one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
            var splice = new Splice(Streams.Fold([new TextDelta(0, one)]), "p", "m");
            var output = new Queue<LlmDelta>();
            var read = 0;
            foreach (var delta in Streams.Split(new LlmReply(other), sizes))
            {
                read += (delta as TextDelta)?.Text.Length ?? 0;
                Assert.Equal(read <= same && delta is not FinishDelta, splice.Add(delta, output));
                if (splice.Divergence is not null) break;
            }

            Assert.Equal(new Divergence(0, one, other[..read]), splice.Divergence);
            Assert.Empty(output);
        });

    [Theory]
    [InlineData("""{"a": 1, "b": 2}""", """{"b":2,"a":1}""", true)]
    [InlineData("""{"a": 1}""", """{"a":2}""", false)]
    [InlineData("""{"a": 1}""", """{}""", false)]
    [InlineData("""{"a": 1}""", """{"a": """, false)]
    public void A_call_that_was_handed_out_must_come_again_the_same(string handedOut, string fresh, bool same)
    {
        var received = Streams.Fold([new ToolCallDelta(0, "first", "f", handedOut)]);
        var (splice, output) = Run(received, [new ToolCallDelta(0, "second", "f", fresh), new ToolCallDelta(1, "third", "g", "{}"), new FinishDelta(FinishReason.ToolCalls, null)]);
        if (!same)
        {
            Assert.Equal(new Divergence(0, "f " + handedOut, ("f " + fresh).Trim()), splice.Divergence);
            Assert.Empty(output);
            return;
        }

        Assert.Equal([new ContinuedDelta("p", "m"), new ToolCallDelta(1, "third", "g", "{}"), new FinishDelta(FinishReason.ToolCalls, null)], output);
    }

    [Fact]
    public void Another_tool_is_told_at_once()
    {
        var (splice, output) = Run(Streams.Fold([new ToolCallDelta(0, "1", "f", "{}")]), [new ToolCallDelta(0, "1", "g", "")]);
        Assert.Equal(new Divergence(0, "f {}", "g"), splice.Divergence);
        Assert.Empty(output);
    }

    [Fact]
    public void Another_kind_of_part_is_another_answer()
    {
        var (splice, _) = Run(Streams.Fold([new TextDelta(0, "I look")]), [new ToolCallDelta(0, "1", "f", "{")]);
        Assert.Equal(new Divergence(0, "I look", "f {"), splice.Divergence);
    }

    [Fact]
    public void A_call_that_was_under_way_is_void_and_comes_again()
    {
        var received = Streams.Fold([new ThinkingDelta(0, "Hm."), new TextDelta(1, "I look"), new ToolCallDelta(2, "1", "f", """{"a":""")]);
        var (_, output) = Run(received, [new TextDelta(0, "I l"), new TextDelta(0, "ook."), new ToolCallDelta(1, "2", "g", "{}"), new FinishDelta(FinishReason.ToolCalls, null)]);
        Assert.Equal([new RestartedDelta(2, "p", "m"), new TextDelta(1, "."), new ToolCallDelta(2, "2", "g", "{}"), new FinishDelta(FinishReason.ToolCalls, null)], output);
        foreach (var delta in output) received.Add(delta);
        Assert.Equal([new TextPart("I look."), new ToolCallPart("2", "g", "{}")], received.Build().Parts);
    }

    [Fact]
    public void A_second_vendor_that_gives_the_same_id_to_another_call_gets_another()
    {
        var received = Streams.Fold([new ToolCallDelta(0, "call_1", "f", "{}")]);
        var (_, output) = Run(received, [new ToolCallDelta(0, "call_0", "f", "{}"), new ToolCallDelta(1, "call_1", "g", "{}"), new FinishDelta(FinishReason.ToolCalls, null)]);
        foreach (var delta in output) received.Add(delta);
        Assert.Equal([new ToolCallPart("call_1", "f", "{}"), new ToolCallPart("call_1_1", "g", "{}")], received.Build().Parts);
    }

    [Fact]
    public void A_whole_part_must_come_again_equal()
    {
        Assert.Null(Run(Streams.Fold([new PartDelta(0, new RawPart("gemini", """{"a":1}"""))]), [new PartDelta(0, new RawPart("gemini", """{ "a": 1 }"""))]).Splice.Divergence);
        Assert.Equal(new Divergence(0, "1", "2"), Run(Streams.Fold([new PartDelta(0, new RawPart("gemini", "1"))]), [new PartDelta(0, new RawPart("gemini", "2"))]).Splice.Divergence);
    }

    [Fact]
    public void A_stream_that_breaks_again_is_rescued_again()
        => Gen.Select(Streams.Reply, Streams.Sizes, Streams.Sizes, Gen.Int[0, 20], Gen.Int[0, 20]).Sample((reply, before, after, first, second) =>
        {
            var received = Streams.Fold(Streams.Split(Broken(reply), before).Take(first).Where(delta => delta is not FinishDelta));
            var (_, output) = Run(received, [.. Streams.Split(reply, after).Take(second).Where(delta => delta is not FinishDelta)]);
            foreach (var delta in output) received.Add(delta);
            (var splice, output) = Run(received, Streams.Split(reply, before));
            Assert.Null(splice.Divergence);
            foreach (var delta in output) received.Add(delta);
            AssertSame(reply, received.Build());
        });

    [Fact]
    public void Log_probabilities_are_the_fresh_answers_own()
    {
        var received = Streams.Fold([new TextDelta(0, "On"), new LogProbsDelta([new TokenLogProb("On", -1)])]);
        var (_, output) = Run(received, [new LogProbsDelta([new TokenLogProb("Once", -2)]), new TextDelta(0, "Once")]);
        foreach (var delta in output) received.Add(delta);
        Assert.Equal([new TokenLogProb("Once", -2)], received.Build().LogProbs);
    }

    /// <summary>The same answer of another vendor: other ids.</summary>
    private static LlmReply Broken(LlmReply reply) => reply with { Id = "broken", Model = "broken", RequestId = "broken", ServiceTier = "broken" };

    private static (Splice Splice, Queue<LlmDelta> Output) Run(ReplyBuilder received, List<LlmDelta> fresh)
    {
        var splice = new Splice(received, "p", "m");
        var output = new Queue<LlmDelta>();
        foreach (var delta in fresh)
        {
            if (!splice.Add(delta, output)) break;
        }

        return (splice, output);
    }

    private static void AssertSame(LlmReply expected, LlmReply actual)
    {
        Assert.Equal(expected.Parts.Where(part => part is not ThinkingPart).Select(Shown), actual.Parts.Select(Shown));
        Assert.Equal(expected with { Parts = [], Losses = [], LogProbs = [] }, actual with { Parts = [], Losses = [], LogProbs = [] });
        Assert.NotEmpty(actual.Losses);
    }

    private static LlmPart Shown(LlmPart part) => part is ToolCallPart call ? call with { Id = "" } : part;
}
