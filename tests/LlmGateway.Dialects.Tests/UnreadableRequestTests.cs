using LlmGateway.Dialects.Gemini;

namespace LlmGateway.Dialects.Tests;

/// <summary>What a caller says in a form that can't be read is refused, and not left out of its prompt.</summary>
public class UnreadableRequestTests
{
    [Theory]
    [InlineData("openai", """{"model":"m","messages":[{"role":"user","content":5}]}""", "messages[0].content")]
    [InlineData("openai", """{"model":"m","messages":[{"role":"user","content":{"type":"text","text":"Hi"}}]}""", "messages[0].content")]
    [InlineData("openai", """{"model":"m","messages":[{"role":"tool","tool_call_id":"c","content":true}]}""", "messages[0].content")]
    [InlineData("openai_responses", """{"model":"m","input":[{"role":"user","content":5}]}""", "input[0].content")]
    [InlineData("anthropic", """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":5}]}""", "messages.0.content")]
    [InlineData("gemini", """{"contents":[{"parts":5}]}""", "contents[0].parts")]
    [InlineData("gemini", """{"contents":[{"parts":"Hi"}]}""", "contents[0].parts")]
    public void A_message_whose_content_is_no_content_is_refused(string dialect, string body, string place)
    {
        var refused = Assert.Throws<DialectException>(() => Codec.ReadRequest(Dialect.Find(dialect)!, body, "m"));

        Assert.Equal(ProviderErrorKind.InvalidRequest, refused.Kind);
        Assert.Contains(place, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai", "temperature", "\"hot\"")]
    [InlineData("openai", "temperature", "1e999")]
    [InlineData("openai", "max_tokens", "\"many\"")]
    [InlineData("openai", "max_tokens", "1.5")]
    [InlineData("openai", "max_completion_tokens", "99999999999")]
    [InlineData("openai", "stream", "\"yes\"")]
    [InlineData("openai", "stop", "[1]")]
    [InlineData("openai", "stop", "{}")]
    [InlineData("openai", "seed", "true")]
    [InlineData("openai", "tools", "{}")]
    [InlineData("openai", "tool_choice", "1")]
    [InlineData("openai", "parallel_tool_calls", "\"no\"")]
    [InlineData("openai", "response_format", "\"json\"")]
    [InlineData("openai", "reasoning_effort", "3")]
    [InlineData("openai", "metadata", "[]")]
    [InlineData("openai", "user", "7")]
    [InlineData("openai_responses", "temperature", "\"hot\"")]
    [InlineData("openai_responses", "max_output_tokens", "\"many\"")]
    [InlineData("openai_responses", "stream", "1")]
    [InlineData("openai_responses", "instructions", "[]")]
    [InlineData("openai_responses", "tools", "\"none\"")]
    [InlineData("openai_responses", "text", "\"json\"")]
    [InlineData("openai_responses", "reasoning", "\"high\"")]
    [InlineData("openai_responses", "reasoning.effort", "1")]
    [InlineData("anthropic", "temperature", "\"hot\"")]
    [InlineData("anthropic", "max_tokens", "\"many\"")]
    [InlineData("anthropic", "stream", "\"yes\"")]
    [InlineData("anthropic", "system", "5")]
    [InlineData("anthropic", "stop_sequences", "[null]")]
    [InlineData("anthropic", "tools", "{}")]
    [InlineData("anthropic", "tool_choice", "\"any\"")]
    [InlineData("anthropic", "thinking", "true")]
    [InlineData("anthropic", "thinking.budget_tokens", "\"4k\"")]
    [InlineData("anthropic", "metadata.user_id", "7")]
    [InlineData("gemini", "generationConfig", "[]")]
    [InlineData("gemini", "generationConfig.temperature", "\"hot\"")]
    [InlineData("gemini", "generationConfig.maxOutputTokens", "\"many\"")]
    [InlineData("gemini", "generationConfig.stopSequences", "{}")]
    [InlineData("gemini", "generationConfig.responseSchema", "\"object\"")]
    [InlineData("gemini", "generationConfig.thinkingConfig.includeThoughts", "\"yes\"")]
    [InlineData("gemini", "systemInstruction", "5")]
    [InlineData("gemini", "tools", "\"all\"")]
    [InlineData("gemini", "toolConfig", "\"ANY\"")]
    public void A_field_of_a_wrong_type_is_refused_by_its_name(string dialect, string place, string value)
    {
        var refused = Assert.Throws<DialectException>(() => Codec.ReadRequest(Dialect.Find(dialect)!, With(dialect, place, value), "m"));

        Assert.Equal(ProviderErrorKind.InvalidRequest, refused.Kind);
        Assert.Contains(place, refused.Message, StringComparison.Ordinal);
        if ((dialect, place) is not ("anthropic", "max_tokens")) _ = Codec.ReadRequest(Dialect.Find(dialect)!, With(dialect, place, "null"), "m");
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("openai_responses")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    public void What_is_said_twice_or_is_no_text_is_refused(string dialect)
    {
        foreach (var (wrong, named) in ((string, string)[])[("""{"a":1,"a":2}""", "a"), ("\"\\ud83d\"", "surrogate"), (string.Concat(Enumerable.Repeat("[", 100)) + string.Concat(Enumerable.Repeat("]", 100)), "depth")])
        {
            var refused = Assert.Throws<DialectException>(() => Codec.ReadRequest(Dialect.Find(dialect)!, With(dialect, "anything", wrong), "m"));
            Assert.Equal(ProviderErrorKind.InvalidRequest, refused.Kind);
            Assert.Contains(named, refused.Message, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void A_whole_number_may_be_written_with_a_fraction_of_zero_and_Geminis_numbers_as_strings()
    {
        Assert.Equal(100, Codec.ReadRequest(Dialect.Find("openai")!, With("openai", "max_tokens", "100.0"), "m").MaxTokens);
        var request = Codec.ReadRequest(GeminiDialect.Instance, """{"contents":[{"parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":"100","temperature":"0.5"}}""", "m");
        Assert.Equal((100, 0.5), (request.MaxTokens, request.Temperature));
    }

    [Fact]
    public void One_tool_of_Geminis_stands_for_a_list_of_one()
        => Assert.Equal("f", Assert.Single(Codec.ReadRequest(GeminiDialect.Instance, With("gemini", "tools", """{"functionDeclarations":{"name":"f"}}"""), "m").Tools).Name);

    private static string With(string dialect, string place, string value)
    {
        foreach (var part in place.Split('.').Reverse()) value = $"{{\"{part}\":{value}}}";
        var body = dialect switch
        {
            "openai" => """{"model":"m","messages":[{"role":"user","content":"Hi"}],""",
            "openai_responses" => """{"model":"m","input":"Hi",""",
            "anthropic" => """{"model":"m","messages":[{"role":"user","content":"Hi"}],""" + (place == "max_tokens" ? "" : "\"max_tokens\":9,"),
            _ => """{"contents":[{"parts":[{"text":"Hi"}]}],""",
        };
        return body + value[1..];
    }

    [Theory]
    [InlineData("""{"contents":{"role":"user","parts":{"text":"Hi"}}}""")]
    [InlineData("""{"contents":[{"parts":{"text":"Hi"}}]}""")]
    public void One_of_anything_stands_for_a_list_of_one_with_Gemini(string body)
        => Assert.Equal("Hi", Assert.Single(Codec.ReadRequest(GeminiDialect.Instance, body, "m").Messages).Content);
}
