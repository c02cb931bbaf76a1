using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGateway.Dialects.Anthropic;
using LlmGateway.Wire;

namespace LlmGateway.Tests.Dialects.Anthropic;

public class AnthropicSchemaTests
{
    [Theory]
    [InlineData("""{"type":"string","minLength":2,"description":"A name."}""", """{"type":"string","description":"A name. (at least 2 characters)"}""")]
    [InlineData("""{"type":"string","format":"email"}""", """{"type":"string","format":"email"}""")]
    [InlineData("""{"type":"string","format":"phone"}""", """{"type":"string","description":"(in the format phone)"}""")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":1,"maxItems":3}""", """{"type":"array","items":{"type":"integer"},"minItems":1,"description":"(at most 3 items)"}""")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":2}""", """{"type":"array","items":{"type":"integer"},"description":"(at least 2 items)"}""")]
    [InlineData("""{"oneOf":[{"type":"null"},{"type":"string","pattern":"^a$"}]}""", """{"anyOf":[{"type":"null"},{"type":"string","description":"(must match ^a$)"}]}""")]
    [InlineData("""{"type":["object","null"],"properties":{"description":{"type":"string"}}}""", """{"type":["object","null"],"properties":{"description":{"type":"string"}},"additionalProperties":false}""")]
    [InlineData("""{"enum":["a","b"],"default":"a","$comment":"x"}""", """{"enum":["a","b"],"default":"a"}""")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"integer","minimum":1}}""", """{"type":"object","additionalProperties":{"type":"integer","minimum":1}}""")]
    [InlineData("true", "true")]
    public void What_the_api_does_not_take_is_said_in_the_description_and_what_cannot_be_said_goes_as_it_is(string schema, string written)
    {
        using var document = JsonDocument.Parse(schema);
        using var buffer = new PooledBuffer();
        using (var json = new Utf8JsonWriter(buffer)) AnthropicSchema.Write(json, new OutputSchema("S", document.RootElement, OutputMode.Native));

        var actual = JsonNode.Parse(buffer.WrittenMemory.Span);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(written), actual), actual!.ToJsonString());
    }
}
