using CsCheck;
using LlmGateway.Providers.Cli;
using LlmGateway.Providers.LocalClaude;

namespace LlmGateway.Tests.Providers.LocalClaude;

public sealed class ClaudeOutputParserTests
{
    [Fact]
    public void A_result_is_an_answer_with_model_usage_and_cost()
    {
        var (reply, cost, source) = ClaudeOutputParser.Parse(Printed.Answer, hasSchema: false);

        Assert.Equal(("Hello", "claude-sonnet-5", FinishReason.Stop, "end_turn"), (reply.Text, reply.Model, reply.FinishReason, reply.VendorFinishReason));
        Assert.Equal((19, 5, 3, 5, false), (reply.Usage!.InputTokens, reply.Usage.CacheReadTokens, reply.Usage.CacheWriteTokens, reply.Usage.OutputTokens, reply.Usage.IsEstimated));
        Assert.Equal(0.00012075m, cost);
        Assert.Null(source);
    }

    [Fact]
    public void Structured_output_is_preferred_with_its_exact_text()
    {
        var (reply, _, _) = ClaudeOutputParser.Parse(Printed.Structured, hasSchema: true);

        Assert.Equal("""{"result": 4.50}""", reply.Text);
        Assert.Equal(FinishReason.Stop, reply.FinishReason);
    }

    [Theory]
    [InlineData("(node:12) Warning: something\nat line 3\n{0}\n")]
    [InlineData("\u001b[33m⚠ careful\u001b[0m\n\u001b]0;title\u0007\u001b[?25l{0}\u001b[?25h")]
    [InlineData("\uFEFF{0}")]
    [InlineData("Warning: no update: {0}")]
    [InlineData("[INFO] starting\n[] {{ not json\n{{\"type\":\"system\"\n{0}\r\n")]
    [InlineData("[{{\"type\":\"system\",\"subtype\":\"init\"}},{0}]")]
    [InlineData("{{\"type\":\"system\",\"subtype\":\"init\"}}\n{{\"type\":\"result\",\"result\":\"an earlier one\"}}\n{0}\nbye")]
    public void What_stands_around_the_result_does_not_matter(string output)
        => Assert.Equal("Hello", ClaudeOutputParser.Parse(string.Format(null, output, Printed.Answer), hasSchema: false).Reply.Text);

    [Fact]
    public void A_result_over_many_lines_is_read()
        => Assert.Equal("Hi", ClaudeOutputParser.Parse("note\n{\n  \"type\": \"result\",\n  \"result\": \"Hi\"\n}\n", hasSchema: false).Reply.Text);

    [Fact]
    public void Many_lines_that_look_like_JSON_do_not_hide_the_result()
    {
        var noise = string.Concat(Enumerable.Repeat("[INFO] {\"type\": half\n", 20_000));

        Assert.Equal("Hello", ClaudeOutputParser.Parse(noise + Printed.Answer, hasSchema: false).Reply.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    [InlineData("no JSON at all")]
    [InlineData("""{"type":"result","result":"cut off""")]
    [InlineData("""{"type":"system"}""")]
    [InlineData("""[1,null,"result",[{"type":"result"}]]""")]
    public void Output_without_a_result_is_malformed(string output)
    {
        var error = Assert.Throws<CliOutputException>(() => ClaudeOutputParser.Parse(output, hasSchema: false));

        Assert.True(error.HasNoMessage);
        Assert.Equal(ProviderErrorKind.MalformedReply, error.Kind);
    }

    // The first rows are what 2.1.197 printed for errors of the API; the last ones are words of older versions.
    [Theory]
    [InlineData("Failed to authenticate. API Error: 401 simulated", 401, "authentication_failed", ProviderErrorKind.Authentication)]
    [InlineData("Failed to authenticate. API Error: 403 simulated", 403, "authentication_failed", ProviderErrorKind.Authentication)]
    [InlineData("Not logged in · Please run /login", null, "authentication_failed", ProviderErrorKind.Authentication)]
    [InlineData("API Error: Request rejected (429) · simulated", 429, "rate_limit", ProviderErrorKind.RateLimited)]
    [InlineData("API Error: 500 simulated. This is a server-side issue", 500, "server_error", ProviderErrorKind.ServerError)]
    [InlineData("API Error: 529 simulated. This is a server-side issue", 529, "server_error", ProviderErrorKind.Overloaded)]
    [InlineData("API Error: Overloaded", null, "unknown", ProviderErrorKind.Overloaded)]
    [InlineData("API Error: 400 simulated", 400, "unknown", ProviderErrorKind.InvalidRequest)]
    [InlineData("Credit balance is too low", 400, "billing_error", ProviderErrorKind.Billing)]
    [InlineData("Request too large (max 32MB). Try with a smaller file.", 413, "invalid_request", ProviderErrorKind.RequestTooLarge)]
    [InlineData("There's an issue with the selected model (x). It may not exist", 404, "model_not_found", ProviderErrorKind.NotFound)]
    [InlineData("API Error: Connection to the API was lost (ECONNRESET).", null, "server_error", ProviderErrorKind.Connection)]
    [InlineData("API Error: Unable to connect to API (ConnectionRefused)", null, "server_error", ProviderErrorKind.Connection)]
    [InlineData("Request timed out", null, "server_error", ProviderErrorKind.Timeout)]
    [InlineData("API Error: API returned an empty or malformed response (HTTP 200)", null, "unknown", ProviderErrorKind.MalformedReply)]
    [InlineData("Something new", null, "server_error", ProviderErrorKind.ServerError)]
    [InlineData("Something new", null, "something_new", ProviderErrorKind.Unknown)]
    [InlineData("Invalid API key · Fix external API key", null, null, ProviderErrorKind.Authentication)]
    [InlineData("API Error: 529 {'type':'error'}", null, null, ProviderErrorKind.Overloaded)]
    [InlineData("5-hour limit reached ∙ resets 3pm", null, null, ProviderErrorKind.RateLimited)]
    [InlineData("Context limit reached · /compact or /clear to continue", null, null, ProviderErrorKind.ContextLength)]
    public void An_error_has_its_kind_status_code_and_words(string message, int? status, string? code, ProviderErrorKind kind)
    {
        var error = Assert.Throws<CliOutputException>(() => ClaudeOutputParser.Parse(Printed.Error(message, status, code), hasSchema: false));

        Assert.Equal((kind, message, "req_err"), (error.Kind, error.Message, error.RequestId));
        Assert.Equal(code ?? "unknown", error.Code);
        if (status is not null) Assert.Equal(status, error.HttpStatus);
        Assert.Null(error.Partial);
    }

    [Fact]
    public void A_prompt_that_is_too_long_is_told_by_its_reason()
        => Assert.Equal(ProviderErrorKind.ContextLength, Assert.Throws<CliOutputException>(() => ClaudeOutputParser.Parse(Printed.Error("new words", 400, "invalid_request", reason: "prompt_too_long"), hasSchema: false)).Kind);

    [Fact]
    public void An_error_without_words_tells_its_list_of_errors()
    {
        var error = Assert.Throws<CliOutputException>(() => ClaudeOutputParser.Parse("""{"type":"result","subtype":"error_during_execution","is_error":true,"errors":["one",2,"two"]}""", hasSchema: false));

        Assert.Equal(("one; two", "error_during_execution"), (error.Message, error.Code));
    }

    [Fact]
    public void What_a_failed_run_used_is_not_lost()
    {
        var output = $$"""{"type":"result","is_error":true,"result":"API Error: Overloaded","total_cost_usd":0.5,{{Printed.RealUsage}},"modelUsage":{"m":{"inputTokens":33,"outputTokens":3,"cacheReadInputTokens":15,"cacheCreationInputTokens":9} } }""";

        var partial = Assert.Throws<CliOutputException>(() => ClaudeOutputParser.Parse(output, hasSchema: false)).Partial;

        Assert.Equal((57, 3, 0.5m), (partial!.Reply.Usage!.InputTokens, partial.Reply.Usage.OutputTokens, partial.CostUsd));
    }

    [Fact]
    public void A_refusal_is_an_answer_with_the_models_own_words()
    {
        var output = $$"""[{{Printed.FromModel(Printed.Text("I can"))}},{"type":"result","subtype":"success","is_error":true,"result":"API Error: Claude Code is unable to respond","stop_reason":"refusal",{{Printed.RealUsage}}}]""";

        var (reply, _, _) = ClaudeOutputParser.Parse(output, hasSchema: false);

        Assert.Equal((FinishReason.Refusal, "I can"), (reply.FinishReason, reply.Text));
    }

    [Fact]
    public void An_answer_that_was_cut_at_the_limit_is_told_as_cut()
    {
        var output = $$"""[{{Printed.FromModel(Printed.Text("One, "))}},{{Printed.FromModel(Printed.Text("two"), "msg_2")}},{"type":"result","subtype":"success","is_error":true,"result":"API Error: Claude's response exceeded the 64000 output token maximum.","stop_reason":"stop_sequence",{{Printed.RealUsage}}}]""";

        var (reply, _, _) = ClaudeOutputParser.Parse(output, hasSchema: false);

        Assert.Equal((FinishReason.Length, "One, two"), (reply.FinishReason, reply.Text));
    }

    [Fact]
    public void The_pieces_of_an_answer_that_the_CLI_had_continued_are_joined()
    {
        var output = $$"""[{{Printed.FromModel(Printed.Text("Part one, "))}},{{Printed.FromModel(Printed.Text("part two."), "msg_2")}},{"type":"result","subtype":"success","is_error":false,"num_turns":1,"result":"part two.","stop_reason":"end_turn",{{Printed.RealUsage}}}]""";

        Assert.Equal("Part one, part two.", ClaudeOutputParser.Parse(output, hasSchema: false).Reply.Text);
    }

    [Fact]
    public void An_answer_that_does_not_fit_the_schema_is_handed_on_with_an_estimate_of_what_it_used()
    {
        var call = """{"type":"tool_use","id":"toolu_1","name":"StructuredOutput","input":{"nonsense":1}}""";
        var output = $$"""[{{Printed.Init}},{{Printed.FromModel(call)}},{"type":"result","subtype":"error_max_structured_output_retries","is_error":true,"total_cost_usd":0,{{Printed.ZeroUsage}},"modelUsage":{},"errors":["Failed"]}]""";

        var (reply, cost, _) = ClaudeOutputParser.Parse(output, hasSchema: true);

        Assert.Equal("""{"nonsense":1}""", reply.Text);
        Assert.Equal(("claude-sonnet-5", "msg_1", "req_1"), (reply.Model, reply.Id, reply.RequestId));
        Assert.True(reply.Usage is { InputTokens: 19, OutputTokens: > 10, IsEstimated: true });
        Assert.Null(cost);
    }

    [Fact]
    public void Text_where_a_schema_was_asked_for_is_handed_on()
    {
        var init = Printed.Init.Replace("\"tools\":[]", "\"tools\":[\"StructuredOutput\"]", StringComparison.Ordinal);

        Assert.Equal("Hello", ClaudeOutputParser.Parse(init + "\n" + Printed.Answer, hasSchema: true).Reply.Text);
        Assert.Equal("", ClaudeOutputParser.Parse("""{"type":"result","is_error":false,"result":""}""", hasSchema: true).Reply.Text);
    }

    [Fact]
    public void A_schema_that_the_CLI_dropped_is_an_error()
    {
        var error = Assert.Throws<CliOutputException>(() => ClaudeOutputParser.Parse(Printed.Init + "\n" + Printed.Answer, hasSchema: true));

        Assert.Equal(ProviderErrorKind.InvalidRequest, error.Kind);
        Assert.Equal(5, error.Partial!.Reply.Usage!.OutputTokens);
        Assert.Equal("Hello", ClaudeOutputParser.Parse(Printed.Init + "\n" + Printed.Answer, hasSchema: false).Reply.Text);
    }

    [Fact]
    public void A_prompt_that_the_CLI_took_for_a_command_is_an_error_and_no_answer()
    {
        var output = $$"""{"type":"result","subtype":"success","is_error":false,"num_turns":0,"result":"Total cost: $0.0000",{{Printed.ZeroUsage}}}""";

        Assert.Equal(ProviderErrorKind.InvalidRequest, Assert.Throws<CliOutputException>(() => ClaudeOutputParser.Parse(output, hasSchema: false)).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"usage\":{\"input_tokens\":\"many\"}")]
    public void Without_counts_the_client_is_left_to_estimate(string usage)
    {
        var (reply, _, _) = ClaudeOutputParser.Parse($$"""{"type":"result","result":"Hi"{{usage}}}""", hasSchema: false);

        Assert.Null(reply.Usage);
        Assert.Single(reply.Losses);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("-1")]
    [InlineData("\"0.1\"")]
    [InlineData("1e400")]
    public void A_cost_that_is_none_is_unknown(string cost)
        => Assert.Null(ClaudeOutputParser.Parse($$"""{"type":"result","result":"Hi","total_cost_usd":{{cost}}}""", hasSchema: false).CostUsd);

    [Fact]
    public void Of_several_models_the_one_that_wrote_most_answered()
        => Assert.Equal("big", ClaudeOutputParser.Parse("""{"type":"result","result":"Hi","modelUsage":{"small":{"outputTokens":3},"big":{"outputTokens":30},"other":{}}}""", hasSchema: false).Reply.Model);

    [Theory]
    [InlineData("""{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1900000000}}""", "You've hit your limit")]
    [InlineData("", "Claude AI usage limit reached|1900000000")]
    public void The_end_of_a_limit_is_told(string before, string message)
    {
        var error = Assert.Throws<CliOutputException>(() => ClaudeOutputParser.Parse($"{before}\n{Printed.Error(message)}", hasSchema: false));

        Assert.Equal((ProviderErrorKind.RateLimited, DateTimeOffset.FromUnixTimeSeconds(1900000000)), (error.Kind, error.ResetsAt));
    }

    [Fact]
    public void No_text_makes_the_parser_throw_anything_but_its_own_error()
        => Gen.Select(Gen.OneOf(Gen.String, Gen.String[Gen.Char["{}[]\":,\\ud80typeresultmsgn01.eE-\n\u001b\uD800"], 0, 200]), Gen.Bool).Sample(static (text, schema) => ThrowsOnlyItsOwn(text, schema));

    [Fact]
    public void No_damage_to_a_real_output_makes_it_throw_anything_but_its_own_error()
    {
        string[] outputs = [Printed.Answer, Printed.Structured, Printed.Error("API Error: 500", 500), $"[{Printed.Init},{Printed.FromModel(Printed.Text("x"))},{Printed.Answer}]"];
        Gen.Select(Gen.Int[0, outputs.Length - 1], Gen.Int[0, 2000], Gen.Int[0, 30], Gen.OneOf(((string[])["", "null", "{}", "[]", "\"\\ud800\"", "1e999", "\"", "}", "9223372036854775807", "\n"]).Select(Gen.Const).ToArray()), Gen.Bool)
            .Sample((which, at, length, put, schema) =>
            {
                var text = outputs[which];
                at %= text.Length;
                ThrowsOnlyItsOwn(text.Remove(at, Math.Min(length, text.Length - at)).Insert(at, put), schema);
            });
    }

    [Theory]
    [InlineData("""{"type":"result","is_error":true,"\ud800":1,"errors":["\ud800"]}""")]
    [InlineData("""{"type":"result","result":"x","modelUsage":{"\ud800":{"outputTokens":1}}}""")]
    [InlineData("""{"type":"result","result":"\ud800"}""")]
    [InlineData("""{"\ud800":1,"type":"result","result":"x"}""")]
    [InlineData("""{"type":"result","is_error":true,"result":"API Error: 99999999999"}""")]
    public void Half_a_surrogate_pair_is_survived(string output) => ThrowsOnlyItsOwn(output, hasSchema: false);

    /// <summary>Fails where another exception comes out.</summary>
    private static void ThrowsOnlyItsOwn(string text, bool hasSchema)
    {
        try
        {
            Assert.NotNull(ClaudeOutputParser.Parse(text, hasSchema).Reply);
        }
        catch (CliOutputException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }
}
