using LlmGateway.Providers.Cli;
using LlmGateway.Providers.LocalCodex;

namespace LlmGateway.Tests.Providers.LocalCodex;

public sealed class CodexOutputParserTests
{
    [Fact]
    public void An_answer_has_its_text_its_thoughts_and_its_tokens()
    {
        var reply = Parse(Printed.Answer);

        Assert.Equal(("Hello", "Thinking hard"), (reply.Text, reply.Parts.OfType<ThinkingPart>().Single().Text));
        Assert.Equal((FinishReason.Stop, "01a20dbe-7599-7422-a6ca-3cc416387c57"), (reply.FinishReason, reply.Id));
        Assert.Equal(new TokenUsage { InputTokens = 100, CacheReadTokens = 40, CacheWriteTokens = 9, OutputTokens = 20, ReasoningTokens = 7 }, reply.Usage);
        Assert.Empty(reply.Losses);
    }

    [Fact]
    public void The_last_message_is_the_answer_and_the_others_are_told()
    {
        var reply = Parse(Printed.Started + Printed.Message("I think.") + Printed.Message("Four.") + Printed.Completed);

        Assert.Equal("Four.", reply.Text);
        Assert.Contains("2 messages", Assert.Single(reply.Losses), StringComparison.Ordinal);
    }

    [Fact]
    public void Zeros_are_no_usage()
    {
        var reply = Parse(Printed.Message("Hello") + """{"type":"turn.completed","usage":{"input_tokens":0,"cached_input_tokens":0,"output_tokens":0}}""");

        Assert.Null(reply.Usage);
        Assert.Contains("estimated", Assert.Single(reply.Losses), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reconnection_that_worked_is_no_error()
        => Assert.Equal("Hello", Parse("""{"type":"error","message":"Reconnecting... 2/5"}""" + "\n" + Printed.Answer).Text);

    [Theory]
    [InlineData("max_output_tokens", FinishReason.Length)]
    [InlineData("content_filter", FinishReason.ContentFilter)]
    [InlineData("something_new", FinishReason.Other)]
    public void A_cut_answer_is_an_answer(string reason, FinishReason expected)
    {
        var reply = Parse(Printed.Started + Printed.Message("Hel") + Printed.Failed("Incomplete response returned, reason: " + reason));

        Assert.Equal(("Hel", expected, reason), (reply.Text, reply.FinishReason, reply.VendorFinishReason));
        Assert.Null(reply.Usage);
        Assert.Single(reply.Losses);
    }

    [Theory]
    [InlineData("unexpected status 401 Unauthorized: Incorrect API key provided: sk-test, url: http://127.0.0.1:8899/v1/responses, request id: req_77", ProviderErrorKind.Authentication, 401)]
    [InlineData("exceeded retry limit, last status: 429 Too Many Requests, request id: req_77", ProviderErrorKind.RateLimited, 429)]
    [InlineData("unexpected status 413 Payload Too Large: too big, url: http://127.0.0.1:8899/v1/responses, request id: req_77", ProviderErrorKind.RequestTooLarge, 413)]
    [InlineData("Quota exceeded. Check your plan and billing details.", ProviderErrorKind.Billing, null)]
    [InlineData("You’ve hit your usage limit. Upgrade to Pro (https://chatgpt.com/explore/pro), or try again at Mar 17th, 2030 5:46 PM.", ProviderErrorKind.RateLimited, null)]
    [InlineData("The model `gpt-5.1` does not exist", ProviderErrorKind.NotFound, null)]
    [InlineData("Codex ran out of room in the model's context window. Start a new thread or clear earlier history before retrying.", ProviderErrorKind.ContextLength, null)]
    [InlineData("We’re currently experiencing high demand, which may cause temporary errors.", ProviderErrorKind.ServerError, null)]
    [InlineData("Selected model is at capacity. Please try a different model.", ProviderErrorKind.Overloaded, null)]
    [InlineData("rate limit exceeded: Rate limit reached. Please try again in 3.5s.", ProviderErrorKind.RateLimited, null)]
    [InlineData("Invalid prompt: flagged", ProviderErrorKind.InvalidRequest, null)]
    [InlineData("stream disconnected before completion: oops", ProviderErrorKind.Truncated, null)]
    [InlineData("stream disconnected before completion: stream closed before response.completed", ProviderErrorKind.Truncated, null)]
    [InlineData("Connection failed: error sending request", ProviderErrorKind.Connection, null)]
    [InlineData("Something nobody has seen", ProviderErrorKind.Unknown, null)]
    public void An_error_has_its_kind(string message, ProviderErrorKind kind, int? status)
    {
        var error = Assert.Throws<CliOutputException>(() => Parse(Printed.Started + Printed.Failed(message)));

        Assert.Equal((kind, status, message), (error.Kind, error.HttpStatus, error.Message));
        Assert.Equal(message.Contains("req_77", StringComparison.Ordinal) ? "req_77" : null, error.RequestId);
        Assert.Equal(message.Contains("3.5s", StringComparison.Ordinal) ? TimeSpan.FromSeconds(3.5) : null, error.RetryAfter);
    }

    [Fact]
    public void An_error_that_is_the_APIs_own_body_is_read()
    {
        var body = """{\"error\":{\"message\":\"Invalid schema for response_format\",\"type\":\"invalid_request_error\",\"code\":\"invalid_json_schema\"}}""";

        var error = Assert.Throws<CliOutputException>(() => Parse(Printed.Failed(body)));

        Assert.Equal((ProviderErrorKind.InvalidRequest, "invalid_json_schema", "Invalid schema for response_format"), (error.Kind, error.Code, error.Message));
    }

    [Fact]
    public void What_was_written_before_a_failure_comes_with_it()
    {
        var error = Assert.Throws<CliOutputException>(() => Parse(Printed.Message("Hel") + Printed.Failed("stream disconnected before completion: oops")));

        Assert.Equal("Hel", error.Partial!.Reply.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("error: unexpected argument '--json' found")]
    [InlineData("{\"type\":\"turn.started\"}")]
    public void Without_an_end_there_is_no_message(string text) => Assert.True(Assert.Throws<CliOutputException>(() => Parse(text)).HasNoMessage);

    [Fact]
    public void A_turn_without_a_message_is_malformed()
        => Assert.Equal(ProviderErrorKind.MalformedReply, Assert.Throws<CliOutputException>(() => Parse(Printed.Started + Printed.Completed)).Kind);

    private static LlmReply Parse(string text) => CodexOutputParser.Parse(text).Reply;
}
