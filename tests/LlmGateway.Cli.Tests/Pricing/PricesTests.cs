using System.Globalization;
using System.Text.Json;

namespace LlmGateway.Cli.Tests;

/// <summary><c>prices</c> as a real process.</summary>
public sealed class PricesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llm-gateway-prices");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task List_in_a_pipe_is_one_header_and_a_line_of_tab_separated_values_for_each_row()
    {
        var lines = Lines(await CliProcess.RunAsync(["prices", "list", "--vendor", "anthropic", "--at", "2026-11-24"]));

        Assert.Equal("vendor\tmodel\tinput\toutput\tcache read\tcache write\tchanges\ttiers\tregions\tfees", lines[0]);
        Assert.Contains("anthropic\tclaude-opus-5-5\t4\t20\t0.2\t5\t\tbatch fast\tus\tweb_search", lines);
        Assert.All(lines[1..], line => Assert.Equal(("anthropic", 10), (line.Split('\t')[0], line.Split('\t').Length)));
    }

    [Theory]
    [InlineData("2026-07-29", "1")]
    [InlineData("2026-07-30", "0.2")]
    public async Task List_shows_the_prices_of_the_moment(string at, string input)
    {
        var lines = Lines(await CliProcess.RunAsync(["prices", "list", "--vendor", "openai", "--at", at]));

        Assert.Equal(input, Assert.Single(lines, line => line.StartsWith("openai\tgpt-5.6-luna\t", StringComparison.Ordinal)).Split('\t')[2]);
    }

    [Fact]
    public async Task List_as_json_is_one_object_a_line_with_exact_amounts()
    {
        var rows = Lines(await CliProcess.RunAsync(["prices", "list", "--json"])).Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.True(rows.Count > 1000);
        var mini = Assert.Single(rows, row => (row.GetProperty("vendor").GetString(), row.GetProperty("model").GetString()) == ("openai", "gpt-4o-mini")).GetProperty("prices")[0];
        Assert.Equal("0.075", mini.GetProperty("cache_read").GetString());
        Assert.Equal("1", mini.GetProperty("tiers").GetProperty("priority").GetProperty("output").GetString());
        Assert.Equal("x 1", mini.GetProperty("regions").GetProperty("eu").GetString());
    }

    [Fact]
    public async Task Show_gives_every_price_tier_region_fee_and_step_the_names_the_source_and_what_matched()
    {
        var lines = Lines(await CliProcess.RunAsync(["prices", "show", "gpt-5.4-2026-03-05", "--vendor", "openai"]));

        Assert.Equal(
            [
                "openai/gpt-5.4", "matched by  gpt-5.4-2026-03-05", "names       gpt-5.4 gpt-5.4-2026-03-05 gpt-5-4 gpt-5-4-2026-03-05",
                "source      @pydantic/genai-prices 0.1.8", "read        https://developers.openai.com/api/docs/pricing (2026-09)",
                "when\twhat\tUS dollars", "\tinput\t2.5", "\toutput\t15", "\tcache_read\t0.25",
                "\tabove 271999 input tokens: input\t5", "\tabove 271999 input tokens: output\t22.5", "\tabove 271999 input tokens: cache_read\t0.5",
            ],
            lines[..12]);
        Assert.Contains("\tfee: web_search\t0.01", lines);
        Assert.Contains("\ttier batch: output\t7.5", lines);
        Assert.Contains("\ttier flex: above 271999 input tokens: output\t11.25", lines);
        Assert.Contains("\tregion eu\tx 1.1", lines);
    }

    [Fact]
    public async Task Show_says_when_each_price_holds_and_at_picks_one()
    {
        var all = Lines(await CliProcess.RunAsync(["prices", "show", "deepseek-v4-flash", "--vendor", "deepseek"]));
        var one = await CliProcess.RunAsync(["prices", "show", "deepseek-v4-flash", "--vendor", "deepseek", "--at", "2026-11-23T02:00:00Z", "--json"]);

        Assert.Contains("\tinput\t0.14", all);
        Assert.Contains("from 2026-08-17\tinput\t0.22", all);
        Assert.Contains("from 2026-08-17, 01:00-04:00 UTC\tinput\t0.44", all);
        Assert.Contains("from 2026-08-23, sun,sat\tinput\t0.22", all);
        Assert.Equal("0.44", JsonDocument.Parse(one.Output).RootElement.GetProperty("price").GetProperty("input").GetString());
    }

    [Fact]
    public async Task Show_without_a_vendor_gives_every_vendors_price_of_the_name()
        => Assert.Equal(
            ["anthropic/claude-opus-5-5", "gemini/claude-opus-5-5"],
            Lines(await CliProcess.RunAsync(["prices", "show", "claude-opus-5-5"])).Where(line => line.EndsWith("/claude-opus-5-5", StringComparison.Ordinal)));

    [Theory]
    [InlineData("gpt-5.44", "openai", "openai/gpt-5.4")]
    [InlineData("claude-opus-5-55", "anthropic", "anthropic/claude-opus-5-5")]
    public async Task An_unknown_model_is_not_priced_and_the_nearest_names_are_a_hint(string model, string vendor, string nearest)
    {
        var result = await CliProcess.RunAsync(["prices", "show", model, "--vendor", vendor]);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"error: The price of model '{model}' of vendor '{vendor}' is unknown. Nearest names, none of which it is priced as: {nearest}", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show", "gpt-5", "--at", "yesterday")]
    [InlineData("list", "--vendor", "nobody")]
    [InlineData("show")]
    [InlineData("diff")]
    [InlineData("check", "no-such-file.json")]
    public async Task What_is_asked_wrongly_is_an_error_of_usage(params string[] arguments)
    {
        var result = await CliProcess.RunAsync(["prices", .. arguments]);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_shows_what_a_file_would_change_row_by_row()
    {
        var file = Write("""
            {"rows": [
              {"provider": "openai", "model": "gpt-4o", "input": 2.5, "output": 11, "cache_read": 1.25, "tiers": {"batch": 0.4}},
              {"provider": "acme", "model": "m", "input": 1, "output": 2}
            ]}
            """);

        var lines = Lines(await CliProcess.RunAsync(["prices", "diff", file]));
        var first = JsonDocument.Parse(Lines(await CliProcess.RunAsync(["prices", "diff", file, "--json"]))[0]).RootElement;

        Assert.Equal("row\twhat\tbuilt-in\tfile", lines[0]);
        Assert.Equal("openai/gpt-4o\toutput\t10\t11", lines[1]);
        Assert.Contains("openai/gpt-4o\ttier batch\t-\tx 0.4", lines);
        Assert.Contains("openai/gpt-4o\ttier batch: input\t1.25\t-", lines);
        Assert.Contains("openai/gpt-4o\ttier priority\tx 1.7\t-", lines);
        Assert.Contains("acme/m\trow\t-\tnew", lines);
        Assert.DoesNotContain(lines, line => line.Contains("cache_read\t1.25", StringComparison.Ordinal));
        Assert.Equal(("output", "10", "11"), (first.GetProperty("what").GetString(), first.GetProperty("built_in").GetString(), first.GetProperty("file").GetString()));
    }

    [Fact]
    public async Task Check_of_a_good_file_counts_its_rows_and_of_a_bad_one_names_the_row_and_the_field()
    {
        var good = await CliProcess.RunAsync(["prices", "check", Write("""{"rows": [{"provider": "acme", "model": "m", "input": 1, "output": 2}]}""")]);
        var bad = await CliProcess.RunAsync(["prices", "check", Write("""{"rows": [{"provider": "acme", "model": "m", "input": 1, "output": 2}, {"provider": "acme", "model": "n", "input": 1, "output": 2, "tiers": {"batch": "half"}}]}""")]);

        Assert.Equal(0, good.ExitCode);
        Assert.EndsWith("nothing wrong in 1 rows of acme.\n", good.Output, StringComparison.Ordinal);
        Assert.Equal((2, ""), (bad.ExitCode, bad.Output));
        Assert.Contains("row 2 (acme/n), tiers, field \"batch\"", bad.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_alone_says_what_is_in_use_and_how_old_it_is()
    {
        var file = Write("""{"rows": [{"provider": "acme", "model": "m", "input": 1, "output": 2}]}""");

        var plain = Lines(await CliProcess.RunAsync(["prices", "check"], variables: [("LLM_PRICES_FILE", file)]));
        var state = JsonDocument.Parse((await CliProcess.RunAsync(["prices", "check", "--json"])).Output).RootElement;

        Assert.Matches(@"^built-in  @pydantic/genai-prices 0\.1\.8 and rows kept by hand, made on \d{4}-\d\d-\d\d, \d+ days ago: \d{4} rows$", plain[0]);
        Assert.Equal($"file      {file} (LLM_PRICES_FILE): 1 rows", plain[1]);
        Assert.Contains("simulated\t1", plain);
        var made = DateOnly.ParseExact(state.GetProperty("made").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.InRange(state.GetProperty("age_days").GetInt32(), 0, DateOnly.FromDateTime(DateTime.UtcNow).DayNumber - made.DayNumber);
        Assert.Equal(state.GetProperty("rows").GetInt32(), state.GetProperty("vendors").EnumerateObject().Sum(vendor => vendor.Value.GetInt32()));
        Assert.Equal(JsonValueKind.Null, state.GetProperty("prices_file").ValueKind);
    }

    [Fact]
    public async Task A_file_of_ones_own_goes_over_the_built_in_rows()
    {
        (string, string) own = ("LLM_PRICES_FILE", Write("""{"rows": [{"provider": "openai", "model": "gpt-4o", "input": 7, "output": 8}, {"provider": "acme", "model": "m", "input": 1, "output": 2}]}"""));

        var shown = Lines(await CliProcess.RunAsync(["prices", "show", "gpt-4o", "--vendor", "openai"], variables: own));
        var listed = Lines(await CliProcess.RunAsync(["prices", "list", "--vendor", "acme"], variables: own));
        var bad = await CliProcess.RunAsync(["prices", "list"], variables: ("LLM_PRICES_FILE", Write("""{"rows": [{}]}""")));

        Assert.Contains("\tinput\t7", shown);
        Assert.Contains($"source      {own.Item2}", shown);
        Assert.Equal("acme\tm\t1\t2\t-\t-\t\t\t\t", listed[1]);
        Assert.Equal(2, bad.ExitCode);
    }

    private static string[] Lines(CliResult result)
    {
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result.Output.Split('\n')[..^1];
    }

    private string Write(string json)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, json);
        return path;
    }
}
