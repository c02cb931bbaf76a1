using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGateway.Providers.LocalClaude;

namespace LlmGateway.Tests.Providers.LocalClaude;

public sealed class ClaudeSchemaTests
{
    [Fact]
    public void What_the_CLI_compiles_is_passed_on_as_it_is()
    {
        const string schema = """{"type":["object","null"],"properties":{"a":{"type":"string","minLength":1,"pattern":"^a+$","description":"d"},"b":{"type":"array","items":{"$ref":"#/$defs/c"},"minItems":2}},"required":["a"],"additionalProperties":{"type":"integer","minimum":0},"$defs":{"c":{"anyOf":[{"type":"null"},{"enum":["x",1.50]}]}}}""";

        Assert.Equal(schema, Of(schema));
    }

    [Fact]
    public void What_would_make_the_CLI_drop_the_schema_moves_into_the_description()
        => AssertSame(
            """{"type":"object","properties":{"on":{"type":"string","description":"The day. (in the format date)"},"pair":{"type":"array","items":{"type":"string"},"description":"(items in this order: [{\"type\":\"string\"}])"}}}""",
            """{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"x","type":"object","properties":{"on":{"type":"string","format":"date","description":"The day."},"pair":{"type":"array","prefixItems":[{"type":"string"}]}}}""");

    [Fact]
    public void A_member_that_is_called_like_a_keyword_stays()
        => AssertSame(
            """{"type":"object","properties":{"format":{"type":"string"},"$schema":{"type":"string"}}}""",
            """{"type":"object","properties":{"format":{"type":"string"},"$schema":{"type":"string"}}}""");

    private static string Of(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return ClaudeSchema.Of(document.RootElement);
    }

    private static void AssertSame(string expected, string schema)
        => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(Of(schema))), Of(schema));
}
