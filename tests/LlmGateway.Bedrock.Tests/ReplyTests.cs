using LlmGateway.Dialects;
using LlmGateway.Dialects.Tests;

namespace LlmGateway.Bedrock.Tests;

public sealed class ReplyTests
{
    public static TheoryData<string> Replies => [.. Directory.GetFiles(Fixture.Folder("bedrock"), "*.reply.json").Select(path => Path.GetFileName(path)[..^".reply.json".Length]).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Replies))]
    public void A_documented_reply_comes_back_as_it_was(string name)
    {
        var text = Fixture.Text("bedrock", $"{name}.reply.json");

        var (body, losses) = Codec.Reply(Bedrock.Dialect, Codec.ReadReply(Bedrock.Dialect, text));

        Assert.Empty(losses);
        Middle.AssertSameJson(text, body);
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task A_streamed_reply_is_the_one_in_one_piece(string name)
    {
        var whole = Codec.ReadReply(Bedrock.Dialect, Fixture.Text("bedrock", $"{name}.reply.json"));

        var read = await Codec.ReadStream(Bedrock.Dialect, Fixture.Bytes("bedrock", $"{name}.stream.bin"));

        Assert.Null(read.Error);
        Assert.True(read.IsComplete);
        Middle.AssertSame(Compact(whole), Compact(read.Reply));
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task A_reply_that_is_written_as_a_stream_is_read_back(string name)
    {
        var reply = Codec.ReadReply(Bedrock.Dialect, Fixture.Text("bedrock", $"{name}.reply.json"));

        var (bytes, losses) = Codec.Stream(Bedrock.Dialect, reply);
        var read = await Codec.ReadStream(Bedrock.Dialect, bytes);

        Assert.Empty(losses);
        Assert.True(read.IsComplete);
        Middle.AssertSame(Compact(reply), Compact(read.Reply));
    }

    [Fact]
    public void Usage_counts_all_input_and_the_caches_as_parts_of_it()
    {
        var usage = Codec.ReadReply(Bedrock.Dialect, Fixture.Text("bedrock", "cache_usage.reply.json")).Usage!;

        Assert.Equal((4 + 1500 + 2300, 1500, 2300, 2000, 120), (usage.InputTokens, usage.CacheReadTokens, usage.CacheWriteTokens, usage.CacheWrite1hTokens, usage.OutputTokens));
    }

    [Fact]
    public void Tools_thoughts_citations_and_filters_are_read_as_the_middle_names_them()
    {
        var tools = Read("tools");
        var thinking = Read("thinking");
        var cited = Read("citations");
        var filtered = Read("refusal");
        var grounded = Read("server_tool");

        Assert.Equal((FinishReason.ToolCalls, "tool_use"), (tools.FinishReason, tools.VendorFinishReason));
        Assert.Equal("tooluse_hbTgdi0CSLq_hM4P8csZJA", Assert.IsType<ToolCallPart>(tools.Parts[1]).Id);
        Assert.Equal("bedrock", Assert.IsType<ThinkingPart>(thinking.Parts[0]).Origin);
        Assert.StartsWith("EqoB", thinking.Parts[0].Signature, StringComparison.Ordinal);
        Assert.Equal("cmVkYWN0ZWQgYnkgdGhlIHZlbmRvcg==", ((ThinkingPart)thinking.Parts[1]).EncryptedContent);
        Assert.Equal(("Notes", "The beach was full."), (((TextPart)cited.Parts[0]).Citations[0].Title, ((TextPart)cited.Parts[0]).Citations[0].CitedText));
        Assert.Equal(FinishReason.ContentFilter, filtered.FinishReason);
        Assert.IsType<RawPart>(grounded.Parts[0]);
        Assert.Equal(["toolUse.type: server_tool_use nova_grounding"], grounded.Billing.Unknown);

        static LlmReply Read(string name) => Codec.ReadReply(Bedrock.Dialect, Fixture.Text("bedrock", $"{name}.reply.json"));
    }

    [Theory]
    [InlineData("end_turn", FinishReason.Stop)]
    [InlineData("stop_sequence", FinishReason.Stop)]
    [InlineData("max_tokens", FinishReason.Length)]
    [InlineData("model_context_window_exceeded", FinishReason.Length)]
    [InlineData("tool_use", FinishReason.ToolCalls)]
    [InlineData("guardrail_intervened", FinishReason.ContentFilter)]
    [InlineData("content_filtered", FinishReason.ContentFilter)]
    [InlineData("malformed_model_output", FinishReason.Other)]
    [InlineData("malformed_tool_use", FinishReason.Other)]
    public void Every_documented_stop_reason_is_read_and_written_again(string word, FinishReason reason)
    {
        var text = $$$"""{"output":{"message":{"role":"assistant","content":[{"text":"a"}]}},"stopReason":"{{{word}}}","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2},"metrics":{"latencyMs":1}}""";

        var reply = Codec.ReadReply(Bedrock.Dialect, text);

        Assert.Equal((reason, word), (reply.FinishReason, reply.VendorFinishReason));
        Middle.AssertSameJson(text, Codec.Reply(Bedrock.Dialect, reply).Body);
    }

    [Fact]
    public void A_call_with_the_reason_end_turn_is_a_call()
    {
        var reply = Codec.ReadReply(Bedrock.Dialect, """{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"a","name":"f","input":{}}}]}},"stopReason":"end_turn"}""");

        Assert.Equal((FinishReason.ToolCalls, "end_turn"), (reply.FinishReason, reply.VendorFinishReason));
    }

    [Fact]
    public void A_reply_of_other_fields_and_types_is_still_a_reply()
    {
        var reply = Codec.ReadReply(Bedrock.Dialect, """
            {"output":{"message":{"content":[{"text":5},{"new":{}},7,{"text":"x"}]}},"stopReason":"gone_home","usage":{"inputTokens":"many"},"serviceTier":"gold",
             "trace":{"promptRouter":{"invokedModelId":"amazon.nova-lite-v1:0"}},"additionalModelResponseFields":{"stop_sequence":"END"},"performanceConfig":{"latency":"optimized"},"news":[1.0]}
            """);

        Assert.Equal(("x", FinishReason.Other, "gone_home", "END", "amazon.nova-lite-v1:0"), (reply.Text, reply.FinishReason, reply.VendorFinishReason, reply.StopSequence, reply.Model));
        Assert.Null(reply.Usage);
        Assert.Contains("could not be read", Assert.Single(reply.Losses), StringComparison.Ordinal);
        Assert.Equal("[1.0]", reply.Extensions!.Members["news"]);
        Assert.Contains("performanceConfig.latency: optimized", reply.Billing.Unknown);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("""{"output":{}}""")]
    [InlineData("""{"message":"Too many requests"}""")]
    public void A_body_that_is_no_reply_is_malformed(string body)
        => Assert.Equal(ProviderErrorKind.MalformedReply, Assert.Throws<DialectException>(() => Codec.ReadReply(Bedrock.Dialect, body)).Kind);

    [Fact]
    public void What_a_reply_cannot_say_is_a_loss()
    {
        var reply = new LlmReply
        {
            Id = "r",
            Model = "m",
            CreatedAt = DateTimeOffset.UnixEpoch,
            ReportedCostUsd = 1,
            ServiceTier = "scale",
            FinishReason = FinishReason.Refusal,
            LogProbs = [new TokenLogProb("a", -1)],
            Parts =
            [
                new ThinkingPart("hm", "sig") { Origin = "anthropic" },
                new TextPart("a") { Citations = [new Citation { Url = "https://a", Title = "A", CitedText = "w", StartIndex = 0, Raw = new RawPart("anthropic", "{}") }], Signature = "s", Origin = "gemini" },
                new RefusalPart("no"), new RawPart("openai", "{}"), new AudioPart(MediaSource.FromBase64("AAAA", "audio/wav")),
            ],
            Usage = new TokenUsage { InputTokens = 3, OutputTokens = 4, ReasoningTokens = 2, AudioInputTokens = 1 },
            Extensions = new LlmExtensions("openai", [new("system_fingerprint", "\"f\"")]),
        };

        var (body, losses) = Codec.Reply(Bedrock.Dialect, reply);
        var (_, streamed) = Codec.Stream(Bedrock.Dialect, reply);

        Assert.Equal(17, losses.Count);
        Assert.Equal(losses.Order(), streamed.Order());
        Middle.AssertSameJson("""
            {"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm"}}},
              {"citationsContent":{"content":[{"text":"a"}],"citations":[{"title":"A","sourceContent":[{"text":"w"}],"location":{"web":{"url":"https://a"}}}]}},{"text":"no"}]}},
             "stopReason":"content_filtered","usage":{"inputTokens":3,"outputTokens":4,"totalTokens":7},"metrics":{"latencyMs":0}}
            """, body);
    }

    /// <summary>The white space of a call's arguments and of raw parts is the file's, not the vendor's.</summary>
    private static LlmReply Compact(LlmReply reply) => reply with { Parts = [.. reply.Parts.Select(Compact)], Extensions = Compact(reply.Extensions) };

    private static LlmPart Compact(LlmPart part) => part switch
    {
        ToolCallPart call => call with { ArgumentsJson = Compact(call.ArgumentsJson) },
        RawPart raw => raw with { Json = Compact(raw.Json) },
        TextPart text => text with { Citations = [.. text.Citations.Select(citation => citation with { Raw = citation.Raw is { } raw ? raw with { Json = Compact(raw.Json) } : null })] },
        _ => part,
    };

    private static LlmExtensions? Compact(LlmExtensions? bag) => bag is null ? null : new LlmExtensions(bag.Dialect, bag.Members.Select(member => KeyValuePair.Create(member.Key, Compact(member.Value))));

    private static string Compact(string json) => System.Text.Json.Nodes.JsonNode.Parse(json)!.ToJsonString();
}
