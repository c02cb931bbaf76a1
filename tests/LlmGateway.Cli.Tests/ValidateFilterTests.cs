using System.Text;
using System.Text.Json;
using LlmGateway.Cli.Filters;

namespace LlmGateway.Cli.Tests;

public sealed class ValidateFilterTests
{
    [Fact]
    public async Task Says_what_is_wrong_and_where_in_both_in_order_and_goes_on_after_a_bad_line()
    {
        var input = string.Join('\n',
            """{"schema":{"type":"object","properties":{"a/b":{"maximum":3}},"required":["c"]},"instance":{"a/b":5}}""",
            """{"schema":{"type":"integer"},"instance":1}""",
            """{"schema":{"type":"intger"},"instance":1}""",
            "nonsense",
            """{"schema":{"type":"string"},"instance":null}""");

        var result = await CliProcess.RunAsync(["validate", "--jsonl"], input, ("LLM_MAX_TOKENS", "nonsense"));

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.Equal(
            """{"valid":false,"errors":[{"instance":"/a~1b","schema":"/properties/a~1b/maximum","message":"is 5, and must be at most 3"},{"instance":"/c","schema":"/required","message":"is missing, and required"}]}""",
            lines[0]);
        Assert.Equal("""{"valid":true,"errors":[]}""", lines[1]);
        Assert.Equal("""{"error":{"kind":"invalid_schema","message":"JSON schema, #/type: 'intger' is no type."}}""", lines[2]);
        Assert.StartsWith("""{"error":{"kind":"invalid_json",""", lines[3], StringComparison.Ordinal);
        Assert.Equal("""{"valid":false,"errors":[{"instance":"","schema":"/type","message":"is null, and must be string"}]}""", lines[4]);
    }

    [Fact]
    public async Task The_draft_is_the_option_s_but_a_schema_s_own_wins()
    {
        const string Tuple = """{"schema":{"items":[{"type":"string"}],"additionalItems":false},"instance":["a",1]}""";
        const string Own = """{"schema":{"$schema":"https://json-schema.org/draft/2020-12/schema","prefixItems":[{"type":"string"}],"items":false},"instance":["a",1]}""";

        var seven = await CliProcess.RunAsync(["validate", "--jsonl", "--draft", "7"], Tuple + "\n" + Own);
        var current = await CliProcess.RunAsync(["validate", "--jsonl"], Tuple);

        Assert.Equal(
            """{"valid":false,"errors":[{"instance":"/1","schema":"/additionalItems","message":"is not allowed here"}]}""" + "\n" + """{"valid":false,"errors":[{"instance":"/1","schema":"/items","message":"is not allowed here"}]}""" + "\n",
            seven.Output);
        Assert.Equal("invalid_schema", Kind(current.Output));
    }

    [Fact]
    public async Task Format_is_a_rule_only_where_it_is_asked_for()
    {
        const string Line = """{"schema":{"format":"date"},"instance":"2030-02-30"}""";

        Assert.Equal("""{"valid":true,"errors":[]}""", Assert.Single(await Filter(Line, new JsonSchemaOptions())));
        Assert.Equal(
            """{"valid":false,"errors":[{"instance":"","schema":"/format","message":"is \"2030-02-30\", and must be a date, such as 2030-01-31"}]}""",
            (await CliProcess.RunAsync(["validate", "--jsonl", "--assert-format"], Line)).Output.TrimEnd());
    }

    [Fact]
    public async Task References_lead_to_the_files_of_a_folder_and_nowhere_else()
    {
        var folder = Directory.CreateTempSubdirectory("llm-gateway-schemas");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "deep"));
            File.WriteAllText(Path.Combine(folder.FullName, "deep", "one.json"), """{"$id":"https://example.com/one","$defs":{"n":{"type":"integer"}}}""");
            File.WriteAllText(Path.Combine(folder.FullName, "four.json"), """{"$schema":"http://json-schema.org/draft-04/schema#","id":"https://example.com/four#","maximum":3,"exclusiveMaximum":true}""");
            File.WriteAllText(Path.Combine(folder.FullName, "nameless.json"), """{"type":"string"}""");
            const string Lines = """
                {"schema":{"$ref":"https://example.com/one#/$defs/n"},"instance":"x"}
                {"schema":{"$ref":"https://example.com/four"},"instance":3}
                {"schema":{"$ref":"https://example.com/none"},"instance":3}
                """;

            var result = await CliProcess.RunAsync(["validate", "--jsonl", "--schemas", folder.FullName], Lines);

            Assert.Equal(0, result.ExitCode);
            Assert.Contains("nameless.json", result.Error, StringComparison.Ordinal);
            var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal("""{"valid":false,"errors":[{"instance":"","schema":"/$ref","message":"is \"x\", and must be integer"}]}""", lines[0]);
            Assert.Equal("""{"valid":false,"errors":[{"instance":"","schema":"/$ref","message":"is 3, and must be less than 3"}]}""", lines[1]);
            Assert.Equal("invalid_schema", Kind(lines[2]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_folder_that_cannot_be_read_is_an_error_of_usage()
    {
        var missing = await CliProcess.RunAsync(["validate", "--jsonl", "--schemas", "/no/such/folder"], "");

        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("--schemas /no/such/folder", missing.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await CliProcess.RunAsync(["validate"], "")).ExitCode);
        Assert.Equal(2, (await CliProcess.RunAsync(["validate", "--jsonl", "--draft", "5"], "")).ExitCode);
    }

    [Theory]
    [InlineData("""{"schema":{"multipleOf":0.01},"instance":12345678901234567890.12}""", true)]
    [InlineData("""{"schema":{"multipleOf":0.01},"instance":12345678901234567890.123}""", false)]
    [InlineData("""{"schema":{"const":1e400},"instance":1.0e400}""", true)]
    [InlineData("""{"schema":{"const":9007199254740993},"instance":9007199254740992}""", false)]
    [InlineData("""{"schema":{"maxLength":1},"instance":"\ud83d\ude00"}""", true)]
    [InlineData("""{"schema":{"maxLength":1},"instance":"\ud83d\ud83d"}""", false)]
    [InlineData("""{"schema":true,"instance":null}""", true)]
    public async Task Instances_are_held_against_the_schema_as_they_are_written(string line, bool isValid)
        => Assert.StartsWith($"{{\"valid\":{(isValid ? "true" : "false")},", Assert.Single(await Filter(line, new JsonSchemaOptions())), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"instance":1}""", "invalid_request")]
    [InlineData("""{"schema":{}}""", "invalid_request")]
    [InlineData("""{"schema":null,"instance":1}""", "invalid_schema")]
    [InlineData("""{"schema":{"pattern":"("},"instance":1}""", "invalid_schema")]
    [InlineData("""{"schema":{"$ref":"#"},"instance":1}""", "invalid_schema")]
    [InlineData("""{"schema":{},"instance":{"a":1,"a":2}}""", "invalid_json")]
    public async Task A_bad_line_says_what_is_bad(string line, string kind) => Assert.Equal(kind, Kind(Assert.Single(await Filter(line, new JsonSchemaOptions()))));

    [Fact]
    public async Task Half_a_surrogate_pair_is_written_as_the_escape_that_it_came_as()
    {
        var line = Assert.Single(await Filter("""{"schema":{"pattern":"\ud800\""},"instance":"\ud801"}""", new JsonSchemaOptions()));

        Assert.Equal("""{"valid":false,"errors":[{"instance":"","schema":"/pattern","message":"is \u0022\u005cud801\u0022, and must match the pattern \ud800\u0022"}]}""", line);
        Assert.Equal("invalid_json", Kind(Assert.Single(await Filter("""{"schema":true,"instance":{"\ud800":1}}""", new JsonSchemaOptions()))));
    }

    [Fact]
    public async Task Deep_values_are_held_against_the_schema_too()
    {
        const int Depth = 200;
        var deep = new string('[', Depth) + "1" + new string(']', Depth);

        var line = Assert.Single(await Filter($$"""{"schema":{"items":{"$ref":"#"},"type":"array"},"instance":{{deep}}}""", new JsonSchemaOptions()));

        using var json = JsonDocument.Parse(line);
        Assert.Equal(string.Concat(Enumerable.Repeat("/0", Depth)), Assert.Single(json.RootElement.GetProperty("errors").EnumerateArray()).GetProperty("instance").GetString());
    }

    private static string Kind(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("error").GetProperty("kind").GetString()!;
    }

    private static async Task<string[]> Filter(string line, JsonSchemaOptions options)
    {
        var output = new MemoryStream();
        await JsonLinesFilter.RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(line)), output, new ValidateFilter(options).Convert, TestContext.Current.CancellationToken, ValidateFilter.Lines);
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
