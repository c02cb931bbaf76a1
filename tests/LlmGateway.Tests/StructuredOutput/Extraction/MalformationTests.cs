using LlmGateway.StructuredOutput.Extraction;

namespace LlmGateway.Tests.StructuredOutput.Extraction;

public sealed class MalformationTests
{
    public static TheoryData<int> WithoutSchema => [.. Enumerable.Range(0, Malformations.WithoutSchema.Length)];

    public static TheoryData<int> WithSchema => [.. Enumerable.Range(0, Malformations.WithSchema.Length)];

    [Theory]
    [MemberData(nameof(WithoutSchema))]
    public void A_text_is_read_as_what_it_means_or_refused(int row) => Check(null, Malformations.WithoutSchema[row]);

    [Theory]
    [MemberData(nameof(WithSchema))]
    public void With_a_schema_the_last_complete_value_that_fits_is_taken_or_none(int row)
        => Check(Malformations.WithSchema[row].Schema, Malformations.WithSchema[row].Row);

    [Fact]
    public void The_table_is_as_long_as_promised_and_has_no_row_twice()
    {
        var rows = Malformations.WithoutSchema.Select(row => (Schema: "", row.Text)).Concat(Malformations.WithSchema.Select(row => (row.Schema, row.Row.Text))).ToList();

        Assert.True(rows.Count >= 220);
        Assert.Equal(rows.Count, rows.Distinct().Count());
    }

    private static void Check(string? schema, Malformation row)
    {
        using var reading = AnswerReader.Read(row.Text, schema is null ? null : JsonSchema.Parse(schema));

        var errors = string.Join("; ", reading.Errors);
        if (row.Value is null)
        {
            Assert.False(reading.IsValid, $"{row.Text} is read as {reading.Document?.RootElement}");
            Assert.NotEmpty(reading.Errors);
            Assert.Contains(row.Kinds, errors, StringComparison.Ordinal);
        }
        else
        {
            Assert.True(reading.IsValid, $"{row.Text} is refused: {errors}");
            Assert.Equal(Compact(row.Value), Compact(reading.Document!.RootElement.GetRawText()));
            Assert.Equal(row.Kinds, string.Join(' ', reading.Repairs.Select(repair => repair.Kind)));
            Assert.All(reading.Repairs, repair => Assert.InRange(repair.Offset, 0, row.Text.Length - 1));
        }

        Assert.Equal(row.IsTruncated, reading.IsTruncated);
        Assert.Empty(reading.Coercions);
    }

    /// <summary>Without whitespace; numbers and escapes as they stand.</summary>
    private static string Compact(string json)
    {
        var compact = new System.Text.StringBuilder();
        var isInString = false;
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] == '"') isInString = !isInString;
            if (!isInString && char.IsWhiteSpace(json[i])) continue;
            compact.Append(json[i]);
            if (json[i] == '\\') compact.Append(json[++i]);
        }

        return compact.ToString();
    }
}
