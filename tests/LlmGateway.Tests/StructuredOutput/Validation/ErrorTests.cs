using System.Text;
using System.Text.Json;

namespace LlmGateway.Tests.StructuredOutput.Validation;

public sealed class ErrorTests
{
    [Theory]
    [InlineData("""{"type":["string","null"]}""", "1", "", "/type", "is 1, and must be string or null", "1")]
    [InlineData("""{"enum":["a",2]}""", "\"b\"", "", "/enum", "is \"b\", and must be one of \"a\", 2", "\"b\"")]
    [InlineData("""{"const":{"a":1}}""", "[]", "", "/const", "is an array, and must be {\"a\":1}", "[]")]
    [InlineData("""{"properties":{"a":{"minimum":1.50}}}""", """{"a":1}""", "/a", "/properties/a/minimum", "is 1, and must be at least 1.50", "1")]
    [InlineData("""{"multipleOf":0.1}""", "0.25", "", "/multipleOf", "is 0.25, and must be a multiple of 0.1", "0.25")]
    [InlineData("""{"minLength":2}""", "\"a\"", "", "/minLength", "has 1 character, and must have at least 2", "\"a\"")]
    [InlineData("""{"pattern":"^a"}""", "\"b\"", "", "/pattern", "is \"b\", and must match the pattern ^a", "\"b\"")]
    [InlineData("""{"required":["a"]}""", "{}", "/a", "/required", "is missing, and required", null)]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"a":1}""", "/b", "/dependentRequired", "is missing, and required where 'a' is given", null)]
    [InlineData("""{"additionalProperties":false}""", """{"x":1}""", "/x", "/additionalProperties", "is not a known member, and no others are allowed", "1")]
    [InlineData("""{"unevaluatedProperties":false}""", """{"x":1}""", "/x", "/unevaluatedProperties", "is not a known member, and no others are allowed", "1")]
    [InlineData("""{"prefixItems":[true],"unevaluatedItems":false}""", "[1,2]", "/1", "/unevaluatedItems", "is not a known item, and no others are allowed", "2")]
    [InlineData("""{"properties":{"a":false}}""", """{"a":1}""", "/a", "/properties/a", "is not allowed here", "1")]
    [InlineData("""{"propertyNames":{"maxLength":1}}""", """{"ab":1}""", "/ab", "/propertyNames/maxLength", "has 2 characters, and must have at most 1", "\"ab\"")]
    [InlineData("""{"maxProperties":0}""", """{"ab":1}""", "", "/maxProperties", "has 1 member, and must have at most 0", """{"ab":1}""")]
    [InlineData("""{"contains":{"type":"null"}}""", "[1]", "", "/contains", "has 0 items of the kind that it must contain, and must have at least 1", "[1]")]
    [InlineData("""{"contains":{"type":"null"},"maxContains":1}""", "[null,null]", "", "/maxContains", "has 2 items of the kind that it must contain, and must have at most 1", "[null,null]")]
    [InlineData("""{"uniqueItems":true}""", "[1,1.0]", "/1", "/uniqueItems", "stands in the array more than once", "1.0")]
    [InlineData("""{"not":{"type":"integer"}}""", "1", "", "/not", "is 1, which is excluded", "1")]
    [InlineData("""{"oneOf":[{"minimum":1},{"maximum":3}]}""", "2", "", "/oneOf", "fits 2 of the alternatives, and must fit exactly one", "2")]
    [InlineData("""{"if":{"type":"integer"},"then":{"minimum":5}}""", "2", "", "/then/minimum", "is 2, and must be at least 5", "2")]
    [InlineData("""{"$ref":"#/$defs/a~1b","$defs":{"a/b":{"items":{"type":"null"}}}}""", "[null,7]", "/1", "/$defs/a~1b/items/type", "is 7, and must be null", "7")]
    [InlineData("""{"$ref":"http://json-schema.org/draft-07/schema#"}""", "7", "", "/$ref", "is 7, and must be boolean or object", "7")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-04/schema#","minimum":2,"exclusiveMinimum":true}""", "2", "", "/exclusiveMinimum", "is 2, and must be more than 2", "2")]
    public void An_error_names_the_place_the_rule_the_reason_and_the_value(string schema, string value, string pointer, string rule, string message, string? seen)
    {
        var error = Assert.Single(JsonSchema.Parse(schema).Validate(Encoding.UTF8.GetBytes(value)));

        Assert.Equal(new ValidationError(pointer, message) { SchemaPointer = rule, Value = seen }, error);
    }

    [Theory]
    [InlineData("""{"anyOf":[{"type":"null"},{"type":"object","required":["a","b","c"]}]}""", "{}", "/a /b /c")]
    [InlineData("""{"oneOf":[{"properties":{"kind":{"const":"x"}},"required":["kind"]},{"properties":{"kind":{"const":"y"},"n":{"type":"integer"},"m":{"type":"integer"}},"required":["kind"]}]}""", """{"kind":"y","n":"1","m":"2"}""", "/n /m")]
    [InlineData("""{"anyOf":[{"items":{"anyOf":[{"type":"null"},{"type":"integer","minimum":3}]}},{"type":"string"}]}""", "[null,2]", "/1")]
    public void Of_alternatives_the_one_that_was_meant_says_what_is_wrong(string schema, string value, string pointers)
        => Assert.Equal(pointers, string.Join(' ', JsonSchema.Parse(schema).Validate(Encoding.UTF8.GetBytes(value)).Select(e => e.Pointer)));

    [Theory]
    [InlineData(200, 200, false)]
    [InlineData(201, 200, true)]
    [InlineData(5000, 200, true)]
    public void A_long_value_is_cut(int length, int shown, bool isCut)
    {
        var value = $"\"{new string('x', length - 2)}\"";
        var error = Assert.Single(JsonSchema.Parse("false").Validate(Encoding.UTF8.GetBytes(value)));

        Assert.Equal(value[..shown] + (isCut ? "…" : ""), error.Value);
    }

    [Fact]
    public void Bytes_that_are_no_JSON_throw()
    {
        foreach (var bytes in new byte[][] { [], "{"u8.ToArray(), "1 2"u8.ToArray(), "[1,]"u8.ToArray(), "\"\xff\""u8.ToArray()[..1], [0x22, 0xFF, 0x22] })
        {
            Assert.ThrowsAny<JsonException>(() => JsonSchema.Parse("true").IsValid(bytes));
            Assert.ThrowsAny<JsonException>(() => JsonSchema.Parse("true").Validate(bytes));
        }
    }

    [Fact]
    public void An_element_read_with_comments_is_as_good_as_one_without()
    {
        using var document = JsonDocument.Parse("""[1, /* two */ {"a" : 2,}, ]""", new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });

        Assert.True(JsonSchema.Parse("""{"const":[1,{"a":2}]}""").IsValid(document.RootElement));
        Assert.Equal("/1/a", Assert.Single(JsonSchema.Parse("""{"items":{"properties":{"a":{"type":"null"}}}}""").Validate(document.RootElement)).Pointer);
        Assert.Throws<ArgumentException>(() => JsonSchema.Parse("true").IsValid(default(JsonElement)));
    }

    [Fact]
    public void Every_member_of_a_repeated_name_is_checked()
    {
        var schema = JsonSchema.Parse("""{"properties":{"a":{"type":"integer"}}}""");

        Assert.False(schema.IsValid("""{"a":"x","a":1}"""u8));
        Assert.False(schema.IsValid("""{"a":1,"a":"x"}"""u8));
    }

    [Fact]
    public void Names_are_the_same_however_they_are_escaped()
    {
        var schema = JsonSchema.Parse("""{"properties":{"\u0061\ud83d\ude00":{"type":"integer"}},"required":["a\ud83d\ude00"],"additionalProperties":false}""");

        Assert.True(schema.IsValid(Encoding.UTF8.GetBytes("{\"a\ud83d\ude00\":1}")));
        Assert.True(schema.IsValid("""{"a\uD83D\ude00":1}"""u8));
        Assert.Equal("/a\ud83d\ude00", Assert.Single(schema.Validate("""{"\u0061\uD83D\ude00":"x"}"""u8)).Pointer);
    }
}
