using System.Text;
using System.Text.Json;
using LlmGateway.Cli.Filters;

namespace LlmGateway.Cli.Tests;

public sealed class PriceFilterTests
{
    private const string Gpt = """{"provider":"openai","body":{"model":"gpt-4o","usage":{"prompt_tokens":100,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":50}}}}""";

    [Fact]
    public async Task Prices_each_line_exactly_and_in_order_and_goes_on_after_a_bad_one()
    {
        var input = "\uFEFF" + Gpt + "\r\n\nnot json\n[1]\n"
            + """{"provider":"google","body":{"modelVersion":"gemini-2.5-pro","usageMetadata":{"promptTokenCount":1000,"candidatesTokenCount":5}}}""" + "\n"
            + """{"provider":"anthropic","body":{"model":"claude-sonnet-4-5","usage":{"input_tokens":1000,"cache_read_input_tokens":10,"output_tokens":200}}}""";

        var result = await CliProcess.RunAsync(["price", "--jsonl"], input, ("LLM_MAX_TOKENS", "nonsense"));

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.Equal(
            """{"provider":"openai","model":"gpt-4o","usage":{"input_tokens":100,"cache_read_tokens":50,"cache_write_tokens":0,"output_tokens":2,"reasoning_tokens":0,"cache_write_1h_tokens":0,"audio_input_tokens":0,"audio_cache_read_tokens":0,"audio_output_tokens":0,"image_input_tokens":0,"image_cache_read_tokens":0,"image_output_tokens":0},"input_cost_usd":"0.0001875","output_cost_usd":"0.00002","total_cost_usd":"0.0002075","priced":true,"fees_cost_usd":"0","service_tier":null,"region":null,"matched":{"provider":"openai","row":"gpt-4o","name":"gpt-4o","source":"SOURCE"},"parts":[{"kind":"cache_read","quantity":50,"unit_price_usd":"0.00000125","cost_usd":"0.0000625"},{"kind":"input","quantity":50,"unit_price_usd":"0.0000025","cost_usd":"0.000125"},{"kind":"output","quantity":2,"unit_price_usd":"0.00001","cost_usd":"0.00002"}],"unpriced_because":null}"""
                .Replace("SOURCE", PriceBook.BuiltInSource, StringComparison.Ordinal),
            lines[0]);
        Assert.Equal(["invalid_json", "invalid_line"], lines[1..3].Select(Kind));
        Assert.Contains("\"total_cost_usd\":\"0.0013\"", lines[3], StringComparison.Ordinal);
        Assert.Contains("\"input_tokens\":1010,\"cache_read_tokens\":10,", lines[4], StringComparison.Ordinal);
        Assert.Contains("\"input_cost_usd\":\"0.003003\"", lines[4], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"provider":"nobody","body":{"model":"m","usage":{"prompt_tokens":1,"completion_tokens":2}}}""")]
    [InlineData("""{"provider":"openai","body":{"model":"gpt-4o-nonsense","usage":{"prompt_tokens":1,"completion_tokens":2}}}""")]
    [InlineData("""{"provider":"openai","body":{"usage":{"prompt_tokens":1,"completion_tokens":2}}}""")]
    public async Task What_has_no_price_is_unpriced_and_not_0(string line)
    {
        using var json = JsonDocument.Parse(Assert.Single(await Filter(line)));

        Assert.False(json.RootElement.GetProperty("priced").GetBoolean());
        Assert.NotEqual("", json.RootElement.GetProperty("unpriced_because").GetString());
        Assert.Equal(0, json.RootElement.GetProperty("parts").GetArrayLength());
        Assert.All(["input_cost_usd", "output_cost_usd", "total_cost_usd", "fees_cost_usd"], name => Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty(name).ValueKind));
        Assert.Equal(1, json.RootElement.GetProperty("usage").GetProperty("input_tokens").GetInt32());
    }

    [Theory]
    [InlineData("""{}""", "invalid_request")]
    [InlineData("""{"provider":7,"body":{}}""", "invalid_request")]
    [InlineData("""{"provider":"openai"}""", "invalid_request")]
    [InlineData("""{"provider":"openai","body":[]}""", "invalid_request")]
    [InlineData("""{"provider":"openai","body":{"model":"gpt-4o"}}""", "invalid_usage")]
    [InlineData("""{"provider":"openai","body":{"model":"gpt-4o","usage":{"prompt_tokens":-1,"completion_tokens":2}}}""", "invalid_usage")]
    [InlineData("""{"provider":"openai","body":{"model":"gpt-4o","usage":{"prompt_tokens":"1","completion_tokens":2}}}""", "invalid_usage")]
    [InlineData("""{"provider":"openai","region":7,"body":{}}""", "invalid_request")]
    [InlineData("""{"provider":"openai","service_tier":["flex"],"body":{}}""", "invalid_request")]
    [InlineData("""{"provider":"openai","service_tier":" ","body":{}}""", "invalid_request")]
    [InlineData("""{"provider":"openai","at":"yesterday","body":{}}""", "invalid_request")]
    [InlineData("""{"provider":"openai","provider":"x","body":{}}""", "invalid_json")]
    [InlineData("""{"provider":"openai",""", "invalid_json")]
    public async Task A_bad_line_says_what_is_bad(string line, string kind)
        => Assert.Equal(kind, Kind(Assert.Single(await Filter(line))));

    [Theory]
    [InlineData("at", "5")]
    [InlineData("at", "\"2026-08-19\"")]
    [InlineData("at", "\"2026-08-19T01:00:00\"")]
    [InlineData("at", "\"2026-08-19 01:00:00Z\"")]
    [InlineData("at", "\"2026-02-30T01:00:00Z\"")]
    [InlineData("region", "{}")]
    [InlineData("service_tier", "\"\"")]
    public async Task A_bad_input_is_named(string field, string value)
    {
        using var json = JsonDocument.Parse(Assert.Single(await Filter($$$"""{"provider":"openai","{{{field}}}":{{{value}}},"body":{"model":"gpt-4o","usage":{"prompt_tokens":1,"completion_tokens":2}} }""")));

        Assert.Equal("invalid_request", json.RootElement.GetProperty("error").GetProperty("kind").GetString());
        Assert.StartsWith($"\"{field}\" ", json.RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-08-19T00:59:59Z", "0.22")]
    [InlineData("2026-08-19T01:00:00.5Z", "0.44")]
    [InlineData("2026-08-19t09:00:00+08:00", "0.44")]
    public async Task A_call_is_priced_at_the_time_that_is_given(string at, string cost)
    {
        using var json = JsonDocument.Parse(Assert.Single(await Filter($$$"""{"provider":"deepseek","at":"{{{at}}}","body":{"model":"deepseek-v4-flash","usage":{"prompt_tokens":1000000,"completion_tokens":0}} }""")));

        Assert.Equal(cost, json.RootElement.GetProperty("total_cost_usd").GetString());
    }

    [Fact]
    public async Task Tier_and_region_are_what_was_asked_unless_the_reply_says_another()
    {
        using var asked = JsonDocument.Parse(Assert.Single(await Filter("""{"provider":"openai","service_tier":"scale","region":"Mars","body":{"model":"gpt-4o","usage":{"prompt_tokens":1,"completion_tokens":2}}}""")));
        using var said = JsonDocument.Parse(Assert.Single(await Filter("""{"provider":"openai","service_tier":"scale","region":"global","body":{"model":"gpt-4o","service_tier":"default","usage":{"prompt_tokens":1,"completion_tokens":2}}}""")));

        Assert.Equal(("scale", "mars", false), (asked.RootElement.GetProperty("service_tier").GetString(), asked.RootElement.GetProperty("region").GetString(), asked.RootElement.GetProperty("priced").GetBoolean()));
        Assert.Contains("'scale'", asked.RootElement.GetProperty("unpriced_because").GetString(), StringComparison.Ordinal);
        Assert.Equal("gpt-4o", asked.RootElement.GetProperty("matched").GetProperty("row").GetString());
        Assert.Equal(("standard", "global", "0.0000225"), (said.RootElement.GetProperty("service_tier").GetString(), said.RootElement.GetProperty("region").GetString(), said.RootElement.GetProperty("total_cost_usd").GetString()));
    }

    [Fact]
    public async Task Deep_nesting_and_bytes_that_are_no_UTF_8_are_errors_of_their_line()
    {
        byte[] input = [.. Encoding.UTF8.GetBytes(new string('[', 10_000) + "\n"), .. "{\"provider\":\""u8, 0xFF, .. "\"}\n"u8, .. Encoding.UTF8.GetBytes(Gpt)];

        var lines = await Filter(new MemoryStream(input));

        Assert.Equal(["invalid_json", "invalid_line"], lines[..2].Select(Kind));
        Assert.Contains("\"priced\":true", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_one_error_and_the_next_is_answered()
    {
        byte[] input = [.. Enumerable.Repeat((byte)'x', 65 * 1024 * 1024), (byte)'\n', .. Encoding.UTF8.GetBytes(Gpt)];

        var lines = await Filter(new MemoryStream(input));

        Assert.Equal(2, lines.Length);
        Assert.Equal("invalid_line", Kind(lines[0]));
        Assert.Contains("\"priced\":true", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_is_answered_before_the_next_one_arrives()
    {
        var (client, server) = (new System.IO.Pipelines.Pipe(), new System.IO.Pipelines.Pipe());
        var run = JsonLinesFilter.RunAsync(client.Reader.AsStream(), server.Writer.AsStream(), PriceFilter.Convert, TestContext.Current.CancellationToken);

        await client.Writer.WriteAsync(Encoding.UTF8.GetBytes(Gpt + "\n"), TestContext.Current.CancellationToken);
        var answer = await server.Reader.ReadAsync(TestContext.Current.CancellationToken);

        Assert.EndsWith("\n", Encoding.UTF8.GetString(answer.Buffer), StringComparison.Ordinal);
        await client.Writer.CompleteAsync();
        Assert.Equal(0, await run);
    }

    private static string Kind(string line)
    {
        using var json = JsonDocument.Parse(line);
        Assert.NotEqual("", json.RootElement.GetProperty("error").GetProperty("message").GetString());
        return json.RootElement.GetProperty("error").GetProperty("kind").GetString()!;
    }

    private static Task<string[]> Filter(string line) => Filter(new MemoryStream(Encoding.UTF8.GetBytes(line)));

    private static async Task<string[]> Filter(Stream input)
    {
        var output = new MemoryStream();
        Assert.Equal(0, await JsonLinesFilter.RunAsync(input, output, PriceFilter.Convert, TestContext.Current.CancellationToken));
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
