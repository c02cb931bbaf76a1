using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGateway.Dialects.Anthropic;
using LlmGateway.Wire;

namespace LlmGateway.Tests.Dialects.Anthropic;

public class AnthropicSchemaTests
{
    [Theory]
    [InlineData("""{"type":"string","minLength":2,"description":"A name."}""", """{"type":"string","description":"A name. (minLength: 2)"}""")]
    [InlineData("""{"type":"string","format":"email"}""", """{"type":"string","format":"email"}""")]
    [InlineData("""{"type":"string","format":"phone"}""", """{"type":"string","description":"(format: \u0022phone\u0022)"}""")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":1,"maxItems":3}""", """{"type":"array","items":{"type":"integer"},"minItems":1,"description":"(maxItems: 3)"}""")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":2}""", """{"type":"array","items":{"type":"integer"},"description":"(minItems: 2)"}""")]
    [InlineData("""{"oneOf":[{"type":"null"},{"type":"string","pattern":"^a$"}]}""", """{"anyOf":[{"type":"null"},{"type":"string","description":"(pattern: \u0022^a$\u0022)"}]}""")]
    [InlineData("""{"type":["object","null"],"properties":{"description":{"type":"string"}}}""", """{"type":["object","null"],"properties":{"description":{"type":"string"}},"additionalProperties":false}""")]
    [InlineData("""{"enum":["a","b"],"default":"a","$comment":"x"}""", """{"enum":["a","b"],"default":"a"}""")]
    [InlineData("true", "{}")]
    public void What_the_api_does_not_take_is_said_in_the_description(string schema, string written)
    {
        using var document = JsonDocument.Parse(schema);
        using var buffer = new PooledBuffer();
        using (var json = new Utf8JsonWriter(buffer)) AnthropicSchema.Write(json, new OutputSchema("S", document.RootElement, OutputMode.Native));

        var actual = JsonNode.Parse(buffer.WrittenMemory.Span);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(written), actual), actual!.ToJsonString());
    }
}
