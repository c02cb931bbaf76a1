using System.Text;
using System.Text.Json;
using CsCheck;

namespace LlmGateway.Tests.StructuredOutput;

public class JsonSchemaTests
{
    [Theory]
    [InlineData("true", "1")]
    [InlineData("{}", "null")]
    [InlineData("""{"type":"string"}""", "\"x\"")]
    [InlineData("""{"type":"number"}""", "1.5")]
    [InlineData("""{"type":"number"}""", "1e400")]
    [InlineData("""{"type":"integer"}""", "1")]
    [InlineData("""{"type":"integer"}""", "1.0")]
    [InlineData("""{"type":"integer"}""", "1e3")]
    [InlineData("""{"type":"integer"}""", "123456789012345678901234567890")]
    [InlineData("""{"type":"boolean"}""", "false")]
    [InlineData("""{"type":"null"}""", "null")]
    [InlineData("""{"type":"array"}""", "[]")]
    [InlineData("""{"type":"object"}""", "{}")]
    [InlineData("""{"type":["string","null"]}""", "null")]
    [InlineData("""{"enum":["a",1,null]}""", "null")]
    [InlineData("""{"enum":[1]}""", "1.0")]
    [InlineData("""{"const":{"a":[1,2]}}""", """{"a":[1,2]}""")]
    [InlineData("""{"properties":{"a":{"type":"string"}}}""", """{"b":1}""")]
    [InlineData("""{"properties":{"a":{"type":"string"}}}""", "7")]
    [InlineData("""{"required":["a"]}""", """{"a":null}""")]
    [InlineData("""{"additionalProperties":{"type":"integer"},"properties":{"s":{"type":"string"}}}""", """{"s":"x","n":1}""")]
    [InlineData("""{"additionalProperties":false,"properties":{"a":{},"b":{},"c":{}}}""", """{"c":1,"a":2,"b":3}""")]
    [InlineData("""{"items":{"type":"integer"}}""", "[1,2]")]
    [InlineData("""{"minItems":1,"maxItems":2}""", "[1,2]")]
    [InlineData("""{"uniqueItems":true}""", "[1,2,\"1\"]")]
    [InlineData("""{"uniqueItems":false}""", "[1,1]")]
    [InlineData("""{"minLength":1,"maxLength":1}""", "\"\ud83d\ude00\"")]
    [InlineData("""{"minLength":1.0}""", "\"a\"")]
    [InlineData("""{"pattern":"b"}""", "\"abc\"")]
    [InlineData("""{"pattern":"^\\d+$"}""", "\"123\"")]
    [InlineData("""{"pattern":"[$]"}""", "\"a$b\"")]
    [InlineData("""{"pattern":"^\\$$"}""", "\"$\"")]
    [InlineData("""{"minimum":1,"maximum":3}""", "1")]
    [InlineData("""{"exclusiveMinimum":1,"exclusiveMaximum":3}""", "2")]
    [InlineData("""{"multipleOf":0.01}""", "0.07")]
    [InlineData("""{"multipleOf":3}""", "-9")]
    [InlineData("""{"minimum":5}""", "\"not a number\"")]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":3}]}""", "2")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"integer"}]}""", "2")]
    [InlineData("""{"oneOf":[{"minimum":5},{"maximum":3}]}""", "2")]
    [InlineData("""{"not":{"type":"null"}}""", "2")]
    [InlineData("""{"$defs":{"a/b~c":{"type":"string"}},"$ref":"#/$defs/a~1b~0c"}""", "\"x\"")]
    [InlineData("""{"$defs":{"a b":{"type":"string"}},"$ref":"#/$defs/a%20b"}""", "\"x\"")]
    [InlineData("""{"definitions":{"a":{"type":"string"}},"$ref":"#/definitions/a"}""", "\"x\"")]
    [InlineData("""{"anyOf":[{"type":"null"},{"type":"object","properties":{"next":{"$ref":"#"}}}]}""", """{"next":{"next":null}}""")]
    [InlineData("""{"$schema":"https://json-schema.org/draft/2020-12/schema#","$id":"i","$comment":"c","title":"t","description":"d","default":1,"examples":[],"deprecated":true,"readOnly":true,"writeOnly":false,"format":"date"}""", "1")]
    public void A_value_that_satisfies_the_schema_has_no_errors(string schema, string value) => Assert.Empty(Validate(schema, value));

    [Theory]
    [InlineData("false", "1", "")]
    [InlineData("""{"type":"string"}""", "1", "")]
    [InlineData("""{"type":"string"}""", "null", "")]
    [InlineData("""{"type":"number"}""", "\"1\"", "")]
    [InlineData("""{"type":"integer"}""", "1.5", "")]
    [InlineData("""{"type":"boolean"}""", "0", "")]
    [InlineData("""{"type":"null"}""", "0", "")]
    [InlineData("""{"type":"array"}""", "{}", "")]
    [InlineData("""{"type":"object"}""", "[]", "")]
    [InlineData("""{"type":["string","null"]}""", "1", "")]
    [InlineData("""{"enum":["a"]}""", "\"A\"", "")]
    [InlineData("""{"const":1}""", "2", "")]
    [InlineData("""{"const":1,"enum":[2]}""", "1", "")]
    [InlineData("""{"properties":{"a/b":{"type":"string"}}}""", """{"a/b":1}""", "/a~1b")]
    [InlineData("""{"properties":{"~":{"items":{"type":"string"}}}}""", """{"~":["x",1]}""", "/~0/1")]
    [InlineData("""{"properties":{"a.b":{"type":"string"}}}""", """{"a.b":1}""", "/a.b")]
    [InlineData("""{"required":["a"]}""", "{}", "/a")]
    [InlineData("""{"additionalProperties":false}""", """{"x":1}""", "/x")]
    [InlineData("""{"additionalProperties":{"type":"integer"}}""", """{"":"a"}""", "/")]
    [InlineData("""{"items":false}""", "[1]", "/0")]
    [InlineData("""{"minItems":1}""", "[]", "")]
    [InlineData("""{"maxItems":1}""", "[1,2]", "")]
    [InlineData("""{"uniqueItems":true}""", "[1,{\"a\":1},{\"a\":1.0}]", "/2")]
    [InlineData("""{"minLength":2}""", "\"\ud83d\ude00\"", "")]
    [InlineData("""{"maxLength":1}""", "\"ab\"", "")]
    [InlineData("""{"pattern":"^a$"}""", "\"ba\"", "")]
    [InlineData("""{"pattern":"^a$"}""", "\"a\\n\"", "")]
    [InlineData("""{"pattern":"^\\d+$"}""", "\"\u0661\u0662\"", "")]
    [InlineData("""{"pattern":"^\\w+$"}""", "\"\u00e9\"", "")]
    [InlineData("""{"minimum":1}""", "0.99", "")]
    [InlineData("""{"maximum":1}""", "1.01", "")]
    [InlineData("""{"maximum":1}""", "1e400", "")]
    [InlineData("""{"minimum":1}""", "-1e400", "")]
    [InlineData("""{"exclusiveMinimum":1}""", "1", "")]
    [InlineData("""{"exclusiveMaximum":1}""", "1", "")]
    [InlineData("""{"multipleOf":0.1}""", "0.25", "")]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":3}]}""", "4", "")]
    [InlineData("""{"anyOf":[{"type":"string"},{"minimum":3}]}""", "1", "")]
    [InlineData("""{"oneOf":[{"minimum":1},{"maximum":3}]}""", "2", "")]
    [InlineData("""{"not":{"type":"integer"}}""", "2", "")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"type":"string"}}}""", "2", "")]
    [InlineData("""{"properties":{"next":{"$ref":"#"}},"additionalProperties":false}""", """{"next":{"next":{"x":1}}}""", "/next/next/x")]
    public void A_value_that_does_not_has_an_error_at_its_place(string schema, string value, string pointer)
        => Assert.Equal(pointer, Assert.Single(Validate(schema, value)).Pointer);

    [Fact]
    public void Numbers_that_only_a_double_holds_are_compared_too()
    {
        Assert.Empty(Validate("""{"minimum":1}""", "1e400"));
        Assert.Empty(Validate("""{"maximum":1}""", "-1e40"));
        Assert.Empty(Validate("""{"exclusiveMinimum":0}""", "1e300"));
    }

    [Fact]
    public void Every_error_is_reported()
    {
        var errors = Validate(
            """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"array","items":{"minimum":0}},"c":{}},"required":["c","d"],"additionalProperties":false}""",
            """{"a":1,"b":[-1,0,-2],"x":0}""");

        Assert.Equal(["/a", "/b/0", "/b/2", "/c", "/d", "/x"], errors.Select(e => e.Pointer).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_alternatives_the_errors_of_the_nearest_are_reported()
    {
        var errors = Validate(
            """{"anyOf":[{"type":"object","required":["a","b","c"]},{"type":"object","required":["x"]}]}""",
            """{"a":1}""");

        Assert.Equal("/x", Assert.Single(errors).Pointer);
    }

    [Theory]
    [InlineData("""{"patternProperties":[]}""", "#/patternProperties")]
    [InlineData("""{"patternProperties":{"(":{}}}""", "#/patternProperties/(")]
    [InlineData("""{"properties":{"a/b":{"dependentRequired":{"c":"d"}}}}""", "#/properties/a~1b/dependentRequired/c")]
    [InlineData("""{"if":5}""", "#/if")]
    [InlineData("""{"then":5}""", "#/then")]
    [InlineData("""{"prefixItems":[]}""", "#/prefixItems")]
    [InlineData("""{"prefixItems":[5]}""", "#/prefixItems/0")]
    [InlineData("""{"$dynamicRef":"#x"}""", "#/$dynamicRef")]
    [InlineData("""{"$anchor":"#x"}""", "#/$anchor")]
    [InlineData("""{"$dynamicAnchor":5}""", "#/$dynamicAnchor")]
    [InlineData("""{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}""", "#/$defs/b/$anchor")]
    [InlineData("""{"contains":5}""", "#/contains")]
    [InlineData("""{"minContains":-1}""", "#/minContains")]
    [InlineData("""{"unevaluatedProperties":"x"}""", "#/unevaluatedProperties")]
    [InlineData("""{"minProperties":1.5}""", "#/minProperties")]
    [InlineData("""{"propertyNames":1}""", "#/propertyNames")]
    [InlineData("""{"dependencies":{"a":1}}""", "#/dependencies/a")]
    [InlineData("""{"$id":5}""", "#/$id")]
    [InlineData("""{"$id":"https://example.com/s#part"}""", "#/$id")]
    [InlineData("""{"$defs":{"a":{"$id":"s"},"b":{"$id":"s"}}}""", "#/$defs/b")]
    [InlineData("""{"$schema":5}""", "#/$schema")]
    [InlineData("""{"$schema":"https://json-schema.org/draft/2019-09/schema"}""", "#/$schema")]
    [InlineData("""{"$schema":"https://example.com/mine"}""", "#/$schema")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-04/schema#","properties":{"a":true}}""", "#/properties/a")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-04/schema#","exclusiveMinimum":5}""", "#/exclusiveMinimum")]
    [InlineData("""{"exclusiveMinimum":true,"minimum":5}""", "#/exclusiveMinimum")]
    [InlineData("""{"readOnly":"yes"}""", "#/readOnly")]
    [InlineData("""{"properties":{"a":{"type":"string"},"a":{}}}""", "#")]
    [InlineData("""{"$ref":"https://example.com/s"}""", "#/$ref")]
    [InlineData("""{"$ref":"#/nowhere"}""", "#/$ref")]
    [InlineData("""{"$ref":"#anchor"}""", "#/$ref")]
    [InlineData("""{"$ref":5}""", "#/$ref")]
    [InlineData("""{"type":"text"}""", "#/type")]
    [InlineData("""{"type":5}""", "#/type")]
    [InlineData("""{"type":[]}""", "#/type")]
    [InlineData("""{"enum":"a"}""", "#/enum")]
    [InlineData("""{"properties":[]}""", "#/properties")]
    [InlineData("""{"properties":{"a":5}}""", "#/properties/a")]
    [InlineData("""{"required":"a"}""", "#/required")]
    [InlineData("""{"required":[1]}""", "#/required")]
    [InlineData("""{"items":[{}]}""", "#/items")]
    [InlineData("""{"minItems":-1}""", "#/minItems")]
    [InlineData("""{"minItems":"1"}""", "#/minItems")]
    [InlineData("""{"maxLength":1.5}""", "#/maxLength")]
    [InlineData("""{"uniqueItems":"yes"}""", "#/uniqueItems")]
    [InlineData("""{"pattern":"("}""", "#/pattern")]
    [InlineData("""{"pattern":5}""", "#/pattern")]
    [InlineData("""{"minimum":"1"}""", "#/minimum")]
    [InlineData("""{"multipleOf":0}""", "#/multipleOf")]
    [InlineData("""{"anyOf":[]}""", "#/anyOf")]
    [InlineData("""{"oneOf":{}}""", "#/oneOf")]
    [InlineData("""{"not":5}""", "#/not")]
    [InlineData("""{"$defs":5}""", "#/$defs")]
    [InlineData("""{"description":5}""", "#/description")]
    [InlineData("""{"format":5}""", "#/format")]
    [InlineData("5", "#")]
    [InlineData("\"x\"", "#")]
    public void What_is_malformed_is_refused_by_its_place(string schema, string place)
        => Assert.Contains($"JSON schema, {place}: ", Assert.Throws<JsonSchemaException>(() => JsonSchema.Parse(schema)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"nullable":true,"x-order":[1],"minLengths":"?"}""", "null")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-04/schema#","const":1,"if":5}""", "2")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#/definitions/a","definitions":{"a":{}},"type":"string","minLength":"?"}""", "5")]
    public void What_the_draft_does_not_know_means_nothing(string schema, string value) => Assert.Empty(Validate(schema, value));

    [Fact]
    public void A_text_that_is_no_json_is_refused() => Assert.ThrowsAny<JsonException>(() => JsonSchema.Parse("{"));

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}""")]
    [InlineData("""{"allOf":[{"$ref":"#"},{"$ref":"#"}]}""")]
    [InlineData("""{"not":{"$ref":"#"}}""")]
    [InlineData("""{"properties":{"a":{"anyOf":[{"type":"null"},{"$ref":"#/properties/a"}]}}}""")]
    public void A_schema_that_refers_to_itself_without_end_is_refused(string schema)
        => Assert.Contains("without end", Assert.Throws<JsonSchemaException>(() => JsonSchema.Parse(schema)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_chain_of_references_as_long_as_it_may_be_is_refused_and_does_not_end_the_process()
    {
        var schema = new StringBuilder("""{"$ref":"#/$defs/d0","$defs":{""");
        for (var i = 0; i < 100_000; i++) schema.Append(System.Globalization.CultureInfo.InvariantCulture, $"\"d{i}\":{{\"$ref\":\"#/$defs/d{i + 1}\"}},");
        schema.Append("\"d100000\":{}}}");

        Assert.Throws<JsonSchemaException>(() => JsonSchema.Parse(schema.ToString()));
    }

    [Fact]
    public void A_schema_as_deep_as_it_may_be_is_refused_and_does_not_end_the_process()
    {
        const int Depth = 50_000;
        using var document = JsonDocument.Parse(string.Concat(Enumerable.Repeat("""{"not":""", Depth)) + "{}" + new string('}', Depth), new JsonDocumentOptions { MaxDepth = Depth + 1 });

        Assert.Throws<JsonSchemaException>(() => JsonSchema.From(document.RootElement));
    }

    [Fact]
    public void A_value_as_deep_as_it_may_be_is_an_error_and_does_not_end_the_process()
    {
        const int Depth = 50_000;
        using var document = JsonDocument.Parse(new string('[', Depth) + new string(']', Depth), new JsonDocumentOptions { MaxDepth = Depth });

        Assert.NotEmpty(JsonSchema.Parse("""{"items":{"$ref":"#"}}""").Validate(document.RootElement));
    }

    [Fact]
    public void Alternatives_that_double_at_each_level_do_not_take_for_ever()
    {
        var schema = JsonSchema.Parse("""{"type":"object","properties":{"a":{"allOf":[{"$ref":"#"},{"$ref":"#"}]}}}""");
        using var document = JsonDocument.Parse(string.Concat(Enumerable.Repeat("""{"a":""", 60)) + "{}" + new string('}', 60));

        var started = TimeProvider.System.GetTimestamp();
        Assert.NotEmpty(schema.Validate(document.RootElement));
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_pattern_that_runs_away_is_an_error()
    {
        var errors = Validate("""{"items":{"pattern":"^(?=a)(a+)+$"}}""", $"[\"{new string('a', 40)}!\"]");

        Assert.Contains("in time", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"minLength":1}""")]
    [InlineData("""{"enum":["a"]}""")]
    [InlineData("""{"uniqueItems":true}""")]
    [InlineData("""{"additionalProperties":false}""")]
    [InlineData("""{"additionalProperties":{"type":"integer"}}""")]
    public void A_value_with_half_a_surrogate_pair_in_it_does_not_throw(string schema)
    {
        foreach (var value in new[] { "\"\\ud800\"", "[\"\\ud800\",\"\\ud800\"]", "{\"\\ud800\":\"\\ud800\"}" }) Assert.NotNull(Validate(schema, value));
    }

    [Fact]
    public void The_schema_is_kept_after_its_document_is_gone()
    {
        JsonSchema schema;
        using (var document = JsonDocument.Parse("""{"type":"string"}""")) schema = JsonSchema.From(document.RootElement);

        Assert.Equal("""{"type":"string"}""", schema.Document.GetRawText());
        using var value = JsonDocument.Parse("1");
        Assert.Single(schema.Validate(value.RootElement));
    }

    [Fact]
    public void A_schema_serves_many_threads()
    {
        var schema = JsonSchema.Parse("""{"anyOf":[{"type":"null"},{"type":"object","properties":{"next":{"$ref":"#"}},"required":["next"]}]}""");
        Parallel.For(0, 200, i =>
        {
            using var good = JsonDocument.Parse(string.Concat(Enumerable.Repeat("""{"next":""", 1 + (i % 50))) + "null" + new string('}', 1 + (i % 50)));
            Assert.Empty(schema.Validate(good.RootElement));
        });
    }

    [Fact]
    public void Bounds_agree_with_arithmetic()
        => Gen.Select(Gen.Int[-50, 50], Gen.Int[-50, 50], Gen.Int[-50, 50]).Sample((value, low, high) =>
            Assert.Equal(value >= low && value <= high, Validate($$"""{"minimum":{{low}},"maximum":{{high}}}""", $"{value}").Count == 0));

    [Fact]
    public void Negation_is_the_opposite_and_one_of_is_exactly_one()
    {
        string[] schemas = ["""{"type":"integer"}""", """{"minimum":2}""", """{"enum":[1,"a",null]}""", """{"type":["string","null"]}""", "true", "false"];
        string[] values = ["1", "2", "2.5", "\"a\"", "null", "[]"];
        foreach (var a in schemas)
            foreach (var b in schemas)
                foreach (var v in values)
                {
                    var (fitsA, fitsB) = (Validate(a, v).Count == 0, Validate(b, v).Count == 0);
                    Assert.Equal(!fitsA, Validate($$"""{"not":{{a}}}""", v).Count == 0);
                    Assert.Equal(fitsA && fitsB, Validate($$"""{"allOf":[{{a}},{{b}}]}""", v).Count == 0);
                    Assert.Equal(fitsA || fitsB, Validate($$"""{"anyOf":[{{a}},{{b}}]}""", v).Count == 0);
                    Assert.Equal(fitsA ^ fitsB, Validate($$"""{"oneOf":[{{a}},{{b}}]}""", v).Count == 0);
                }
    }

    private static IReadOnlyList<ValidationError> Validate(string schema, string value)
    {
        using var document = JsonDocument.Parse(value);
        return JsonSchema.Parse(schema).Validate(document.RootElement);
    }
}
