using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LlmGateway.Messages;

namespace LlmGateway.Server.Tests.Clients;

/// <summary>
/// The vendors' own agents, each in a home of its own, through the running server: the model behind it calls a tool that the
/// agent offers, the agent runs it, and the model tells what came of it.
/// </summary>
public sealed class AgentCliTests(ServedProcess served) : IClassFixture<ServedProcess>, IDisposable
{
    private const string Secret = "The kettle is blue.";

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("llm-gateway-agent-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Delete(recursive: true);

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    [InlineData("openai_responses")]
    [InlineData("gemini")]
    [InlineData("bedrock")]
    public async Task The_claude_CLI_reads_a_file_for_a_model_of_any_vendor(string upstream)
    {
        var cli = Installed.At("integration_tests", "loopback", "node_modules", "@anthropic-ai", "claude-code", "cli-wrapper.cjs");
        var file = await NoteAsync();
        var before = served.Good.Requests.Count;
        served.Good.Script = (_, request) => Step(request, "Read", new() { ["file_path"] = file });
        var start = Start("node", [cli, "-p", "What does the note say?", "--output-format", "json", "--model", $"good_{upstream}/m", "--allowedTools", "Read"]);
        start.Environment["ANTHROPIC_BASE_URL"] = served.Url;
        start.Environment["ANTHROPIC_API_KEY"] = served.Key;
        start.Environment["ANTHROPIC_DEFAULT_HAIKU_MODEL"] = $"good_{upstream}/small";
        start.Environment["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1";

        var (exitCode, output, error) = await Installed.RunAsync(start);

        Assert.True(exitCode == 0, $"{output}\n{error}\n{served.Log}");
        using var result = JsonDocument.Parse(output);
        Assert.False(result.RootElement.GetProperty("is_error").GetBoolean(), output);
        Assert.Contains(Secret, result.RootElement.GetProperty("result").GetString(), StringComparison.Ordinal);
        var last = Last(before, "Read");
        Assert.True(last.Stream);
        Assert.Equal(file, JsonElement.Parse(Calls(last).Single().ArgumentsJson).GetProperty("file_path").GetString());
    }

    [Theory]
    [InlineData("openai_responses")]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    public async Task Codex_runs_a_command_for_a_model_of_any_vendor(string upstream)
    {
        var cli = Installed.At("tests", "clis", "node_modules", ".bin", "codex");
        var file = await NoteAsync();
        await File.WriteAllTextAsync(Path.Combine(_home.FullName, "config.toml"), $$"""
            model = "good_{{upstream}}/m"
            model_provider = "gateway"
            approval_policy = "never"
            check_for_update_on_startup = false
            [analytics]
            enabled = false
            [model_providers.gateway]
            name = "LLM gateway"
            base_url = "{{served.Url}}/v1"
            wire_api = "responses"
            env_key = "GATEWAY_KEY"
            request_max_retries = 0
            stream_max_retries = 0
            """, Token);
        var before = served.Good.Requests.Count;
        served.Good.Script = (_, request) => Step(request, "exec_command", new() { ["cmd"] = $"cat {file}" });
        // The command is the test's own, and a sandbox is not to be had on every machine.
        var start = Start(cli, ["exec", "--json", "--skip-git-repo-check", "--ephemeral", "--dangerously-bypass-approvals-and-sandbox", "--color", "never", "What does the note say?"]);
        start.Environment["CODEX_HOME"] = _home.FullName;
        start.Environment["GATEWAY_KEY"] = served.Key;

        var (exitCode, output, error) = await Installed.RunAsync(start);

        Assert.True(exitCode == 0, $"{output}\n{error}\n{served.Log}");
        Assert.Contains(output.Split('\n'), line => line.Contains("\"agent_message\"", StringComparison.Ordinal) && line.Contains(Secret, StringComparison.Ordinal));
        var last = Last(before, "exec_command");
        Assert.True(last.Stream);
        Assert.Equal($"cat {file}", JsonElement.Parse(Calls(last).Single().ArgumentsJson).GetProperty("cmd").GetString());
    }

    /// <summary>What an agent's model does: calls the tool, where it is offered, and tells its result.</summary>
    private static LlmReply Step(LlmRequest request, string tool, Dictionary<string, string> arguments)
    {
        var result = request.Messages.SelectMany(static message => message.Parts).OfType<ToolResultPart>().LastOrDefault();
        LlmPart[] parts = result is not null ? [new TextPart($"It says: {result.Content}")]
            : request.Tools.Any(offered => offered.Name == tool) ? [new TextPart("Let me look."), new ToolCallPart("call_1", tool, Json(arguments))]
            : [new TextPart("Nothing to do.")];
        return new LlmReply
        {
            Id = "r_1",
            Model = request.Model,
            Parts = parts,
            CreatedAt = DateTimeOffset.UnixEpoch.AddDays(20_000),
            FinishReason = parts[^1] is ToolCallPart ? FinishReason.ToolCalls : FinishReason.Stop,
            Usage = new TokenUsage { InputTokens = 12, CacheReadTokens = 4, OutputTokens = 5 },
        };
    }

    private static string Json(Dictionary<string, string> values)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            foreach (var (name, value) in values) json.WriteString(name, value);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(memory.ToArray());
    }

    /// <summary>The last request of this run that offered the tool, which carries the call and its result.</summary>
    private LlmRequest Last(int before, string tool) => served.Good.Requests.Skip(before).Last(request => request.Tools.Any(offered => offered.Name == tool));

    private static IEnumerable<ToolCallPart> Calls(LlmRequest request) => request.Messages.SelectMany(static message => message.Parts).OfType<ToolCallPart>();

    private async Task<string> NoteAsync()
    {
        var file = Path.Combine(_home.FullName, "note.txt");
        await File.WriteAllTextAsync(file, Secret, Token);
        return file;
    }

    /// <summary>A run that knows nothing of this machine's agents and their keys.</summary>
    private ProcessStartInfo Start(string program, IEnumerable<string> arguments)
    {
        string[] prefixes = ["CLAUDE", "ANTHROPIC", "CODEX", "OPENAI"];
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _home.FullName };
        foreach (var name in start.Environment.Keys.Where(name => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToList()) start.Environment.Remove(name);
        start.Environment["HOME"] = _home.FullName;
        start.Environment["NO_PROXY"] = "127.0.0.1";
        return start;
    }
}
