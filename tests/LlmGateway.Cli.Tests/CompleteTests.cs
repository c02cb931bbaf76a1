using System.Diagnostics;
using System.Text.Json;

namespace LlmGateway.Cli.Tests;

public sealed class CompleteTests
{
    private const string Canary = "sk-canary-123";

    [Fact]
    public async Task The_answer_alone_is_on_standard_output()
    {
        using var vendor = Vendor.Saying("Paris.\nReally.");

        var result = await CliProcess.RunAsync(["complete", "What is the capital of France?"], variables: vendor.Variables);

        Assert.Equal((0, "Paris.\nReally.\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Theory]
    [InlineData(new[] { "complete" }, "from standard input")]
    [InlineData(new[] { "complete", "-" }, "from standard input")]
    [InlineData(new[] { "complete", "@alice", "says", "hi" }, null)]
    [InlineData(new[] { "complete", "--", "--help", "me" }, null)]
    public async Task The_prompt_comes_from_arguments_or_standard_input(string[] arguments, string? input)
    {
        using var vendor = Vendor.Saying("ok");

        var result = await CliProcess.RunAsync(arguments, input, vendor.Variables);

        Assert.Equal((0, "ok\n", 1), (result.ExitCode, result.Output, vendor.Requests));
    }

    [Fact]
    public async Task Json_is_the_whole_response_with_its_exact_cost()
    {
        using var vendor = Vendor.Saying("4");

        var result = await CliProcess.RunAsync(["complete", "--json", "What is 2 + 2?"], variables: vendor.Variables);

        using var json = JsonDocument.Parse(result.Output);
        var root = json.RootElement;
        Assert.Equal(
            ["content", "model", "provider", "latency_ms", "usage", "total_cost_usd", "metadata"],
            root.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("4", "claude-sonnet-5", "anthropic"), (root.GetProperty("content").GetString(), root.GetProperty("model").GetString(), root.GetProperty("provider").GetString()));
        Assert.Equal("0.0003", root.GetProperty("total_cost_usd").GetRawText()); // 100 x 2 + 10 x 10 dollars a million.
        Assert.Equal(100, root.GetProperty("usage").GetProperty("input_tokens").GetInt32());
        Assert.Equal("req_1", root.GetProperty("metadata").GetProperty("request_id").GetString());
        Assert.Single(root.GetProperty("metadata").GetProperty("attempts").EnumerateArray());
    }

    [Fact]
    public async Task A_schema_gives_a_checked_answer()
    {
        using var vendor = Vendor.Saying("""{"capital":"Paris"}""");
        using var schema = new TempFile("""{"type":"object","properties":{"capital":{"type":"string"}},"required":["capital"],"additionalProperties":false}""");

        var result = await CliProcess.RunAsync(["complete", "--schema", schema.Path, "France?"], variables: vendor.Variables);

        Assert.Equal((0, "{\"capital\":\"Paris\"}\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task An_answer_that_stays_invalid_is_exit_code_3_with_every_error()
    {
        using var vendor = Vendor.Saying("""{"capital":7}""");
        using var schema = new TempFile("""{"type":"object","properties":{"capital":{"type":"string"},"river":{"type":"string"}},"required":["capital","river"]}""");

        var result = await CliProcess.RunAsync(["complete", "--json", "--schema", schema.Path, "France?"], variables: vendor.Variables);

        Assert.Equal(3, result.ExitCode);
        using var json = JsonDocument.Parse(result.Output);
        var error = json.RootElement.GetProperty("error");
        Assert.Equal("validation", error.GetProperty("kind").GetString());
        Assert.Equal(["/capital", "/river"], error.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString()!).Order());
        Assert.Equal("""{"capital":7}""", error.GetProperty("raw_text").GetString());
        Assert.Equal(3, vendor.Requests); // The ask and two re-asks, all billed:
        Assert.Equal("0.0009", json.RootElement.GetProperty("total_cost_usd").GetRawText());
    }

    [Theory]
    [InlineData("--temperature", "0,1")] // Not 1, as a separator of thousands would make it.
    [InlineData("--temperature", "2.5")]
    [InlineData("--max-tokens", "0")]
    [InlineData("--max-tokens", "many")]
    public async Task A_number_that_is_none_is_refused_by_the_options_name(string option, string value)
    {
        using var vendor = Vendor.Saying("ok");

        var result = await CliProcess.RunAsync(["complete", option, value, "hi"], variables: vendor.Variables);

        Assert.Equal((2, 0), (result.ExitCode, vendor.Requests));
        Assert.Contains($"{option}: '{value}' is not", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"object","propertyNames":7}""", "#/propertyNames")]
    [InlineData("""{"$ref":"https://example.com/elsewhere.json"}""", "#/$ref")]
    [InlineData("""not json""", "--schema")]
    public async Task A_schema_that_cannot_be_used_is_refused_before_anything_is_sent(string text, string named)
    {
        using var vendor = Vendor.Saying("ok");
        using var schema = new TempFile(text);

        var result = await CliProcess.RunAsync(["complete", "--schema", schema.Path, "x"], variables: vendor.Variables);

        Assert.Equal((2, "", 0), (result.ExitCode, result.Output, vendor.Requests));
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, """{"type":"error","error":{"type":"authentication_error","message":"bad key sk-canary-123"}}""", "authentication")]
    [InlineData(529, """{"type":"error","error":{"type":"overloaded_error","message":"busy"}}""", "overloaded")]
    [InlineData(502, "<html>bad gateway</html>", "server_error")]
    public async Task A_providers_error_is_exit_code_5_and_never_shows_the_key(int status, string body, string kind)
    {
        using var vendor = Vendor.Replying(status, body);

        var plain = await CliProcess.RunAsync(["complete", "hi"], variables: vendor.Variables);
        var asJson = await CliProcess.RunAsync(["complete", "--json", "hi"], variables: vendor.Variables);

        Assert.Equal((5, ""), (plain.ExitCode, plain.Output));
        Assert.Contains($"HTTP {status}", plain.Error, StringComparison.Ordinal);
        Assert.Equal(5, asJson.ExitCode);
        using var json = JsonDocument.Parse(asJson.Output);
        Assert.Equal((kind, status), (json.RootElement.GetProperty("error").GetProperty("kind").GetString(), json.RootElement.GetProperty("error").GetProperty("http_status").GetInt32()));
        Assert.DoesNotContain(Canary, plain.Error + asJson.Output + asJson.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cost_limit_of_0_refuses_a_paid_call_with_exit_code_4()
    {
        using var vendor = Vendor.Saying("ok");

        var result = await CliProcess.RunAsync(["complete", "hi"], variables: [.. vendor.Variables, ("LLM_COST_LIMIT_USD", "0")]);

        Assert.Equal((4, "", 0), (result.ExitCode, result.Output, vendor.Requests));
        Assert.Contains("cost limit", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("complete", "hi", "--max-tokens", "many")]
    [InlineData("complete", "hi", "--max-tokens", "0")]
    [InlineData("complete", "hi", "--file", "/no/such/file")]
    [InlineData("complete", "hi", "--provider", "anthropc")]
    [InlineData("complete", "hi", "--nonsense", "1")]
    [InlineData("nonsense")]
    [InlineData]
    public async Task A_wrong_command_line_is_exit_code_2_and_on_standard_error(params string[] arguments)
    {
        var result = await CliProcess.RunAsync(arguments, "", ("ANTHROPIC_API_KEY", Canary));

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invalid_setting_names_itself()
    {
        var result = await CliProcess.RunAsync(["complete", "hi"], variables: [("LLM_TIMEOUT_SECONDS", "soon")]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("LLM_TIMEOUT_SECONDS is invalid. The value 'soon'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cut_answer_is_printed_with_a_warning()
    {
        using var vendor = Vendor.Saying("Once upon", "max_tokens");

        var result = await CliProcess.RunAsync(["complete", "Tell me a story"], variables: vendor.Variables);

        Assert.Equal((0, "Once upon\n"), (result.ExitCode, result.Output));
        Assert.Contains("warning: the answer was cut", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_ends_the_call_with_130()
    {
        using var vendor = Vendor.Silent();
        using var cli = CliProcess.Start(["complete", "hi"], vendor.Variables);
        await vendor.Asked.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        using (var kill = Process.Start("kill", ["-INT", cli.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var result = await cli.FinishAsync();

        Assert.Equal((130, ""), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task An_interrupt_ends_the_wait_for_input_too()
    {
        using var cli = CliProcess.Start(["price", "--jsonl"]);

        // An answer shows that the program is up, and waits for more.
        await cli.WriteLineAsync("{}");
        Assert.StartsWith("{\"error\"", await cli.ReadLineAsync(), StringComparison.Ordinal);

        using (var kill = Process.Start("kill", ["-INT", cli.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var result = await cli.FinishAsync(closesInput: false);

        Assert.Equal((130, ""), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Verbose_says_what_it_cost_on_standard_error()
    {
        using var vendor = Vendor.Saying("ok");

        var result = await CliProcess.RunAsync(["complete", "-v", "hi"], variables: vendor.Variables);

        Assert.Equal("ok\n", result.Output);
        Assert.Contains("anthropic/claude-sonnet-5: 100 tokens in, 10 out, $0.0003", result.Error, StringComparison.Ordinal);
    }

    private sealed class TempFile : IDisposable
    {
        public TempFile(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
