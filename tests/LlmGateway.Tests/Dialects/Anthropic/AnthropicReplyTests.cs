using System.Text;
using CsCheck;
using LlmGateway.Dialects;
using LlmGateway.Dialects.Anthropic;

namespace LlmGateway.Tests.Dialects.Anthropic;

public class AnthropicReplyTests
{
    private const string Full =
        """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-x","stop_reason":"tool_use","stop_sequence":null,
         "content":[{"type":"thinking","thinking":"hm","signature":"s=="},{"type":"text","text":"héllo","citations":null},
          {"type":"tool_use","id":"tu_1","name":"f","input":{"b": 1.50, "a":[ ] }},{"type":"brand_new","x":1e2}],
         "usage":{"input_tokens":10,"cache_read_input_tokens":100,"cache_creation_input_tokens":30,
          "cache_creation":{"ephemeral_5m_input_tokens":20,"ephemeral_1h_input_tokens":10},
          "output_tokens":7,"output_tokens_details":{"thinking_tokens":3},"service_tier":"standard","future":{"x":null}},
         "container":null,"new_field":[1,2]}
        """;

    [Fact]
    public void Every_field_comes_over()
    {
        var reply = Decode(Full);

        Assert.Equal("msg_1", reply.Id);
        Assert.Equal("claude-x", reply.Model);
        Assert.Equal((FinishReason.ToolCalls, "tool_use"), (reply.FinishReason, reply.VendorFinishReason));
        Assert.Equal("héllo", reply.Text);
        Assert.Equal(
            [new ThinkingPart("hm", "s==") { Origin = "anthropic" }, new TextPart("héllo"), new ToolCallPart("tu_1", "f", """{"b": 1.50, "a":[ ] }"""), new RawPart("anthropic", """{"type":"brand_new","x":1e2}""")],
            reply.Parts);
    }

    [Fact]
    public void All_input_is_the_fresh_the_read_and_the_written()
        => Assert.Equal(
            new TokenUsage { InputTokens = 140, CacheReadTokens = 100, CacheWriteTokens = 30, CacheWrite1hTokens = 10, OutputTokens = 7, ReasoningTokens = 3 },
            Decode(Full).Usage);

    [Theory]
    [InlineData("""{"input_tokens":5,"output_tokens":2}""", 5, 0, 0, 0, 2)]
    [InlineData("""{"input_tokens":5,"output_tokens":2,"cache_read_input_tokens":null,"cache_creation_input_tokens":null,"cache_creation":null}""", 5, 0, 0, 0, 2)]
    [InlineData("""{"input_tokens":5,"output_tokens":2,"cache_creation":{"ephemeral_5m_input_tokens":3,"ephemeral_1h_input_tokens":4}}""", 12, 0, 7, 4, 2)]
    [InlineData("""{"input_tokens":0,"output_tokens":0}""", 0, 0, 0, 0, 0)]
    public void Usage_is_read(string usage, long input, long read, long write, long write1h, long output)
        => Assert.Equal(
            new TokenUsage { InputTokens = input, CacheReadTokens = read, CacheWriteTokens = write, CacheWrite1hTokens = write1h, OutputTokens = output },
            Decode($$"""{"content":[],"usage":{{usage}}}""").Usage);

    [Theory]
    [InlineData("""{"input_tokens":9223372036854775807,"cache_read_input_tokens":9223372036854775807,"output_tokens":1}""")]
    [InlineData("""{"input_tokens":1,"output_tokens":9223372036854775807}""")]
    [InlineData("""{"cache_creation":{"ephemeral_5m_input_tokens":9223372036854775807,"ephemeral_1h_input_tokens":9223372036854775807}}""")]
    [InlineData("""{"input_tokens":-5,"output_tokens":2}""")]
    [InlineData("""{"input_tokens":5,"output_tokens":"2"}""")]
    [InlineData("""{}""")]
    public void Counts_that_cannot_be_are_no_usage_and_that_is_said(string usage)
    {
        var reply = Decode($$"""{"content":[],"usage":{{usage}}}""");

        Assert.Null(reply.Usage);
        Assert.Contains("estimated", Assert.Single(reply.Losses), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"content":[]}""")]
    [InlineData("""{"content":[],"usage":null}""")]
    [InlineData("""{"content":[],"usage":[]}""")]
    public void A_reply_without_usage_has_none(string reply) => Assert.Null(Decode(reply).Usage);

    [Theory]
    [InlineData("\"end_turn\"", FinishReason.Stop)]
    [InlineData("\"stop_sequence\"", FinishReason.Stop)]
    [InlineData("\"max_tokens\"", FinishReason.Length)]
    [InlineData("\"model_context_window_exceeded\"", FinishReason.Length)]
    [InlineData("\"tool_use\"", FinishReason.ToolCalls)]
    [InlineData("\"refusal\"", FinishReason.Refusal)]
    [InlineData("\"pause_turn\"", FinishReason.Other)]
    [InlineData("\"brand_new\"", FinishReason.Other)]
    [InlineData("null", FinishReason.Other)]
    [InlineData("7", FinishReason.Other)]
    public void Every_reason_to_stop_has_its_meaning(string word, FinishReason reason)
        => Assert.Equal(reason, Decode($$"""{"content":[],"stop_reason":{{word}}}""").FinishReason);

    [Theory]
    [InlineData("""{"type":"text"}""")]
    [InlineData("""{"type":"text","text":null}""")]
    [InlineData("""{"type":"text","text":"\ud800"}""")]
    [InlineData("""{"type":"thinking"}""")]
    [InlineData("""{"type":"tool_use","id":"x","name":"f"}""")]
    [InlineData("""{"type":null}""")]
    [InlineData("""{}""")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    [InlineData("[]")]
    public void A_block_that_is_not_as_documented_is_kept_as_it_is(string block)
        => Assert.Equal([new RawPart("anthropic", block)], Decode($$"""{"content":[{{block}}]}""").Parts);

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{\"content\":[")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"content":null}""")]
    [InlineData("""{"content":"text"}""")]
    [InlineData("""{"choices":[{"message":{"content":"x"}}]}""")]
    public void What_is_not_a_message_is_malformed(string body)
        => Assert.Equal(ProviderErrorKind.MalformedReply, Assert.Throws<DialectException>(() => Decode(body)).Kind);

    [Fact]
    public void An_error_in_place_of_a_reply_is_that_error()
    {
        var e = Assert.Throws<DialectException>(() => Decode("""{"type":"error","error":{"type":"overloaded_error","message":"busy"},"request_id":"req_9"}"""));

        Assert.Equal(new VendorError(ProviderErrorKind.Overloaded, "overloaded_error", "busy", "req_9"), e.VendorError);
        Assert.Equal(ProviderErrorKind.Overloaded, e.Kind);
    }

    [Fact]
    public void No_bytes_whatever_throw_anything_else()
    {
        var bytes = Encoding.UTF8.GetBytes(Full);
        Gen.Select(Gen.Int[0, bytes.Length - 1].Array[1, 4], Gen.Byte.Array[4], Gen.Int[0, bytes.Length], Gen.Bool).Sample((at, with, cut, isCut) =>
        {
            var changed = (byte[])bytes.Clone();
            for (var i = 0; i < at.Length; i++) changed[at[i]] = with[i];
            if (isCut) changed = changed[..cut];
            try
            {
                Assert.NotNull(AnthropicReplyDecoder.Decode(changed));
            }
            catch (DialectException)
            {
                // What it may throw.
            }
        }, iter: 20_000);
    }

    [Theory]
    [InlineData("text", "\"text\":\"\xff\"")]
    [InlineData("tool_use", "\"id\":\"a\",\"name\":\"b\",\"input\":{\"x\":\"\xff\"}")]
    [InlineData("other", "\"x\":\"\xff\"")]
    public void Text_that_is_not_utf8_is_malformed(string type, string members)
        => Assert.Equal(ProviderErrorKind.MalformedReply, Assert.Throws<DialectException>(() => AnthropicReplyDecoder.Decode(
            Encoding.Latin1.GetBytes($$"""{"content":[{"type":"{{type}}",{{members}}}]}"""))).Kind);

    private static LlmReply Decode(string json) => AnthropicReplyDecoder.Decode(Encoding.UTF8.GetBytes(json));
}
