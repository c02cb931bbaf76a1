using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LlmGateway.Tests.StructuredOutput.Validation;

public sealed class LimitTests
{
    [Fact]
    public void A_schema_longer_than_allowed_is_refused()
    {
        var schema = $$"""{"description":"{{new string('x', 100)}}"}""";

        var error = Assert.Throws<JsonSchemaException>(() => JsonSchema.Parse(schema, new JsonSchemaOptions { MaxSchemaBytes = 100 }));

        Assert.Equal("JSON schema, #: it has 118 bytes, more than JsonSchemaOptions.MaxSchemaBytes, 100.", error.Message);
        JsonSchema.Parse(schema, new JsonSchemaOptions { MaxSchemaBytes = 118 });
    }

    [Fact]
    public void A_registered_document_is_measured_too()
    {
        using var document = JsonDocument.Parse($$"""{"description":"{{new string('x', 200)}}"}""");
        var options = new JsonSchemaOptions { MaxSchemaBytes = 100, Documents = JsonSchemaDocuments.Empty.Add("https://example.com/s", document.RootElement) };

        Assert.Contains("'https://example.com/s'", Assert.Throws<JsonSchemaException>(() => JsonSchema.Parse("""{"$ref":"https://example.com/s"}""", options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"not":""", "}")]
    [InlineData("""{"properties":{"a":""", "}}")]
    [InlineData("""{"allOf":[""", "]}")]
    public void Schemas_deeper_in_each_other_than_allowed_are_refused(string open, string close)
    {
        static string Nested(string open, string close, int depth) => string.Concat(Enumerable.Repeat(open, depth)) + "{}" + string.Concat(Enumerable.Repeat(close, depth));

        JsonSchema.Parse(Nested(open, close, 40), new JsonSchemaOptions { MaxSchemaDepth = 50 });
        Assert.Throws<JsonSchemaException>(() => JsonSchema.Parse(Nested(open, close, 120), new JsonSchemaOptions { MaxSchemaDepth = 50 }));
    }

    [Fact]
    public void A_chain_of_references_longer_than_allowed_is_refused()
    {
        var schema = new StringBuilder("""{"$ref":"#/$defs/d0","$defs":{""");
        for (var i = 0; i < 100; i++) schema.Append(CultureInfo.InvariantCulture, $$"""
            "d{{i}}":{"$ref":"#/$defs/d{{i + 1}}"},
            """);
        schema.Append("\"d100\":{}}}");

        JsonSchema.Parse(schema.ToString());
        Assert.Contains("more than 50", Assert.Throws<JsonSchemaException>(() => JsonSchema.Parse(schema.ToString(), new JsonSchemaOptions { MaxSchemaDepth = 50 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_instance_deeper_than_allowed_is_invalid_and_says_so()
    {
        var schema = JsonSchema.Parse("true", new JsonSchemaOptions { MaxInstanceDepth = 3 });

        Assert.True(schema.IsValid("[[[1]]]"u8));
        Assert.False(schema.IsValid("[[[[1]]]]"u8));
        Assert.Equal("cannot be checked: it is nested more than 3 deep", Assert.Single(schema.Validate("[[[[1]]]]"u8)).Message);
    }

    [Theory]
    [InlineData("""{"items":{"required":["a","b","c","d","e","f","g","h","i","j"]}}""")]
    [InlineData("""{"items":{"enum":[1,2,3,4,5,6,7,8,9,10,{}]}}""")]
    [InlineData("""{"items":{"patternProperties":{"a":{},"b":{},"c":{},"d":{},"e":{},"f":{},"g":{},"h":{},"i":{},"j":{"type":"null"}}}}""")]
    [InlineData("""{"items":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"maxProperties":1}}}}}}}}}}""")]
    public void Steps_are_counted_by_what_they_cost(string schema)
    {
        var value = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("{}", 10)).Replace("{}", """{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"k":1}""", StringComparison.Ordinal)}]");
        var limited = JsonSchema.Parse(schema, new JsonSchemaOptions { MaxSteps = 60 });

        Assert.False(limited.IsValid(value));
        Assert.DoesNotContain(JsonSchema.Parse(schema).Validate(value), e => e.Message.Contains("steps", StringComparison.Ordinal));
        Assert.Contains(limited.Validate(value), e => e.Message.Contains("steps", StringComparison.Ordinal) || schema.Contains("required", StringComparison.Ordinal) || schema.Contains("enum", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_checked_is_not_turned_into_a_verdict_by_a_rule_around_it()
    {
        const string Doubling = """{"$defs":{"d":{"type":"object","properties":{"a":{"allOf":[{"$ref":"#/$defs/d"},{"$ref":"#/$defs/d"}]}}}},""";
        var deep = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("""{"a":""", 40)) + "{}" + new string('}', 40));

        foreach (var rule in new[] { """ "not":{"$ref":"#/$defs/d"}}""", """ "if":{"$ref":"#/$defs/d"},"then":false,"else":true}""", """ "anyOf":[{"$ref":"#/$defs/d"},{}]}""" })
        {
            var schema = JsonSchema.Parse(Doubling + rule, new JsonSchemaOptions { MaxSteps = 10_000 });
            Assert.False(schema.IsValid(deep));
            Assert.Contains("10000 steps", Assert.Single(schema.Validate(deep)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_dynamic_reference_that_leads_back_to_itself_ends()
    {
        var schema = JsonSchema.Parse("""{"$dynamicAnchor":"a","anyOf":[{"type":"null"},{"$dynamicRef":"#a"}]}""");

        Assert.False(schema.IsValid("1"u8));
        Assert.Contains("cannot be checked", Assert.Single(schema.Validate("1"u8)).Message, StringComparison.Ordinal);
        Assert.True(schema.IsValid("null"u8));
    }

    [Fact]
    public void More_errors_than_allowed_are_counted_as_one()
    {
        var errors = JsonSchema.Parse("""{"items":false}""", new JsonSchemaOptions { MaxErrors = 5 }).Validate(Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("1", 100))}]"));

        Assert.Equal(6, errors.Count);
        Assert.Equal("has more errors than the 5 that are listed", errors[^1].Message);
    }

    [Fact]
    public void A_huge_name_above_many_errors_does_not_fill_the_memory()
    {
        var name = new string('x', 1_000_000);
        var errors = JsonSchema.Parse("""{"additionalProperties":{"items":false}}""").Validate(Encoding.UTF8.GetBytes($$"""{"{{name}}":[{{string.Join(',', Enumerable.Repeat("1", 500))}}]}"""));

        Assert.True(errors.Sum(e => (long)e.Pointer.Length) < 10_000_000);
        Assert.Contains("more errors", errors[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_items_are_told_apart_in_time()
    {
        var schema = JsonSchema.Parse("""{"uniqueItems":true}""");
        var items = Enumerable.Range(0, 100_000).Select(i => $$"""{"n":{{i}}}""").ToList();

        Assert.True(schema.IsValid(Encoding.UTF8.GetBytes($"[{string.Join(',', items)}]")));
        items.Add("""{"n":4.2e1}""");
        Assert.Equal("/100000", Assert.Single(schema.Validate(Encoding.UTF8.GetBytes($"[{string.Join(',', items)}]"))).Pointer);
    }

    [Theory]
    [InlineData("""{"multipleOf":0.0000000001}""", "1e308", true)]
    [InlineData("""{"multipleOf":1e-400}""", "7e-399", true)]
    [InlineData("""{"multipleOf":3}""", "1e1000000", false)]
    [InlineData("""{"multipleOf":3}""", "3e999999999", true)]
    [InlineData("""{"multipleOf":7}""", "123456789012345678901234567890123456789", false)]
    [InlineData("""{"multipleOf":123456789}""", "15241578750190521000000000000000000000", true)]
    [InlineData("""{"maximum":1e400}""", "1e401", false)]
    [InlineData("""{"maximum":1e400}""", "9.99e399", true)]
    [InlineData("""{"minimum":-1e400}""", "-1.0000000000000000000001e400", false)]
    [InlineData("""{"exclusiveMaximum":0.1}""", "0.10000000000000000000000000000", false)]
    [InlineData("""{"exclusiveMaximum":0.1}""", "0.09999999999999999999999999999", true)]
    [InlineData("""{"const":0}""", "-0.0e5", true)]
    [InlineData("""{"type":"integer"}""", "1e999999999999999999999", true)]
    [InlineData("""{"type":"integer"}""", "1e-999999999999999999999", false)]
    [InlineData("""{"uniqueItems":true}""", "[1e2,100.0]", false)]
    public void Numbers_are_exact_however_large(string schema, string value, bool isValid) => Assert.Equal(isValid, JsonSchema.Parse(schema).IsValid(Encoding.UTF8.GetBytes(value)));

    [Fact]
    public void A_number_of_more_digits_than_can_be_divided_by_is_refused()
        => Assert.Throws<JsonSchemaException>(() => JsonSchema.Parse($$"""{"multipleOf":{{new string('7', 2001)}}}"""));
}
