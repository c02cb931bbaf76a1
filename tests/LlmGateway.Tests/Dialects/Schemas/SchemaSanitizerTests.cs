using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGateway.Dialects.Anthropic;
using LlmGateway.Dialects.Gemini;
using LlmGateway.Dialects.OpenAI;
using LlmGateway.Dialects.Schemas;
using LlmGateway.Providers.LocalClaude;

namespace LlmGateway.Tests.Dialects.Schemas;

/// <summary>What each vendor's rules make of a schema, and what they refuse.</summary>
public class SchemaSanitizerTests
{
    private const string Tree = """{"type":"object","properties":{"n":{"type":"string"},"kids":{"type":"array","items":{"$ref":"#"}}},"required":["n","kids"],"additionalProperties":false}""";

    [Theory]
    [InlineData("""{"type":"integer","minimum":1,"maximum":9}""", """{"type":"integer","minimum":1,"maximum":9}""")]
    [InlineData("""{"type":"string","minLength":2,"maxLength":1,"format":"uri","default":"x"}""", """{"type":"string","description":"(at least 2 characters, at most 1 character, in the format uri, default: \"x\")"}""")]
    [InlineData("""{"type":"string","pattern":"^a$","format":"email"}""", """{"type":"string","pattern":"^a$","format":"email"}""")]
    [InlineData("""{"type":"string","pattern":"^(?=a)b$"}""", """{"type":"string","description":"(must match ^(?=a)b$)"}""")]
    [InlineData("""{"enum":["a","b",null]}""", """{"type":["string","null"],"enum":["a","b",null]}""")]
    [InlineData("""{"const":"a"}""", """{"type":"string","const":"a"}""")]
    [InlineData("""{"type":"integer","not":{"enum":[13]}}""", """{"type":"integer","description":"(none of: [13])"}""")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"null"}]}""", """{"anyOf":[{"type":"string"},{"type":"null"}]}""")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"type":"number"}]}""", """{"anyOf":[{"type":"integer"},{"type":"number"}],"description":"(exactly one of the choices)"}""")]
    [InlineData("""{"allOf":[{"type":"integer"},{"minimum":3}]}""", """{"type":"integer","minimum":3}""")]
    [InlineData("""{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}],"items":false}""", """{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"integer"}]},"description":"(items in this order: [{\"type\":\"string\"},{\"type\":\"integer\"}])"}""")]
    [InlineData("""{"type":"array","items":[{"type":"string"},{"type":"string"}]}""", """{"type":"array","items":{"type":"string"},"description":"(items in this order: [{\"type\":\"string\"},{\"type\":\"string\"}])"}""")]
    [InlineData("""{"type":"array","items":{"type":"string"},"minItems":2,"uniqueItems":true}""", """{"type":"array","items":{"type":"string"},"minItems":2,"description":"(no item twice)"}""")]
    [InlineData("""{"type":["object","null"],"properties":{"y":{"type":"integer"}},"required":["y"]}""", """{"type":["object","null"],"properties":{"y":{"type":"integer"}},"required":["y"],"additionalProperties":false}""")]
    public void OpenAI_takes_few_keywords_and_words_for_the_rest(string member, string expected)
        => AssertFit(OpenAISchema.Rules, Root(member), Root(expected));

    [Fact]
    public void OpenAI_requires_every_member_and_takes_null_for_one_that_is_left_out()
    {
        var fit = AssertFit(
            OpenAISchema.Rules,
            """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":["integer","null"]},"c":{"type":"string","enum":["x"],"description":"C."},"d":{"anyOf":[{"type":"string"},{"type":"integer"}]},"e":{"$ref":"#/$defs/e"}},"required":["a"],"additionalProperties":false,"$defs":{"e":{"type":"string"}}}""",
            """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":["integer","null"]},"c":{"anyOf":[{"type":"string","enum":["x"]},{"type":"null"}],"description":"C. (null where it is left out)"},"d":{"anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}],"description":"(null where it is left out)"},"e":{"anyOf":[{"$ref":"#/$defs/e"},{"type":"null"}],"description":"(null where it is left out)"}},"required":["a","b","c","d","e"],"additionalProperties":false,"$defs":{"e":{"type":"string"}}}""");

        Assert.True(fit.HasNullsForAbsent);
        Assert.Equal(["/properties/b: required, with null for left out", "/properties/c: required, with null for left out", "/properties/d: required, with null for left out", "/properties/e: required, with null for left out"], fit.Notes);
        Assert.False(Fit(OpenAISchema.Rules, Root("""{"type":"integer"}""")).HasNullsForAbsent);
    }

    [Fact]
    public void References_to_any_place_get_a_name_and_stand_alone()
    {
        AssertFit(
            OpenAISchema.Rules,
            """{"type":"object","properties":{"a":{"type":"string"},"b":{"$ref":"#/properties/a","description":"Like a."},"c":{"$ref":"#/$defs/d"}},"required":["a","b","c"],"additionalProperties":false,"$defs":{"d":{"type":"integer"}}}""",
            """{"type":"object","properties":{"a":{"type":"string"},"b":{"anyOf":[{"$ref":"#/$defs/a"}],"description":"Like a."},"c":{"$ref":"#/$defs/d"}},"required":["a","b","c"],"additionalProperties":false,"$defs":{"d":{"type":"integer"},"a":{"type":"string"}}}""");
        AssertFit(
            OpenAISchema.Rules,
            """{"type":"object","properties":{"c":{"$ref":"#/definitions/d"}},"required":["c"],"additionalProperties":false,"definitions":{"d":{"type":"integer"}}}""",
            """{"type":"object","properties":{"c":{"$ref":"#/$defs/d"}},"required":["c"],"additionalProperties":false,"$defs":{"d":{"type":"integer"}}}""");
        Assert.Equal("the reference 'https://example.com/x', which points to nothing in the schema", Fit(OpenAISchema.Rules, Root("""{"$ref":"https://example.com/x"}""")).Refusal);
    }

    [Fact]
    public void A_schema_may_refer_to_itself_where_the_vendor_unrolls_it()
    {
        Assert.Equal(
            """{"$ref":"#/$defs/root"}""",
            Fit(OpenAISchema.Rules, Tree).Schema.GetProperty("$defs").GetProperty("root").GetProperty("properties").GetProperty("kids").GetProperty("items").GetRawText());
        Assert.Equal("a schema that refers to itself (root)", Fit(AnthropicSchema.Rules, Tree).Refusal);
        Assert.Equal("a schema that refers to itself below a required member (root)", Fit(GeminiSchema.Rules, Tree).Refusal);
        Assert.Null(Fit(GeminiSchema.Rules, Tree.Replace("\"n\",\"kids\"", "\"n\"", StringComparison.Ordinal)).Refusal);
        Assert.Null(Fit(AnthropicSchema.Rules, """{"type":"object","properties":{"a":{"$ref":"#/$defs/p"},"b":{"$ref":"#/$defs/p"}},"additionalProperties":false,"$defs":{"p":{"type":"string"}}}""").Refusal);
    }

    [Theory]
    [InlineData("true", "/properties/m: a value of any type")]
    [InlineData("""{"description":"x"}""", "/properties/m: a value of any type")]
    [InlineData("""{"type":"array","items":true}""", "/properties/m/items: a value of any type")]
    [InlineData("false", "/properties/m: a value that nothing satisfies")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""", "/properties/m: members of any name (additionalProperties)")]
    [InlineData("""{"type":"object","properties":{},"patternProperties":{"^a":{"type":"string"}}}""", "/properties/m: members of any name (patternProperties)")]
    [InlineData("""{"type":"object"}""", "/properties/m: an object of any members")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["b"],"additionalProperties":false}""", "/properties/m: a required member 'b' that it does not describe")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"anyOf":[{"required":["a"]},{"required":["b"]}]}""", "/properties/m/anyOf/0: a choice between conditions")]
    [InlineData("""{"allOf":[{"type":"integer"},{"type":"number"}]}""", "/properties/m: allOf")]
    public void What_OpenAI_cannot_say_is_refused_with_its_place(string member, string refusal)
        => Assert.Equal(refusal, Fit(OpenAISchema.Rules, Root(member)).Refusal);

    [Theory]
    [InlineData("""{"type":"array","items":{"type":"string"}}""")]
    [InlineData("""{"type":"object","properties":{},"additionalProperties":false,"anyOf":[{"type":"object"}]}""")]
    public void OpenAI_refuses_a_root_that_is_not_plainly_an_object(string schema)
        => Assert.Equal("an answer that is not plainly an object", Fit(OpenAISchema.Rules, schema).Refusal);

    [Fact]
    public void Bounds_on_the_whole_are_counted()
    {
        Assert.Null(Fit(OpenAISchema.Rules, Nested(9)).Refusal);
        Assert.Equal("a schema of 11 levels of nesting, of which 10 are allowed", Fit(OpenAISchema.Rules, Nested(10)).Refusal);
        Assert.Equal("a schema of 5001 members, of which 5000 are allowed", Fit(OpenAISchema.Rules, Wide(5001, """{"type":"string"}""", isRequired: true)).Refusal);
        Assert.Equal("a schema of 1001 values of enums, of which 1000 are allowed", Fit(OpenAISchema.Rules, Root($$"""{"type":"integer","enum":[{{string.Join(",", Enumerable.Range(0, 1001))}}]}""")).Refusal);
        Assert.Equal("a schema of 15060 characters in the values of one enum, of which 15000 are allowed", Fit(OpenAISchema.Rules, Root($$"""{"type":"string","enum":[{{string.Join(",", Enumerable.Range(1000, 251).Select(i => $"\"{new string('a', 56)}{i}\""))}}]}""")).Refusal);
        Assert.Equal("a schema of 120006 characters in its names and values, of which 120000 are allowed", Fit(OpenAISchema.Rules, Root($$"""{"type":"string","const":"{{new string('a', 120_000)}}"}""")).Refusal);
        Assert.Null(Fit(AnthropicSchema.Rules, Wide(24, """{"type":"string"}""", isRequired: false)).Refusal);
        Assert.Equal("a schema of 25 members that may be left out, of which 24 are allowed", Fit(AnthropicSchema.Rules, Wide(25, """{"type":"string"}""", isRequired: false)).Refusal);
        Assert.Null(Fit(AnthropicSchema.Rules, Wide(16, """{"type":["string","null"]}""", isRequired: true)).Refusal);
        Assert.Equal("a schema of 17 places of several types, of which 16 are allowed", Fit(AnthropicSchema.Rules, Wide(17, """{"type":["string","null"]}""", isRequired: true)).Refusal);
    }

    [Theory]
    [InlineData("""{"type":"integer","minimum":1,"exclusiveMaximum":9}""", """{"type":"integer","minimum":1,"description":"(less than 9)"}""")]
    [InlineData("""{"const":"circle"}""", """{"type":"string","enum":["circle"]}""")]
    [InlineData("""{"const":true}""", """{"type":"boolean","description":"(always true)"}""")]
    [InlineData("""{"type":["string","null"],"enum":["a",null]}""", """{"anyOf":[{"type":"string","enum":["a"]},{"type":"null"}]}""")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"type":"number"}]}""", """{"oneOf":[{"type":"integer"},{"type":"number"}]}""")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string","minLength":1}}""", """{"type":"object","additionalProperties":{"type":"string","description":"(at least 1 character)"}}""")]
    [InlineData("""{"type":"array","prefixItems":[{"type":"string"}],"minItems":3}""", """{"type":"array","prefixItems":[{"type":"string"}],"minItems":3}""")]
    [InlineData("true", "{}")]
    public void Gemini_takes_its_documented_keywords(string member, string expected)
        => AssertFit(GeminiSchema.Rules, Root(member), Root(expected));

    [Theory]
    [InlineData("""{"type":"integer","minimum":1}""", """{"type":"integer","description":"(at least 1)"}""")]
    [InlineData("""{"enum":[{"a":1}]}""", """{"type":"object","description":"(one of: [{\"a\":1}])"}""")]
    public void Anthropic_takes_no_bounds_and_only_plain_values(string member, string expected)
    {
        if (member.Contains("enum", StringComparison.Ordinal)) Assert.Equal("/properties/m: an object of any members", Fit(AnthropicSchema.Rules, Root(member)).Refusal);
        else AssertFit(AnthropicSchema.Rules, Root(member), Root(expected));
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"description":{"type":"string"},"$ref":{"type":"integer"}},"required":["description","$ref"],"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"enum":{"type":"array","items":{"type":"string"}}},"required":["enum"],"additionalProperties":false}""")]
    public void A_member_that_is_called_like_a_keyword_stays(string schema)
    {
        foreach (var rules in All) AssertFit(rules, schema, schema);
    }

    [Fact]
    public void What_was_turned_once_is_not_turned_again()
    {
        foreach (var rules in All)
        {
            foreach (var member in Samples)
            {
                if (Fit(rules, Root(member)) is not { Refusal: null } fit) continue;
                var again = SchemaSanitizer.Fit(fit.Schema, rules);
                Assert.Equal((null, 0, fit.Schema.GetRawText()), (again.Refusal, again.Notes.Count, again.Schema.GetRawText()));
                if (rules == OpenAISchema.Rules) Assert.True(OpenAISchema.IsStrict(fit.Schema));
            }
        }
    }

    [Theory]
    [InlineData("""{"type":7}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"},"a":{"type":"string"}},"additionalProperties":false}""")]
    public void A_schema_that_is_none_is_refused(string member)
    {
        foreach (var rules in All) Assert.NotNull(Fit(rules, Root(member)).Refusal);
    }

    private static SchemaRules[] All => [OpenAISchema.Rules, AnthropicSchema.Rules, GeminiSchema.Rules, ClaudeSchema.Rules];

    private static string[] Samples =>
    [
        """{"type":"string","minLength":2,"maxLength":1,"format":"uri","default":"x","pattern":"^(?=a)b$"}""",
        """{"enum":["a","b",null]}""", """{"const":true}""", """{"oneOf":[{"type":"integer"},{"type":"number"}]}""",
        """{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}],"items":false,"uniqueItems":true,"minItems":2}""",
        """{"anyOf":[{"type":"object","properties":{"k":{"const":"a"}},"required":["k"]},{"type":"object","properties":{"k":{"const":"b"},"o":{"type":"string"}},"required":["k"]}]}""",
        """{"$ref":"#/properties/other","description":"The other."}""",
        """{"type":["object","null"],"properties":{"a":{"type":"string","not":{"const":"x"}}},"description":"D."}""",
    ];

    private static string Root(string member)
        => $$$"""{"type":"object","properties":{"m":{{{member}}},"other":{"type":"integer"}},"required":["m","other"],"additionalProperties":false}""";

    private static string Nested(int depth)
        => depth == 0 ? """{"type":"array","items":{"type":"string"}}""" : $$$"""{"type":"object","properties":{"a":{{{Nested(depth - 1)}}}},"required":["a"],"additionalProperties":false}""";

    private static string Wide(int count, string member, bool isRequired)
        => $$"""{"type":"object","properties":{{{string.Join(",", Enumerable.Range(0, count).Select(i => $"\"p{i}\":{member}"))}}},"required":[{{(isRequired ? string.Join(",", Enumerable.Range(0, count).Select(i => $"\"p{i}\"")) : "")}}],"additionalProperties":false}""";

    private static SchemaFit Fit(SchemaRules rules, string schema) => SchemaSanitizer.Fit(JsonElement.Parse(schema), rules);

    private static SchemaFit AssertFit(SchemaRules rules, string schema, string expected)
    {
        var fit = Fit(rules, schema);
        Assert.Null(fit.Refusal);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(fit.Schema.GetRawText())), fit.Schema.GetRawText());
        return fit;
    }
}
