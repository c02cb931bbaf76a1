using LlmGateway.Messages;

namespace LlmGateway.Dialects.Tests;

public class ReplyBuilderTests
{
    [Fact]
    public void Folding_a_whole_reply_gives_it_back()
    {
        var reply = new LlmReply
        {
            Id = "r1",
            Model = "m",
            Parts =
            [
                new ThinkingPart("hm", "sig") { Origin = "anthropic", EncryptedContent = "enc" },
                new TextPart("Hello") { Citations = [new Citation { Url = "https://a" }], Signature = "s2", Origin = "gemini" },
                new ToolCallPart("c1", "f", """{"a":1.0}""") { Extensions = new LlmExtensions("openai", [new("x", "1e2")]) },
                new RefusalPart("no"),
                new RawPart("anthropic", "{}"),
            ],
            FinishReason = FinishReason.ToolCalls,
            VendorFinishReason = "tool_use",
            StopSequence = "END",
            Usage = new TokenUsage { InputTokens = 3, OutputTokens = 4 },
            LogProbs = [new TokenLogProb("a", -0.5)],
            Billing = new ReplyBilling { ServiceTier = "flex", Region = "us", Fees = [new BilledFee("web_search", 2)], Unknown = ["x"] },
            Losses = ["y"],
        };
        var builder = new ReplyBuilder();

        foreach (var delta in ReplyDeltas.Of(reply)) builder.Add(delta);

        Middle.AssertSame(reply, builder.Build());
        Assert.True(builder.IsFinished);
    }

    [Fact]
    public void How_a_reply_is_billed_grows_and_is_not_counted_twice()
    {
        var builder = new ReplyBuilder();

        builder.Add(new HeaderDelta { Billing = new ReplyBilling { ServiceTier = "standard", Region = "us", Fees = [new BilledFee("web_search", 1)], Unknown = ["a"] } });
        builder.Add(new HeaderDelta { Id = "x" });
        builder.Add(new HeaderDelta { Billing = new ReplyBilling { ServiceTier = "flex", Fees = [new BilledFee("file_search", 1), new BilledFee("web_search", 3)], Unknown = ["a", "b"] } });

        var billing = builder.Build().Billing;
        Assert.Equal(("flex", "us"), (billing.ServiceTier, billing.Region));
        Assert.Equal([new BilledFee("web_search", 3), new BilledFee("file_search", 1)], billing.Fees);
        Assert.Equal(["a", "b"], billing.Unknown);
    }

    [Fact]
    public void Parts_that_come_interleaved_are_kept_apart()
    {
        var builder = new ReplyBuilder();
        LlmDelta[] deltas =
        [
            new ToolCallDelta(0, "a", "f", ""), new ToolCallDelta(1, "b", "g", ""), new ToolCallDelta(0, null, null, "{\"x\""),
            new ToolCallDelta(1, null, null, "{}"), new ToolCallDelta(0, null, null, ":1}"), new PartDetailDelta(7) { Signature = "of nothing" },
        ];

        foreach (var delta in deltas) builder.Add(delta);

        Middle.AssertSame(new LlmReply { Parts = [new ToolCallPart("a", "f", "{\"x\":1}"), new ToolCallPart("b", "g", "{}")], FinishReason = FinishReason.Other }, builder.Build());
        Assert.False(builder.IsFinished);
    }

    [Fact]
    public void What_was_built_does_not_change_with_later_deltas()
    {
        var builder = new ReplyBuilder();
        builder.Add(new TextDelta(0, "a"));
        var early = builder.Build();

        builder.Add(new TextDelta(0, "b"));

        Assert.Equal("a", early.Text);
        Assert.Equal("ab", builder.Build().Text);
    }

    [Fact]
    public void A_model_without_a_name_is_not_known()
    {
        var builder = new ReplyBuilder();
        builder.Add(new HeaderDelta { Model = "" });
        Assert.Null(builder.Build().Model);

        builder.Add(new HeaderDelta { Model = "m" });
        builder.Add(new HeaderDelta { Model = "" });
        Assert.Equal("m", builder.Build().Model);
    }
}
