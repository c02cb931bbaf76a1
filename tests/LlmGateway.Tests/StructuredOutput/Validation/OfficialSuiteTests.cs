using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmGateway.Tests.StructuredOutput.Validation;

/// <summary>
/// Every test of the official suite: the required ones, and the optional ones but for those that stand here with the
/// reason why they do not pass.
/// </summary>
public sealed class OfficialSuiteTests
{
    /// <summary>Files, and parts of the tests' names, whose other verdict is meant.</summary>
    private static readonly (string File, string Name, string Why)[] Otherwise =
    [
        ("optional/content.json", "", "contentEncoding and contentMediaType are remarks, as 2020-12 says of all drafts' use"),
        ("optional/cross-draft.json", "refs to historic drafts", "draft 2019-09 is not one of the three"),
        ("optional/cross-draft.json", "refs to future drafts", "draft 2019-09 is not one of the three"),
    ];

    private static readonly JsonSchemaDraft[] Drafts = [JsonSchemaDraft.Draft202012, JsonSchemaDraft.Draft7, JsonSchemaDraft.Draft4];

    public static TheoryData<JsonSchemaDraft, string> Required => Files(optional: false);

    public static TheoryData<JsonSchemaDraft, string> Optional => Files(optional: true);

    [Theory]
    [MemberData(nameof(Required))]
    public void Every_required_test_has_its_verdict(JsonSchemaDraft draft, string file)
    {
        SkipWhereMissing();
        Assert.Empty(Wrong(draft, file, assertFormat: false));
    }

    [Theory]
    [MemberData(nameof(Optional))]
    public void Every_optional_test_has_its_verdict_but_the_ones_named_here(JsonSchemaDraft draft, string file)
    {
        SkipWhereMissing();
        var wrong = Wrong(draft, file, assertFormat: file.Contains("format", StringComparison.Ordinal)).ToList();
        var meant = Otherwise.Where(o => o.File == file).ToList();

        Assert.All(wrong, w => Assert.Contains(meant, o => w.StartsWith(o.Name, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_whole_suite_is_there()
    {
        SkipWhereMissing();
        Assert.Equal([1299, 927, 618], Drafts.Select(draft => OfficialSuite.Files(draft, optional: false).Sum(file => OfficialSuite.Read(draft, file).Count())));
    }

    [Fact]
    public void Every_error_points_at_its_rule_and_at_its_value()
    {
        SkipWhereMissing();
        foreach (var draft in Drafts)
        {
            foreach (var test in OfficialSuite.Files(draft, optional: false).SelectMany(file => OfficialSuite.Read(draft, file)).Where(t => !t.IsValid))
            {
                var schema = JsonSchema.From(test.Schema, new JsonSchemaOptions { DefaultDraft = draft, Documents = OfficialSuite.Remotes });
                foreach (var error in schema.Validate(test.Data))
                {
                    Assert.NotNull(error.SchemaPointer);
                    Assert.True(Find(schema.Document, error.SchemaPointer) is not null, $"{test.Name}: {error} of {error.SchemaPointer}");
                    if (error.Value is null) Assert.Contains("is missing, and required", error.Message, StringComparison.Ordinal);
                    else if (error.SchemaPointer.Contains("/propertyNames", StringComparison.Ordinal)) Assert.Equal(error.Pointer, "/" + JsonDocument.Parse(error.Value).RootElement.GetString());
                    else Assert.Equal(JsonMarshal.GetRawUtf8Value(Find(test.Data, error.Pointer)!.Value), System.Text.Encoding.UTF8.GetBytes(error.Value));
                }
            }
        }
    }

    private static IEnumerable<string> Wrong(JsonSchemaDraft draft, string file, bool assertFormat)
    {
        var options = new JsonSchemaOptions { DefaultDraft = draft, AssertFormat = assertFormat, Documents = OfficialSuite.Remotes };
        foreach (var test in OfficialSuite.Read(draft, file))
        {
            if (Verdict(test, options) != test.IsValid) yield return test.Name;
        }
    }

    /// <summary>The one verdict of all four ways to ask; null where there is none.</summary>
    private static bool? Verdict(SuiteTest test, JsonSchemaOptions options)
    {
        try
        {
            var schema = JsonSchema.From(test.Schema, options);
            var bytes = JsonMarshal.GetRawUtf8Value(test.Data);
            bool[] verdicts = [schema.IsValid(test.Data), schema.IsValid(bytes), schema.Validate(test.Data).Count == 0, schema.Validate(bytes).Count == 0];
            return Assert.Single(verdicts.Distinct());
        }
        catch (JsonSchemaException)
        {
            return null;
        }
    }

    private static JsonElement? Find(JsonElement value, string pointer)
    {
        foreach (var step in pointer.Split('/').Skip(1).Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            if (value.ValueKind == JsonValueKind.Array) value = value[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)];
            else if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(step, out value)) return null;
        }

        return value;
    }

    private static TheoryData<JsonSchemaDraft, string> Files(bool optional)
    {
        var data = new TheoryData<JsonSchemaDraft, string>();
        foreach (var draft in Drafts)
        {
            foreach (var file in OfficialSuite.Files(draft, optional)) data.Add(draft, file);
        }

        return data;
    }

    private static void SkipWhereMissing()
    {
        if (OfficialSuite.IsThere) return;
        Assert.SkipWhen(OfficialSuite.MayBeMissing, $"The official suite is not at {OfficialSuite.Folder}.");
        Assert.Fail($"The official suite is not at {OfficialSuite.Folder}, and CI must run it.");
    }
}
