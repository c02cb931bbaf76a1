using LlmGateway.StructuredOutput.Extraction;

namespace LlmGateway.Tests.StructuredOutput.Extraction;

/// <summary>What may be changed to fit a schema, where that is allowed, and what never is.</summary>
public sealed class CoercionTests
{
    private const string Mood = """{"enum":["Good","Bad"]}""";

    [Theory]
    [InlineData("""{"type":"integer"}""", "\"42\"", "42", "number_from_string")]
    [InlineData("""{"type":"integer"}""", "\"-42.0\"", "-42", "number_from_string")]
    [InlineData("""{"type":"integer"}""", "\"1e3\"", "1000", "number_from_string")]
    [InlineData("""{"type":"number"}""", "\"4.20\"", "4.20", "number_from_string")]
    [InlineData("""{"type":"number"}""", "\"12345678901234567890.1\"", "12345678901234567890.1", "number_from_string")]
    [InlineData("""{"type":["number","null"]}""", "\"4\"", "4", "number_from_string")]
    [InlineData("""{"type":"boolean"}""", "\"true\"", "true", "boolean_from_string")]
    [InlineData("""{"type":"boolean"}""", "\"false\"", "false", "boolean_from_string")]
    [InlineData("""{"type":["integer","null"]}""", "\"null\"", "null", "null_from_string")]
    [InlineData("""{"type":"string"}""", "42", "\"42\"", "string_from_number")]
    [InlineData("""{"type":"string"}""", "1.50", "\"1.50\"", "string_from_number")]
    [InlineData("""{"type":"integer"}""", "1.0", "1", "integer_form")]
    [InlineData("""{"type":"integer"}""", "12e2", "1200", "integer_form")]
    [InlineData("""{"type":"integer"}""", "-0.0", "-0", "integer_form")]
    [InlineData(Mood, "\"good\"", "\"Good\"", "enum_case")]
    [InlineData("""{"const":"Good"}""", "\"GOOD\"", "\"Good\"", "enum_case")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"a\"", """["a"]""", "list_from_item")]
    [InlineData("""{"type":"array","items":{"type":"integer"}}""", "\"4\"", "[4]", "list_from_item number_from_string")]
    [InlineData("""{"type":"array","items":{"type":"object"}}""", """{"a":1}""", """[{"a":1}]""", "list_from_item")]
    [InlineData("""{"enum":["Yes","No"]}""", "\"yes\"", "\"Yes\"", "enum_case")]
    [InlineData("""{"enum":["USD","EUR"]}""", "\"usd\"", "\"USD\"", "enum_case")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"sandstone\"", """["sandstone"]""", "list_from_item")]
    [InlineData("""{"type":"array","items":{"type":"integer"}}""", "\"-4\"", "[-4]", "list_from_item number_from_string")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array"}}}""", """{"a":"[1, 2]"}""", """{"a":[1,2]}""", "json_from_string")]
    [InlineData("""{"type":"array","items":{"type":"integer"}}""", "\"[\\\"1\\\",2]\"", "[1,2]", "json_from_string number_from_string")]
    [InlineData("""{"anyOf":[{"type":"integer"},{"type":"null"}]}""", "\"7\"", "7", "number_from_string")]
    [InlineData("""{"$ref":"#/$defs/n","$defs":{"n":{"type":"integer"}}}""", "\"7\"", "7", "number_from_string")]
    [InlineData("""{"allOf":[{"type":"integer"},{"minimum":3}]}""", "\"7\"", "7", "number_from_string")]
    [InlineData("""{"additionalProperties":{"type":"integer"}}""", """{"x":"7"}""", """{"x":7}""", "number_from_string")]
    public void A_value_is_changed_where_nothing_is_lost(string schema, string text, string value, string kinds)
    {
        using var strict = AnswerReader.Read(text, JsonSchema.Parse(schema));
        using var lossless = AnswerReader.Read(text, JsonSchema.Parse(schema), Coercion.Lossless);

        Assert.Empty(strict.Coercions);
        Assert.Equal(kinds == "integer_form", strict.IsValid);
        Assert.True(lossless.IsValid, string.Join("; ", lossless.Errors));
        Assert.Equal(value, lossless.Document!.RootElement.GetRawText());
        Assert.Equal(kinds, string.Join(' ', lossless.Coercions.Select(coercion => coercion.Kind)));
        using var again = AnswerReader.Read(value, JsonSchema.Parse(schema), Coercion.Lossless);
        Assert.Empty(again.Coercions);
    }

    [Theory]
    [InlineData("""{"type":"number"}""", "\"3,14\"")]
    [InlineData("""{"type":"number"}""", "\"1,234\"")]
    [InlineData("""{"type":"number"}""", "\"$5\"")]
    [InlineData("""{"type":"number"}""", "\"1/2\"")]
    [InlineData("""{"type":"number"}""", "\" 5\"")]
    [InlineData("""{"type":"number"}""", "\"+5\"")]
    [InlineData("""{"type":"number"}""", "\".5\"")]
    [InlineData("""{"type":"number"}""", "\"05\"")]
    [InlineData("""{"type":"number"}""", "\"0x1F\"")]
    [InlineData("""{"type":"number"}""", "\"5%\"")]
    [InlineData("""{"type":"number"}""", "\"NaN\"")]
    [InlineData("""{"type":"number"}""", "\"\"")]
    [InlineData("""{"type":"number"}""", "\"٣\"")]
    [InlineData("""{"type":"number"}""", "true")]
    [InlineData("""{"type":"integer"}""", "1.5")]
    [InlineData("""{"type":"integer"}""", "\"1.5\"")]
    [InlineData("""{"type":"integer"}""", "\"1e400\"")]
    [InlineData("""{"type":"integer"}""", "null")]
    [InlineData("""{"type":"boolean"}""", "\"True\"")]
    [InlineData("""{"type":"boolean"}""", "\"yes\"")]
    [InlineData("""{"type":"boolean"}""", "1")]
    [InlineData("""{"type":"boolean"}""", "0")]
    [InlineData("""{"type":"string"}""", "true")]
    [InlineData("""{"type":"string"}""", "null")]
    [InlineData("""{"type":"string"}""", """["a"]""")]
    [InlineData("""{"type":"string"}""", """{"a":1}""")]
    [InlineData("""{"type":["string","array"]}""", "1")]
    [InlineData("""{"enum":["a","A"]}""", "\"á\"")]
    [InlineData("""{"enum":["aB","Ab"]}""", "\"ab\"")]
    [InlineData(Mood, "\"goo\"")]
    [InlineData(Mood, "\"Good \"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"a, b\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "null")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"[\\\"a\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"(a)\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"{a}\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"a，b\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"a、b\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"a；b\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"a / b\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"salt and pepper\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"Salz und Pfeffer\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"a or b\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"a\\nb\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"- a\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"* a\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"• a\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"  \"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"none\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"None\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"NULL\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"N/A\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"nil\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"undefined\"")]
    [InlineData("""{"enum":["Μm"]}""", "\"µm\"")]
    [InlineData("""{"enum":["K"]}""", "\"\u212a\"")]
    [InlineData("""{"enum":["mW","kW"]}""", "\"MW\"")]
    [InlineData("""{"enum":["MW","GW"]}""", "\"mW\"")]
    [InlineData("""{"enum":["Pa"]}""", "\"PA\"")]
    [InlineData("""{"type":"object","properties":{"o":{"type":"object"}}}""", """{"o":"{\"a\":\"\\ud800\"}"}""")]
    [InlineData("""{"type":"object","properties":{"o":{"type":"object"}}}""", """{"o":"{\"\\ud800\":1}"}""")]
    [InlineData("""{"type":"object","properties":{"o":{"type":["object","array"]}}}""", """{"o":"[{\"\\ud800\":1,\"b\":2}]"}""")]
    [InlineData("""{"type":"object"}""", "\"{\\\"a\\\":\\\"\\\\ud800\\\"}\"")]
    [InlineData("""{"type":"array","items":{"type":"integer"}}""", "\"x\"")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":2}""", "1")]
    [InlineData("""{"type":"integer","minimum":50}""", "\"42\"")]
    [InlineData("""{"anyOf":[{"type":"integer"},{"type":"boolean"}]}""", "\"x\"")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"}}}""", """{"a":"1","b":"x"}""")]
    public void A_value_is_not_changed_where_anything_is_lost_or_guessed(string schema, string text)
    {
        using var reading = AnswerReader.Read(text, JsonSchema.Parse(schema), Coercion.Lossless);

        Assert.False(reading.IsValid, reading.Document?.RootElement.ToString());
        Assert.Equal(text, reading.Document!.RootElement.GetRawText());
        Assert.Empty(reading.Coercions);
        Assert.NotEmpty(reading.Errors);
    }

    [Fact]
    public void Each_change_is_told_with_its_place_and_both_values()
    {
        var schema = JsonSchema.Parse(
            """
            {"type":"object","properties":{"n/m":{"type":"array","items":{"type":"integer"}},"mood":{"enum":["Good"]},
             "shape":{"oneOf":[{"type":"object","properties":{"kind":{"const":"circle"},"size":{"type":"integer"}},"required":["kind","size"]},
                               {"type":"object","properties":{"kind":{"const":"square"},"size":{"type":"string"}},"required":["kind","size"]}]}}}
            """);
        using var reading = AnswerReader.Read("""{"n/m":[1,"2"],"mood":"GOOD","shape":{"kind":"square","size":3},"other":"4"}""", schema, Coercion.Lossless);

        Assert.Equal("""{"n/m":[1,2],"mood":"Good","shape":{"kind":"square","size":"3"},"other":"4"}""", reading.Document!.RootElement.GetRawText());
        Assert.Equal(
            [
                new("number_from_string", "/n~1m/1", "\"2\"", "2"), new("enum_case", "/mood", "\"GOOD\"", "\"Good\""),
                new AppliedCoercion("string_from_number", "/shape/size", "3", "\"3\""),
            ],
            reading.Coercions);
    }

    [Fact]
    public void A_value_that_fits_is_left_alone_though_it_could_be_changed()
    {
        using var reading = AnswerReader.Read("""{"a":"42","b":"true","c":"x"}""", JsonSchema.Parse("""{"properties":{"a":{"type":["string","integer"]},"b":{},"c":{"enum":["x","X"]}}}"""), Coercion.Lossless);

        Assert.True(reading.IsValid);
        Assert.Empty(reading.Coercions);
    }

    [Fact]
    public void A_value_that_fits_as_it_stands_goes_before_a_later_one_that_fits_after_a_change()
    {
        using var reading = AnswerReader.Read("{\"a\":1}\n{\"a\":\"2\"}", JsonSchema.Parse("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}"""), Coercion.Lossless);

        Assert.Equal("""{"a":1}""", reading.Document!.RootElement.GetRawText());
    }

    [Fact]
    public void A_list_of_lists_without_end_is_not_made()
    {
        using var reading = AnswerReader.Read("\"x\"", JsonSchema.Parse("""{"type":"array","items":{"$ref":"#"}}"""), Coercion.Lossless);

        Assert.Equal("\"x\"", reading.Document!.RootElement.GetRawText());
        Assert.NotEmpty(reading.Errors);
    }

    [Fact]
    public void Schemas_that_refer_to_themselves_end()
    {
        using var reading = AnswerReader.Read(
            """{"v":"1","next":{"v":"2","next":null}}""",
            JsonSchema.Parse("""{"$ref":"#/$defs/n","$defs":{"n":{"type":["object","null"],"properties":{"v":{"type":"integer"},"next":{"$ref":"#/$defs/n"}}}}}"""),
            Coercion.Lossless);

        Assert.Equal("""{"v":1,"next":{"v":2,"next":null}}""", reading.Document!.RootElement.GetRawText());
    }
}
