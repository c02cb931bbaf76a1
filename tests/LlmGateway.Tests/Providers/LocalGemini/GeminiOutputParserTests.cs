using LlmGateway.Providers.Cli;
using LlmGateway.Providers.LocalGemini;

namespace LlmGateway.Tests.Providers.LocalGemini;

public sealed class GeminiOutputParserTests
{
    private const string Model = "gemini-3.8-flash";

    [Fact]
    public void An_answer_has_its_text_its_model_and_its_tokens()
    {
        var reply = Parse(Printed.Answer, Printed.Report("stop", "stop"));

        Assert.Equal(("Hello", Model, FinishReason.Stop, "stop"), (reply.Text, reply.Model, reply.FinishReason, reply.VendorFinishReason));
        Assert.Equal(new TokenUsage { InputTokens = 100, CacheReadTokens = 40, OutputTokens = 27, ReasoningTokens = 7 }, reply.Usage);
        Assert.Empty(reply.Losses);
    }

    [Theory]
    [InlineData("length", FinishReason.Length)]
    [InlineData("content_filter", FinishReason.ContentFilter)]
    [InlineData("error", FinishReason.Other)]
    public void The_report_says_why_the_answer_ended(string last, FinishReason expected)
        => Assert.Equal(expected, Parse(Printed.Answer, Printed.Report("stop", last)).FinishReason);

    [Theory]
    [InlineData("")]
    [InlineData("{ broken")]
    public void Without_a_report_the_end_is_unknown_and_told(string report)
    {
        var reply = Parse(Printed.Answer, report);

        Assert.Equal(FinishReason.Other, reply.FinishReason);
        Assert.Contains("why the answer ended", Assert.Single(reply.Losses), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_model_than_the_one_asked_is_told()
    {
        var reply = Parse(Printed.Answer, Printed.Report("stop"), model: "gemini-3.5-flash");

        Assert.Equal("The gemini CLI asked gemini-3.8-flash in the place of gemini-3.5-flash.", Assert.Single(reply.Losses));
    }

    [Fact]
    public void A_dated_name_of_the_same_model_is_no_other()
        => Assert.Empty(Parse(Printed.Result("Hi", model: "gemini-3.8-flash-001"), Printed.Report("stop")).Losses);

    [Fact]
    public void Tokens_of_tools_are_input_and_zeros_are_no_usage()
    {
        Assert.Equal(103, Parse(Printed.Result("Hi", tokens: """{"prompt":100,"candidates":20,"cached":0,"thoughts":0,"tool":3}"""), Printed.Report("stop")).Usage!.InputTokens);
        Assert.Null(Parse(Printed.Result("Hi", tokens: """{"prompt":0,"candidates":0,"cached":0,"thoughts":0,"tool":0}"""), Printed.Report("stop")).Usage);
    }

    [Fact]
    public void An_answer_that_broke_off_is_no_answer_and_its_part_comes_along()
    {
        var error = Assert.Throws<CliOutputException>(() => Parse(Printed.Result("Hel", """{"NO_FINISH_REASON": 1}"""), Printed.Report("stop")));

        Assert.Equal((ProviderErrorKind.Truncated, "NO_FINISH_REASON", "Hel"), (error.Kind, error.Code, error.Partial!.Reply.Text));
    }

    [Fact]
    public void An_empty_answer_is_one() => Assert.Equal("", Parse(Printed.Result("", """{"NO_RESPONSE_TEXT": 1}"""), Printed.Report("stop")).Text);

    [Fact]
    public void A_malformed_call_is_malformed()
        => Assert.Equal(ProviderErrorKind.MalformedReply, Assert.Throws<CliOutputException>(() => Parse(Printed.Result("", """{"MALFORMED_FUNCTION_CALL": 1}"""), "")).Kind);

    [Theory]
    [InlineData("Resource has been exhausted (e.g. check quota).", 429, ProviderErrorKind.RateLimited, 429)]
    [InlineData("You have exhausted your daily quota on this model.", 429, ProviderErrorKind.RateLimited, 429)]
    [InlineData("The model is overloaded. Please try again later.", 503, ProviderErrorKind.Overloaded, 503)]
    [InlineData("models/x is not found for API version v1beta", 1, ProviderErrorKind.NotFound, null)]
    [InlineData("exception TypeError: fetch failed sending request", 1, ProviderErrorKind.Connection, null)]
    [InlineData("terminated", 1, ProviderErrorKind.Truncated, null)]
    [InlineData("Invalid auth method selected.", 41, ProviderErrorKind.Authentication, null)]
    [InlineData("Anything", 42, ProviderErrorKind.InvalidRequest, null)]
    [InlineData("Anything", 1, ProviderErrorKind.Unknown, null)]
    public void An_error_has_its_kind(string message, int code, ProviderErrorKind kind, int? status)
    {
        var error = Assert.Throws<CliOutputException>(() => Fail(Printed.Error(message, code)));

        Assert.Equal((kind, status, message), (error.Kind, error.HttpStatus, error.Message));
    }

    [Theory]
    [InlineData(400, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT", ProviderErrorKind.Authentication)]
    [InlineData(400, "The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).", "INVALID_ARGUMENT", ProviderErrorKind.ContextLength)]
    [InlineData(500, "An internal error has occurred.", "INTERNAL", ProviderErrorKind.ServerError)]
    public void An_error_that_is_the_APIs_own_body_is_read(int code, string words, string status, ProviderErrorKind kind)
    {
        var body = $$$"""{\"error\":{\"code\":{{{code}}},\"message\":\"{{{words}}}\",\"status\":\"{{{status}}}\"}}""";

        var error = Assert.Throws<CliOutputException>(() => Fail(Printed.Error(body, code)));

        Assert.Equal((kind, code, words), (error.Kind, error.HttpStatus, error.Message));
    }

    [Fact]
    public void A_call_of_a_tool_is_said_in_words()
        => Assert.Contains("called a tool", Assert.Throws<CliOutputException>(() => Fail(Printed.Error("Reached max session turns for this session.", 53))).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_a_result_there_is_no_message()
        => Assert.True(Assert.Throws<CliOutputException>(() => Fail("Manual authorization is required but the current session is non-interactive.")).HasNoMessage);

    private static LlmReply Parse(string output, string report, string model = Model)
        => GeminiOutputParser.Parse(new CliResult(0, output, "Ripgrep is not available.", IsTooLarge: false) { Report = report }, model).Reply;

    private static void Fail(string error) => GeminiOutputParser.Parse(new CliResult(1, "", error, IsTooLarge: false), Model);
}
