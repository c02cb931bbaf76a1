using System.Text.Json;
using CsCheck;
using LlmGateway.Messages;
using LlmGateway.Routing.Rescue;

namespace LlmGateway.Tests.Routing.Rescue;

public class ContinuationTests
{
    private static readonly ModelCapabilities Takes = new() { Prefill = true };

    private static readonly LlmRequest Request = new() { Model = "m", Messages = [LlmMessage.User("Tell.")], MaxTokens = 100 };

    [Fact]
    public void Whatever_the_text_and_the_cut_a_model_that_goes_on_exactly_makes_the_whole_text()
        => Gen.Select(Streams.Text, Gen.Int[0, 40], Streams.Sizes, Streams.Sizes, Gen.Bool).Sample((text, at, before, after, thinks) =>
        {
            var cut = Math.Min(at, text.Length);
            var received = Received(text[..cut], before, thinks);
            if (Continuation.Compose(Request, received.Build(), Takes) is not { } request)
            {
                Assert.Equal("", Continuation.SentPart(text[..cut]));
                return;
            }

            var sent = request.Messages[^1].Content;
            Assert.Equal(sent.TrimEnd(), sent);
            Go(received, Streams.Split(new LlmReply(text[sent.Length..]), after));
            Assert.Equal(text, received.Build().Text);
        });

    [Fact]
    public void A_model_that_does_not_repeat_the_white_space_loses_nothing()
        => Gen.Select(Streams.Text, Streams.Text, Streams.Sizes).Sample((handedOut, rest, sizes) =>
        {
            var begun = "a" + handedOut;
            if (rest[0] == begun[Continuation.SentPart(begun).Length..].FirstOrDefault()) return;
            var received = Received(begun, sizes, thinks: false);
            Go(received, Streams.Split(new LlmReply(rest), sizes));
            Assert.Equal(begun + rest, received.Build().Text);
        });

    [Fact]
    public void The_text_goes_last_without_thoughts_and_the_limit_holds_for_the_whole()
    {
        var partial = Received("12345678 ", [3], thinks: true).Build();
        var request = Continuation.Compose(Request, partial, Takes)!;
        Assert.Equal([LlmRole.User, LlmRole.Assistant], request.Messages.Select(message => message.Role));
        Assert.Equal([new TextPart("12345678")], request.Messages[1].Parts);
        Assert.Equal(97, request.MaxTokens);
        Assert.Equal(1, Continuation.Compose(Request with { MaxTokens = 2 }, partial, Takes)!.MaxTokens);
        Assert.Null(Continuation.Compose(Request with { MaxTokens = null }, partial, Takes)!.MaxTokens);
    }

    [Fact]
    public void A_beginning_of_the_callers_own_goes_on_in_what_the_model_wrote()
    {
        var begun = Request with { Messages = [LlmMessage.User("Tell."), LlmMessage.Assistant("Once ")] };
        var request = Continuation.Compose(begun, new LlmReply("upon a "), Takes)!;
        Assert.Equal(["Tell.", "Once upon a"], request.Messages.Select(message => message.Content));
        Assert.Null(Continuation.Compose(Request with { Messages = [LlmMessage.User("Tell."), new LlmMessage(LlmRole.Assistant, [new ThinkingPart("Hm.")])] }, new LlmReply("upon"), Takes));
    }

    [Fact]
    public void What_cannot_be_gone_on_with_is_not_asked_for()
    {
        var partial = new LlmReply("Once");
        Assert.NotNull(Continuation.Compose(Request, partial, Takes));
        Assert.NotNull(Continuation.Compose(Request with { Reasoning = new LlmReasoning { Enabled = false, Effort = "high" } }, partial, Takes));
        Assert.NotNull(Continuation.Compose(Request with { ToolChoice = new LlmToolChoice(LlmToolChoiceMode.Auto) }, partial, Takes));
        Assert.Null(Continuation.Compose(Request, partial, new ModelCapabilities()));
        Assert.Null(Continuation.Compose(Request, partial, new ModelCapabilities { Prefill = false }));
        Assert.Null(Continuation.Compose(Request, new LlmReply(" \n"), Takes));
        Assert.Null(Continuation.Compose(Request, new LlmReply(), Takes));
        Assert.Null(Continuation.Compose(Request, new LlmReply { Parts = [new TextPart("Once"), new ToolCallPart("1", "f", "{")] }, Takes));
        Assert.Null(Continuation.Compose(Request, new LlmReply { Parts = [new RefusalPart("No")] }, Takes));
        Assert.Null(Continuation.Compose(Request with { Reasoning = new LlmReasoning { Enabled = true } }, partial, Takes));
        Assert.Null(Continuation.Compose(Request with { Reasoning = new LlmReasoning { Effort = "low" } }, partial, Takes));
        Assert.Null(Continuation.Compose(Request with { Reasoning = new LlmReasoning { BudgetTokens = -1 } }, partial, Takes));
        Assert.Null(Continuation.Compose(Request with { JsonMode = true }, partial, Takes));
        Assert.Null(Continuation.Compose(Request with { LogProbs = true }, partial, Takes));
        Assert.Null(Continuation.Compose(Request with { ToolChoice = new LlmToolChoice(LlmToolChoiceMode.Required) }, partial, Takes));
        Assert.Null(Continuation.Compose(Request with { ToolChoice = LlmToolChoice.Named("f") }, partial, Takes));
        Assert.Null(Continuation.Compose(Request with { OutputSchema = new OutputSchema("s", JsonElement.Parse("{}"), OutputMode.Prompt) }, partial, Takes));
    }

    [Fact]
    public void The_model_that_goes_on_is_the_one_reported_and_its_thoughts_and_signatures_are_left_out()
    {
        var received = Received("Once ", [2], thinks: true);
        Go(received, [
            new HeaderDelta { Id = "2", Model = "b-1" },
            new ThinkingDelta(0, "Hm."),
            new PartDetailDelta(0) { Signature = "x", Origin = "anthropic" },
            new TextDelta(1, "upon"),
            new PartDetailDelta(1) { Signature = "y", Origin = "gemini" },
            new ToolCallDelta(2, "c", "f", "{}"),
            new UsageDelta(new TokenUsage { OutputTokens = 2 }),
            new FinishDelta(FinishReason.ToolCalls, "tool_use"),
        ]);
        var reply = received.Build();
        Assert.Equal([new TextPart("Once upon"), new ToolCallPart("c", "f", "{}")], reply.Parts);
        Assert.Equal(("2", "b-1", null, FinishReason.ToolCalls, 2), (reply.Id, reply.Model, reply.RequestId, reply.FinishReason, reply.Usage!.OutputTokens));
        Assert.Equal(["The stream broke in the middle, and p/b went on with the answer; the thoughts before that were left out."], reply.Losses);
    }

    private static ReplyBuilder Received(string text, int[] sizes, bool thinks) => Streams.Fold(Streams.Split(
        new LlmReply
        {
            Parts = thinks ? [new ThinkingPart("Hm.", "s") { Origin = "anthropic" }, new TextPart(text)] : [new TextPart(text)],
            Id = "1",
            RequestId = "r",
            Model = "a",
        },
        sizes).Where(delta => delta is not (FinishDelta or UsageDelta)));

    private static void Go(ReplyBuilder received, List<LlmDelta> continuation)
    {
        var filter = new ContinuationFilter(received, "p", "b");
        var output = new Queue<LlmDelta>();
        foreach (var delta in continuation) filter.Add(delta, output);
        Assert.Equal(new ContinuedDelta("p", "b"), output.Peek());
        foreach (var delta in output) received.Add(delta);
    }
}
