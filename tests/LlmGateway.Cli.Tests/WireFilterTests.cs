using System.Text.Json;

namespace LlmGateway.Cli.Tests;

public sealed class WireFilterTests
{
    private const string Chat = """{"body":{"model":"gpt-4o","max_tokens":9,"messages":[{"role":"user","content":"Hi"}],"seed":3,"n":1}}""";

    [Fact]
    public async Task A_request_is_translated_with_what_was_lost_and_a_bad_line_does_not_stop_the_rest()
    {
        var result = await CliProcess.RunAsync(["translate", "--from", "openai", "--to", "anthropic", "--kind", "request", "--jsonl"], Chat + "\n{\"body\":{\"model\":\"m\"}}\nnot json\n" + Chat);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var lines = Lines(result.Output);
        Assert.Equal(4, lines.Length);
        Assert.Equal("""{"model":"gpt-4o","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}""", lines[0].GetProperty("body").GetRawText());
        Assert.Equal(["seed"], lines[0].GetProperty("losses").EnumerateArray().Select(loss => loss.GetString()!.Split(" was")[0]));
        Assert.Contains("messages", lines[1].GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("invalid_json", lines[2].GetProperty("error").GetProperty("kind").GetString());
        Assert.True(lines[3].TryGetProperty("body", out _));
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("bedrock")]
    public async Task Where_the_url_names_the_model_it_stands_beside_the_body(string dialect)
    {
        var there = await CliProcess.RunAsync(["translate", "--from", "openai", "--to", dialect, "--kind", "request", "--jsonl"], Chat);
        var line = Assert.Single(Lines(there.Output));
        var back = await CliProcess.RunAsync(["translate", "--from", dialect, "--to", "openai", "--kind", "request", "--jsonl"], there.Output);

        Assert.Equal("gpt-4o", line.GetProperty("model").GetString());
        Assert.False(line.GetProperty("stream").GetBoolean());
        Assert.Equal("gpt-4o", Assert.Single(Lines(back.Output)).GetProperty("body").GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("openai_responses")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    [InlineData("bedrock")]
    public async Task A_stream_says_the_same_in_every_dialect(string dialect)
    {
        var stream = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["stream"] = """
                data: {"id":"c1","model":"gpt-4o","choices":[{"index":0,"delta":{"role":"assistant","content":"He"}}]}

                data: {"choices":[{"index":0,"delta":{"content":"llo"}}]}

                data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","function":{"name":"f","arguments":"{\"a\": 1.50}"}}]}}]}

                data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

                data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4}}}

                data: [DONE]


                """,
        });

        var translated = await CliProcess.RunAsync(["translate", "--from", "openai", "--to", dialect, "--kind", "stream", "--jsonl"], stream);
        var decoded = await CliProcess.RunAsync(["decode", "--from", dialect, "--kind", "stream", "--jsonl"], translated.Output);

        var line = Assert.Single(Lines(decoded.Output));
        Assert.Equal(("Hello", "tool_calls", true), (line.GetProperty("text").GetString(), line.GetProperty("finish_reason").GetString(), line.GetProperty("complete").GetBoolean()));
        var call = Assert.Single(line.GetProperty("tool_calls").EnumerateArray());
        Assert.Equal(("call_1", "f", "{\"a\": 1.50}"), (call.GetProperty("id").GetString(), call.GetProperty("name").GetString(), call.GetProperty("arguments").GetString()));
        Assert.Equal((10, 4, 5), (line.GetProperty("usage").GetProperty("input_tokens").GetInt32(), line.GetProperty("usage").GetProperty("cache_read_tokens").GetInt32(), line.GetProperty("usage").GetProperty("output_tokens").GetInt32()));
        Assert.Equal("gpt-4o", line.GetProperty("model").GetString());
    }

    [Fact]
    public async Task A_cut_stream_is_no_error_to_decode_and_one_to_translate()
    {
        const string Cut = """{"stream":"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"}}]}\n\n"}""";

        var decoded = Assert.Single(Lines((await CliProcess.RunAsync(["decode", "--from", "openai", "--kind", "stream", "--jsonl"], Cut)).Output));
        var translated = Assert.Single(Lines((await CliProcess.RunAsync(["translate", "--from", "openai", "--to", "anthropic", "--kind", "stream", "--jsonl"], Cut)).Output));

        Assert.Equal(("Hel", false), (decoded.GetProperty("text").GetString(), decoded.GetProperty("complete").GetBoolean()));
        Assert.False(decoded.TryGetProperty("error", out _));
        Assert.Equal("truncated", translated.GetProperty("error").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task The_vendors_are_listed_without_any_key()
    {
        var result = await CliProcess.RunAsync(["vendors", "--json"], "");

        var lines = Lines(result.Output);
        Assert.True(lines.Length >= 31);
        var groq = lines.Single(line => line.GetProperty("name").GetString() == "groq");
        Assert.Equal(("openai", "https://api.groq.com/openai/v1"), (groq.GetProperty("dialect").GetString(), groq.GetProperty("base_url").GetString()));
    }

    [Fact]
    public async Task An_answer_is_printed_as_it_comes()
    {
        var plain = await CliProcess.RunAsync(["complete", "--stream", "-p", "simulated", "Hi"], "");
        var json = await CliProcess.RunAsync(["complete", "--stream", "--json", "-p", "simulated", "Hi"], "");

        Assert.Equal(0, plain.ExitCode);
        var lines = Lines(json.Output);
        Assert.Equal(plain.Output.TrimEnd('\n'), string.Concat(lines[..^1].Select(line => line.GetProperty("text").GetString())));
        Assert.Equal(plain.Output.TrimEnd('\n'), lines[^1].GetProperty("content").GetString());
        Assert.True(lines.Length > 3);
    }

    private static JsonElement[] Lines(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
