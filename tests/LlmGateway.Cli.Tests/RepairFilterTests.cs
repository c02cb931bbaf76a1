using System.Text.Json;

namespace LlmGateway.Cli.Tests;

public sealed class RepairFilterTests
{
    private const string NeedsA = """{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}""";

    [Fact]
    public async Task Each_line_is_read_in_order_and_a_bad_one_does_not_stop_the_rest()
    {
        string[] input =
        [
            Line("Sure: {'a': 1.50, \"b\": 1e400,}"),
            "not json",
            """{"schema":{}}""",
            Line("{\"a\":1}", "{\"type\":5}"),
            Line("{\"a\":\"x\"}", NeedsA),
            Line("{\"a\":1,\"a\":2}"),
            Line("{\"a\":1"),
            Line("{\"a\":1}\n{\"b\":1}", NeedsA),
        ];

        var result = await CliProcess.RunAsync(["repair", "--jsonl"], string.Join('\n', input), ("LLM_MAX_TOKENS", "nonsense"));

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(input.Length, lines.Length);
        Assert.Equal("""{"ok":true,"value":{"a":1.50,"b":1e400},"repairs":[{"kind":"surrounding_text","offset":0},{"kind":"single_quotes","offset":7},{"kind":"trailing_comma","offset":28}],"coercions":[],"errors":[]}""", lines[0]);
        Assert.Equal(["invalid_json", "invalid_request", "invalid_schema"], lines[1..4].Select(Kind));
        Assert.StartsWith("""{"ok":false,"value":null,"repairs":[],"coercions":[],"errors":[{"instance":"/a","schema":""", lines[4], StringComparison.Ordinal);
        Assert.Equal("""{"ok":false,"value":null,"repairs":[],"coercions":[],"errors":[{"instance":"/a","schema":null,"message":"stands in its object more than once"}]}""", lines[5]);
        Assert.StartsWith("""{"ok":false,"value":null,"repairs":[],"coercions":[],"errors":[{"instance":"","schema":null,"message":"The answer is cut off""", lines[6], StringComparison.Ordinal);
        Assert.Equal("""{"ok":true,"value":{"a":1},"repairs":[{"kind":"other_value","offset":8}],"coercions":[],"errors":[]}""", lines[7]);
    }

    [Fact]
    public async Task Values_are_changed_only_where_that_is_asked_for()
    {
        var line = Line("{\"a\":\"42\"}", NeedsA);

        var strict = await CliProcess.RunAsync(["repair", "--jsonl"], line);
        var lossless = await CliProcess.RunAsync(["repair", "--jsonl", "--coerce", "lossless"], line);

        Assert.StartsWith("""{"ok":false,"value":null,""", strict.Output, StringComparison.Ordinal);
        Assert.Equal("""{"ok":true,"value":{"a":42},"repairs":[],"coercions":[{"kind":"number_from_string","pointer":"/a","from":"42","to":42}],"errors":[]}""", lossless.Output.TrimEnd());
    }

    [Fact]
    public async Task A_value_of_several_lines_stays_on_one()
        => Assert.Equal("""{"ok":true,"value":{"a":["é\n"]},"repairs":[],"coercions":[],"errors":[]}""", (await CliProcess.RunAsync(["repair", "--jsonl"], Line("{\n \"a\": [\n  \"é\\n\"\n ]\n}"))).Output.TrimEnd());

    [Fact]
    public async Task It_asks_for_its_form()
    {
        Assert.Equal(2, (await CliProcess.RunAsync(["repair"], "")).ExitCode);
        Assert.Equal(2, (await CliProcess.RunAsync(["repair", "--jsonl", "--coerce", "lossy"], "")).ExitCode);
    }

    private static string Line(string text, string? schema = null)
        => $$"""{"text":{{JsonSerializer.Serialize(text)}}{{(schema is null ? "" : ",\"schema\":" + schema)}}}""";

    private static string Kind(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("error").GetProperty("kind").GetString()!;
    }
}
