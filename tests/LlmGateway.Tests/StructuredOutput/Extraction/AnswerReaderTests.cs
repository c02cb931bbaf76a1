using LlmGateway.StructuredOutput.Extraction;

namespace LlmGateway.Tests.StructuredOutput.Extraction;

public sealed class AnswerReaderTests
{
    [Fact]
    public void Every_repair_says_where_in_utf16_units_of_the_text()
    {
        using var reading = AnswerReader.Read("\uFEFF😀 Ok:\n```json\n{'a': True, // c\n b: \"x\ty\" \"c\": [1,],}\n```", null);

        Assert.Equal("""{"a":true,"b":"x\ty","c":[1]}""", reading.Document!.RootElement.GetRawText());
        Assert.Equal(
            [
                new("byte_order_mark", 0), new("surrounding_text", 1), new("code_fence", 8), new("single_quotes", 17), new("python_literal", 22), new("comment", 28),
                new("unquoted_key", 34), new("unescaped_control_character", 39), new("missing_comma", 43), new("trailing_comma", 50), new Repair("trailing_comma", 52),
            ],
            reading.Repairs);
    }

    [Fact]
    public void Places_in_escaped_text_are_those_of_the_text_itself()
    {
        using var reading = AnswerReader.Read("""so: {\"a\": True, \"b\": 'x'}""", null);

        Assert.Equal("""{"a":true,"b":"x"}""", reading.Document!.RootElement.GetRawText());
        Assert.Equal([new("surrounding_text", 0), new("doubled_escaping", 4), new("python_literal", 12), new Repair("single_quotes", 25)], reading.Repairs);
    }

    /// <summary>The beginning of a long text is looked at before it is parsed; where that ends must not matter.</summary>
    [Fact]
    public void A_well_formed_text_of_any_length_is_left_as_it_is()
    {
        foreach (var piece in (ReadOnlySpan<string>)["\"\\u00e9\\\\\\\"é\" ", " true ", "null\n", "-1.5e+3", """ {"a b" : [ ] } """, """{"":{"x":"yyyyyyyyyyyyyyyyyyyyyyyy"}}"""])
        {
            for (var length = 480; length < 560; length++)
            {
                var text = $"[{new string(' ', length % 40)}{string.Join(',', Enumerable.Repeat(piece, length / piece.Length))}]";

                using var reading = AnswerReader.Read(text, null);

                Assert.Equal(text, reading.Document!.RootElement.GetRawText());
            }
        }
    }

    [Fact]
    public void A_refusal_says_the_line_and_the_column()
    {
        using var reading = AnswerReader.Read("{\n  \"a\": 1,\n  \"b\": 1/2\n}", null);

        Assert.Null(reading.Document);
        Assert.Contains("line 3, column 9 (offset 20)", Assert.Single(reading.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_stands_twice_is_an_error_with_its_pointer()
    {
        using var reading = AnswerReader.Read("""ok {"a":{"b/c":1,'b/c':2,"d":[{"x":1,"x":1}]}}""", null);

        Assert.Equal([new("/a/b~1c", "stands in its object more than once"), new ValidationError("/a/d/0/x", "stands in its object more than once")], reading.Errors);
    }

    [Fact]
    public void Of_values_that_do_not_fit_the_errors_of_the_last_are_told()
    {
        var schema = JsonSchema.Parse("""{"type":"object","required":["a","b"]}""");
        using var reading = AnswerReader.Read("{}\n{\"a\":1} see [1]", schema);

        Assert.Equal("""{"a":1}""", reading.Document!.RootElement.GetRawText());
        Assert.Equal("/b", Assert.Single(reading.Errors).Pointer);
        Assert.False(reading.IsTruncated);
    }

    [Fact]
    public void Depth_is_bounded_with_and_without_repairs()
    {
        using var deep = AnswerReader.Read(new string('[', 128) + new string(']', 128), null);
        using var mended = AnswerReader.Read(new string('[', 128) + "1," + new string(']', 128), null);
        using var deeper = AnswerReader.Read(new string('[', 129) + new string(']', 129), null);

        Assert.True(deep.IsValid);
        Assert.True(mended.IsValid);
        Assert.Contains("deeper than 128", Assert.Single(deeper.Errors).Message, StringComparison.Ordinal);
    }

    /// <summary>Were the work quadratic, each of these would take minutes; the test would time out, not fail on a clock.</summary>
    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("\"")]
    [InlineData("\\\"")]
    [InlineData("\"\"\"")]
    [InlineData("x [ ")]
    [InlineData("x {y ")]
    [InlineData("{a:")]
    [InlineData("[{\"a\":")]
    [InlineData("{\"a\":\"x\" \"")]
    [InlineData("\"//")]
    [InlineData("\"a\" ")]
    [InlineData("{\\\"a\\\":1} ")]
    [InlineData("x {\\\"a\\\": ")]
    [InlineData("{\"a\":1} ")]
    [InlineData("see [1], ")]
    [InlineData("'a' ")]
    [InlineData("/*")]
    [InlineData("# ")]
    [InlineData("```\n")]
    [InlineData("}")]
    [InlineData("“")]
    [InlineData("[\"")]
    [InlineData("[\"a \"b\" ")]
    [InlineData("{x} ")]
    [InlineData("{\"a\" b} ")]
    [InlineData("[1 2]\n\n")]
    [InlineData("\u00a0")]
    public void Hostile_texts_cost_time_by_their_length_only(string piece)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["", "x ", "{\"a\":\"", "[\"", "{\"a\": [", "{'"])
        {
            var text = prefix + string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length));

            using var reading = AnswerReader.Read(text, null);

            Assert.True(reading.IsValid || reading.Errors.Count > 0);
        }
    }

    [Fact]
    public void What_is_too_long_to_be_mended_is_refused_and_read_where_it_is_well_formed()
    {
        var longText = new string('a', AnswerReader.MaxMendedLength);
        using var wellFormed = AnswerReader.Read($"[\"{longText}\"]", null);
        using var malformed = AnswerReader.Read($"[\"{longText}\",]", null);

        Assert.True(wellFormed.IsValid);
        Assert.Contains("too long to be mended", Assert.Single(malformed.Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\":\"\\ud800\"}", "/a")]
    [InlineData("{\"a\":[\"\\udc00\\ud800\"],}", "/a/0")]
    [InlineData("{\"a\":{\"\\ud800\":1}}", "/a")]
    public void Half_a_surrogate_pair_is_no_text_and_does_not_throw(string text, string pointer)
    {
        using var bare = AnswerReader.Read(text, null);
        using var checkedBySchema = AnswerReader.Read(text, JsonSchema.Parse("{}"));

        Assert.Equal(pointer, Assert.Single(bare.Errors).Pointer);
        Assert.Equal(pointer, Assert.Single(checkedBySchema.Errors).Pointer);
    }

    [Fact]
    public void Half_a_surrogate_pair_that_is_not_even_escaped_is_refused_with_its_place()
    {
        using var reading = AnswerReader.Read("{\"a\":\"x\ud800\"}", JsonSchema.Parse("{}"));

        Assert.Null(reading.Document);
        Assert.Contains("half of a surrogate pair", Assert.Single(reading.Errors).Message, StringComparison.Ordinal);
    }
}
