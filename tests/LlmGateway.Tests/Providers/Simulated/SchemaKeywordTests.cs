using System.Diagnostics;
using System.Text.Json;

namespace LlmGateway.Tests.Providers.Simulated;

public sealed class SchemaKeywordTests
{
    [Theory]
    [InlineData("""{"const":{"a":[1,null]}}""", """{"a":[1,null]}""")]
    [InlineData("""{"enum":["b","c"]}""", "\"b\"")]
    [InlineData("""{"enum":["b",null]}""", "null")]
    [InlineData("""{"type":"integer"}""", "0")]
    [InlineData("""{"type":"integer","minimum":3,"multipleOf":5}""", "5")]
    [InlineData("""{"type":"integer","exclusiveMaximum":0}""", "-1")]
    [InlineData("""{"type":"integer","multipleOf":0.4,"exclusiveMinimum":0}""", "2")]
    [InlineData("""{"type":"number","minimum":-1e300,"maximum":1.7976931348623157E+308}""", "0")]
    [InlineData("""{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":0.00001}""", "0.000001")]
    [InlineData("""{"type":"number","default":7.5}""", "7.5")]
    [InlineData("""{"type":"number","default":7.5,"maximum":7}""", "0")]
    [InlineData("""{"type":"string","maxLength":3}""", "\"Sim\"")]
    [InlineData("""{"type":"string","maxLength":0}""", "\"\"")]
    [InlineData("""{"type":"string","minLength":20}""", "\"Simulated answer....\"")]
    [InlineData("""{"type":"string","format":"date","maxLength":10}""", "\"2000-01-01\"")]
    [InlineData("""{"type":"string","format":"time"}""", "\"00:00:00Z\"")]
    [InlineData("""{"type":"string","format":"uri","minLength":30}""", "\"https://example.com/aaaaaaaaaa\"")]
    [InlineData("""{"type":"string","contentEncoding":"base64","minLength":5}""", "\"AAAAAAAA\"")]
    [InlineData("""{"type":"string","format":"of-our-own"}""", "\"Simulated answer\"")]
    [InlineData("""{"type":["string","integer"]}""", "0")]
    [InlineData("""{"type":"boolean"}""", "false")]
    [InlineData("""{"type":"null"}""", "null")]
    [InlineData("true", "\"Simulated answer\"")]
    [InlineData("{}", "\"Simulated answer\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "[]")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":2}""", "[0,1]")]
    [InlineData("""{"type":"array","prefixItems":[{"const":1},{"const":"a"}],"items":false}""", """[1,"a"]""")]
    [InlineData("""{"type":"array","items":{"enum":["a","b","c"]},"minItems":3,"uniqueItems":true}""", """["a","b","c"]""")]
    [InlineData("""{"type":"array","items":{"type":"boolean"},"minItems":2,"uniqueItems":true}""", "[false,true]")]
    [InlineData("""{"type":"array","items":{"type":"string","pattern":"^[a-c]$"},"minItems":3,"uniqueItems":true}""", """["a","b","c"]""")]
    [InlineData("""{"type":"array","contains":{"const":1},"items":{"type":"integer","minimum":1},"minItems":1}""", "[1]")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}}}""", "{}")]
    [InlineData("""{"type":"object","properties":{"a":{"const":1},"b":{"const":2}},"minProperties":1}""", """{"a":1}""")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"boolean"},"minProperties":2}""", """{"key1":false,"key2":false}""")]
    [InlineData("""{"type":"object","required":["x"],"additionalProperties":{"const":3}}""", """{"x":3}""")]
    [InlineData("""{"type":"object","required":["id1"],"patternProperties":{"^id":{"const":4}}}""", """{"id1":4}""")]
    [InlineData("""{"type":"object","required":["a/b~c"],"properties":{"a/b~c":{"const":1}}}""", """{"a/b~c":1}""")]
    [InlineData("""{"allOf":[{"type":"integer","minimum":3},{"maximum":9,"multipleOf":4}]}""", "4")]
    [InlineData("""{"allOf":[{"enum":[1,2,3]},{"enum":[2,3,4]},{"minimum":3}]}""", "3")]
    [InlineData("""{"anyOf":[{"type":"integer","minimum":5,"maximum":4},{"const":"second"}]}""", "\"second\"")]
    [InlineData("""{"type":"array","minItems":1,"items":{"anyOf":[{"type":"string"},{"type":"null"}]}}""", "[null]")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"type":"integer","maximum":10},{"type":"string"}]}""", "\"Simulated answer\"")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/b"}},"required":["a"],"$defs":{"b":{"$ref":"#c"},"d":{"$anchor":"c","const":"e"}}}""", """{"a":"e"}""")]
    [InlineData("""{"type":"string","nullable":true}""", "\"Simulated answer\"")]
    public async Task A_value_is_made_to_the_keywords(string schema, string expected) =>
        Assert.Equal(expected, (await Asking.Value(schema)).GetRawText());

    [Theory]
    [InlineData("""{"type":"object","properties":{"name":{"type":"string"},"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["name","next"]}""", """{"name":"Simulated name","next":null}""")]
    [InlineData("""{"type":"object","properties":{"kids":{"type":"array","items":{"$ref":"#"}}},"required":["kids"]}""", """{"kids":[]}""")]
    [InlineData("""{"$ref":"#/$defs/n","$defs":{"n":{"type":"object","properties":{"n":{"$ref":"#/$defs/n"},"v":{"const":1}},"required":["v"]}}}""", """{"v":1}""")]
    [InlineData("""{"$ref":"#/$defs/t","$defs":{"t":{"oneOf":[{"type":"object","properties":{"l":{"$ref":"#/$defs/t"},"r":{"$ref":"#/$defs/t"}},"required":["l","r"]},{"const":"leaf"}]}}}""", "\"leaf\"")]
    [InlineData("""{"type":"object","properties":{"next":{"type":["object","null"],"properties":{"next":{"$ref":"#/properties/next"}},"required":["next"]}},"required":["next"]}""", """{"next":null}""")]
    public async Task A_schema_that_refers_to_itself_comes_to_an_end(string schema, string expected)
    {
        var value = await Asking.Value(schema, "tree");

        Assert.True(SchemaOracle.Accepts(value, JsonElement.Parse(schema)));
        if (!schema.Contains("leaf", StringComparison.Ordinal)) Assert.Equal(expected, value.GetRawText());
    }

    [Theory]
    [InlineData("false", "(root)", "no type")]
    [InlineData("""{"type":"integer","minimum":5,"maximum":3}""", "(root)", "minimum 5 and the maximum 3")]
    [InlineData("""{"type":"integer","exclusiveMinimum":5,"exclusiveMaximum":6}""", "(root)", "whole number")]
    [InlineData("""{"type":"number","minimum":1e30}""", "(root)", "28 digits")]
    [InlineData("""{"type":"number","multipleOf":0}""", "(root)", "multipleOf is 0")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"string","pattern":"^a$","minLength":2},"minItems":1}},"required":["a"]}""", "/a/0", "'^a$'")]
    [InlineData("""{"type":"object","properties":{"a/b":{"type":"string","pattern":"(a)\\1"}},"required":["a/b"]}""", "/a~1b", "'(a)\\1'")]
    [InlineData("""{"type":"array","items":{"type":"string","pattern":"["},"minItems":1}""", "/0", "'['")]
    [InlineData("""{"type":"string","pattern":"(x{9999}){9999}"}""", "(root)", "longer than")]
    [InlineData("""{"type":"string","minLength":3,"maxLength":2}""", "(root)", "minLength 3 is above the maxLength 2")]
    [InlineData("""{"type":"string","minLength":1000000}""", "(root)", "minLength 1000000")]
    [InlineData("""{"type":"array","minItems":2,"maxItems":1}""", "(root)", "minItems 2 is above the maxItems 1")]
    [InlineData("""{"type":"array","items":{"const":1},"minItems":2,"uniqueItems":true}""", "(root)", "different items")]
    [InlineData("""{"type":"object","minProperties":2,"maxProperties":1}""", "(root)", "At least 2")]
    [InlineData("""{"type":"object","additionalProperties":false,"minProperties":1}""", "/key1", "no type")]
    [InlineData("""{"enum":[1],"type":"string"}""", "(root)", "None of the values")]
    [InlineData("""{"enum":[]}""", "(root)", "None of the values")]
    [InlineData("""{"anyOf":[]}""", "(root)", "without branches")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"type":"integer"}]}""", "(root)", "exactly one")]
    [InlineData("""{"type":"string","not":{"type":"string"}}""", "(root)", "No text")]
    [InlineData("""{"type":"array","not":{"type":"array"}}""", "(root)", "together")]
    [InlineData("""{"$ref":"#"}""", "(root)", "circle")]
    [InlineData("""{"$ref":"#/nowhere"}""", "(root)", "'#/nowhere'")]
    [InlineData("""{"$ref":"https://example.com/schema"}""", "(root)", "leads nowhere")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}""", "/a/a", "refers to itself")]
    [InlineData("""{"type":"object","unevaluatedProperties":false}""", "(root)", "unevaluatedProperties")]
    [InlineData("""{"type":"text"}""", "(root)", "\"text\"")]
    [InlineData("""{"type":"object","type":"string"}""", "(root)", "duplicate")]
    [InlineData("7", "(root)", "Number")]
    public async Task What_cannot_be_satisfied_is_an_error_that_names_the_place_and_the_reason(string schema, string pointer, string reason)
    {
        var error = await Assert.ThrowsAsync<ProviderException>(() => Asking.Value(schema));

        Assert.Equal(ProviderErrorKind.InvalidRequest, error.Kind);
        Assert.Contains($"'{pointer}", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_of_too_many_choices_is_filled_with_what_is_found_in_time()
    {
        var levels = Enumerable.Range(0, 14).Select(i => $$$"""
            "n{{{i}}}":{"type":"array","prefixItems":[{"anyOf":[{"$ref":"#/$defs/n{{{i + 1}}}"},{"$ref":"#/$defs/n{{{i + 1}}}"},{"$ref":"#/$defs/n{{{i + 1}}}"}]}]}
            """);
        var schema = """{"$ref":"#/$defs/n0","$defs":{""" + string.Join(',', levels) + ""","n14":{"const":0}}}""";

        var started = Stopwatch.StartNew();
        var value = await Asking.Value(schema);

        Assert.Equal("[[[[[[[[[[[[[[0]]]]]]]]]]]]]]", value.GetRawText());
        Assert.InRange(started.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("a circle of 3 cm radius", """{"$type":"circle","radius":0}""")]
    [InlineData("Kind: square\nWidth: 4", """{"$type":"square","width":4}""")]
    [InlineData("", """{"$type":"circle","radius":0}""")]
    public async Task Of_several_shapes_the_one_that_the_prompt_speaks_of_is_taken(string prompt, string expected)
    {
        var value = await Asking.Value(
            """
            {"type":"object","anyOf":[
              {"properties":{"$type":{"const":"circle"},"radius":{"type":"number"}},"required":["$type","radius"],"additionalProperties":false},
              {"properties":{"$type":{"const":"square"},"width":{"type":"number"}},"required":["$type","width"],"additionalProperties":false}]}
            """,
            prompt);

        Assert.Equal(expected, value.GetRawText());
    }

    [Fact]
    public async Task A_dictionary_takes_what_is_labelled()
    {
        var value = await Asking.Value("""{"type":"object","additionalProperties":{"type":"number"}}""", "Rent: EUR 900.00\nPower: EUR 81.50\nLandlord: Mr Smith");

        Assert.Equal("""{"Rent":900.00,"Power":81.50}""", value.GetRawText());
    }

    [Fact]
    public async Task A_value_of_the_prompt_that_breaks_a_limit_is_not_taken()
    {
        var value = await Asking.Value(
            """{"type":"object","properties":{"quantity":{"type":"integer","maximum":10},"code":{"type":"string","pattern":"^[A-Z]{2}$"},"email":{"type":"string","format":"email","maxLength":12}},"required":["quantity","code","email"]}""",
            "Quantity: 50\nCode: XYZ\nE-mail: someone.with.a.long.name@example.com");

        Assert.Equal("""{"quantity":0,"code":"AA","email":"a@b.example"}""", value.GetRawText());
    }
}
