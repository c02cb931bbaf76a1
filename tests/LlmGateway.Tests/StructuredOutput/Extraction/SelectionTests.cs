using LlmGateway.StructuredOutput.Extraction;

namespace LlmGateway.Tests.StructuredOutput.Extraction;

/// <summary>Which of several things in an answer is its value, and where none can be known to be.</summary>
public sealed class SelectionTests
{
    private const string NeedsA = """{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}""";
    private const string Optional = """{"type":"object","properties":{"a":{"type":"integer"}}, "additionalProperties":false}""";
    private const string Integers = """{"type":"array","items":{"type":"integer"}}""";
    private const string Text = """{"type":"string"}""";
    private const string Integer = """{"type":"integer"}""";

    [Theory]
    [InlineData(NeedsA, "{\"a\": 1}\n\nI computed it from {\"data\": {\"a\": 2}}.", """{"a":1}""", "surrounding_text other_value")]
    [InlineData(NeedsA, "{\"a\":1} and {\"a\":\"2\"}", """{"a":1}""", "surrounding_text other_value")]
    [InlineData(NeedsA, "For example {\"a\":2}.\n{\"answer\":{\"a\":2}}", """{"a":2}""", "surrounding_text surrounding_text other_value")]
    [InlineData(NeedsA, "{\"b\":$5}\n\n{\"answer\":{\"a\":2}}", """{"a":2}""", "surrounding_text wrapper_object")]
    [InlineData(NeedsA, "# Answer\n{\"a\":1}", """{"a":1}""", "surrounding_text")]
    [InlineData(Integers, "[1, 2, 3]\n\n[4] Smith, 2020", "[1,2,3]", "surrounding_text")]
    [InlineData(Integers, "As [1] says:\n[1, 2, 3]", "[1,2,3]", "surrounding_text")]
    [InlineData(Integers, "The primes are [2, 3].", "[2,3]", "surrounding_text surrounding_text")]
    [InlineData(Integer, "```\n5\n```\nHope this helps!", "5", "code_fence surrounding_text")]
    [InlineData(Integer, """{"Answer":4}""", "4", "wrapper_object")]
    [InlineData("""{"type":"integer","title":"Count"}""", """{"count":4}""", "4", "wrapper_object")]
    [InlineData(Optional, """{"data":{"a":1}}""", """{"a":1}""", "wrapper_object")]
    public void One_is_plainly_meant(string schema, string text, string value, string kinds)
    {
        using var reading = AnswerReader.Read(text, JsonSchema.Parse(schema), Coercion.Lossless);

        Assert.True(reading.IsValid, string.Join("; ", reading.Errors));
        Assert.Equal(value, reading.Document!.RootElement.GetRawText().Replace(" ", "", StringComparison.Ordinal));
        Assert.Empty(reading.Coercions);
        Assert.Equal(kinds, string.Join(' ', reading.Repairs.Select(repair => repair.Kind)));
    }

    [Theory]
    [InlineData(Text, """{"error":"I cannot do that"}""")]
    [InlineData(Text, """{"Refusal":"I cannot do that"}""")]
    [InlineData(Text, """{"message":"I cannot do that"}""")]
    [InlineData(Text, """{"anything":"else"}""")]
    [InlineData(Integer, """{"error":404}""")]
    [InlineData(Integer, """{"STATUS":404}""")]
    [InlineData(Integer, """{"year":2020}""")]
    [InlineData(Optional, """{"error":{}}""")]
    [InlineData(Optional, """{"errors":{"a":1}}""")]
    [InlineData(Integers, """{"code":[1]}""")]
    [InlineData(NeedsA, "For example {\"a\":1}.\n{\"answer\":{\"a\":2}}")]
    [InlineData(Integers, "The answer is [1, 2, 3] as explained in [4].")]
    [InlineData(Integers, "The primes are [2, 3].\n- [ ] verify")]
    [InlineData(Integers, "The primes are [2, 3].\n\n[1] — Smith")]
    [InlineData(Integers, "[1, 2, 3]\n\n[4]")]
    [InlineData(Integers, "[1, 2, 3]\n\n[]")]
    [InlineData(Integer, "Example output:\n```\n5\n```\nThe answer is 7.")]
    [InlineData(Integer, "```\n5\n```\nNo: 7")]
    [InlineData(Integer, "# Heading\n42")]
    [InlineData(Integer, "// Heading\n42")]
    [InlineData(Integer, "42\n# but rather 43")]
    [InlineData(null, "{\"a\":1}\n\n[1] — Smith, 2020")]
    [InlineData(null, "{\"a\":1}\n\n[1] <https://x.y>")]
    [InlineData(null, "{\"a\":1}\n\n[1] **Smith**")]
    [InlineData(null, "{\"a\":1}\n\n[1] \"Title\", 2020")]
    [InlineData(null, "{\"a\":1}\n\n[1] - https://x")]
    [InlineData(null, "{\"a\":1}\n\n[1]\u00a0Smith")]
    [InlineData(null, "{\"a\":1}\n\nSources:\n[1]\n[2]\n")]
    [InlineData(null, "{\"a\":1}\n---\n[]")]
    [InlineData(null, "“items”: {\"a\":1}, “n”: 2}")]
    [InlineData(null, "“items”: {\"a\":1}")]
    [InlineData(null, "'items': {\"a\":1}")]
    [InlineData(null, "‘items’: [{\"a\":1}]")]
    public void None_is_plainly_meant(string? schema, string text)
    {
        using var reading = AnswerReader.Read(text, schema is null ? null : JsonSchema.Parse(schema));

        Assert.False(reading.IsValid, reading.Document?.RootElement.GetRawText());
        Assert.NotEmpty(reading.Errors);
    }
}
