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
    [InlineData("""{"contents":{"role":"user","parts":{"text":"Hi"}}}""")]
    [InlineData("""{"contents":[{"parts":{"text":"Hi"}}]}""")]
    public void One_of_anything_stands_for_a_list_of_one_with_Gemini(string body)
        => Assert.Equal("Hi", Assert.Single(Codec.ReadRequest(GeminiDialect.Instance, body, "m").Messages).Content);
}
