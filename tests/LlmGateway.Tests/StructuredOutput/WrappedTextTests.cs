using LlmGateway.StructuredOutput;

namespace LlmGateway.Tests.StructuredOutput;

/// <summary>A cut answer without the wrapper that is between us and the vendor.</summary>
public class WrappedTextTests
{
    [Theory]
    [InlineData("""{"value":[1,2""", "[1,2")]
    [InlineData(""" { "value" : [1,2] }""", "[1,2]")]
    [InlineData("""{"value":[1,2],""", "[1,2]")]
    [InlineData("""{"value":12""", "12")]
    [InlineData("""{"value":"Os""", "\"Os")]
    [InlineData("""{"value":""", "")]
    [InlineData("```json\n{\"value\":[1", "[1")]
    public void The_inner_text_is_shown_as_far_as_it_came(string text, string inner) => Assert.Equal(inner, WrappedText.Inner(text));

    [Theory]
    [InlineData("")]
    [InlineData("[1,2")]
    [InlineData("""{"val""")]
    [InlineData("""{"value" """)]
    [InlineData("""{"other":1,"value":2""")]
    [InlineData("""As in {"value":1}, I""")]
    [InlineData("{value")]
    public void What_has_no_wrapper_is_left_as_it_is(string text) => Assert.Equal(text, WrappedText.Inner(text));
}
