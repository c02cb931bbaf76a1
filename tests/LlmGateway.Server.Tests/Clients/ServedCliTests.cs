using System.Diagnostics;
using System.Text.Json;

namespace LlmGateway.Server.Tests.Clients;

/// <summary>The vendors' own agents, whose loop runs through the gateway: it is asked, calls a tool, runs it here, and goes on with what came of it.</summary>
public sealed class ServedCliTests(ServedProcess served) : IClassFixture<ServedProcess>, IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("llm-gateway-agent-");

    public void Dispose() => _home.Delete(recursive: true);

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("openai_responses")]
    [InlineData("gemini")]
    public async Task The_claude_CLI_reads_a_file_by_a_model_of_any_dialect(string upstream)
    {
        var cli = Installed.At("integration_tests", "loopback", "node_modules", "@anthropic-ai", "claude-code", "cli-wrapper.cjs");
        var file = await NoteAsync();
        var before = served.Good.Requests.Count;

        var (exitCode, output, error) = await Installed.RunAsync(Start("node", [cli, "-p", $"What does it say? FILE:{file}", "--output-format", "json", "--model", $"good_{upstream}/reads-files", "--allowedTools", "Read"], start =>
        {
            start.Environment["ANTHROPIC_BASE_URL"] = served.Url;
            start.Environment["ANTHROPIC_API_KEY"] = served.Key;
            start.Environment["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1";
        }));

        Assert.True(exitCode == 0, $"{error}\n{output}\n{served.Log}");
        using var result = JsonDocument.Parse(output);
        Assert.False(result.RootElement.GetProperty("is_error").GetBoolean(), output);
        Assert.Contains("The kettle is blue.", result.RootElement.GetProperty("result").GetString(), StringComparison.Ordinal);
        var last = served.Good.Requests.Skip(before).Last(static request => request.Tools.Any(static tool => tool.Name == "Read"));
        var parts = last.Messages.SelectMany(static message => message.Parts).ToList();
        Assert.True(last.Stream);
        Assert.Equal(file, JsonElement.Parse(Assert.Single(parts.OfType<ToolCallPart>()).ArgumentsJson).GetProperty("file_path").GetString());
        Assert.Contains("The kettle is blue.", Assert.Single(parts.OfType<ToolResultPart>()).Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut-after-12")]
    [InlineData("bad-request")]
    public async Task The_claude_CLI_says_that_it_failed_where_the_vendor_did(string fault)
    {
        var cli = Installed.At("integration_tests", "loopback", "node_modules", "@anthropic-ai", "claude-code", "cli-wrapper.cjs");

        var (exitCode, output, _) = await Installed.RunAsync(Start("node", [cli, "-p", "Hi", "--output-format", "json", "--model", $"bad_openai/{fault}"], start =>
        {
            start.Environment["ANTHROPIC_BASE_URL"] = served.Url;
            start.Environment["ANTHROPIC_API_KEY"] = served.Key;
            start.Environment["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1";
            start.Environment["CLAUDE_CODE_MAX_RETRIES"] = "1";
        }));

        Assert.True(exitCode != 0 || JsonDocument.Parse(output).RootElement.GetProperty("is_error").GetBoolean(), output);
    }

    [Theory]
    [InlineData("openai_responses")]
    [InlineData("anthropic")]
    [InlineData("openai")]
    public async Task The_codex_CLI_is_answered_by_a_model_of_any_dialect(string upstream)
    {
        var (exitCode, output, error) = await CodexAsync($"good_{upstream}/m");

        Assert.True(exitCode == 0, $"{error}\n{output}\n{served.Log}");
        Assert.Equal("Hello, world", SaidLast(output));
    }

    [Theory]
    [InlineData("openai_responses")]
    [InlineData("anthropic")]
    [InlineData("openai")]
    public async Task The_codex_CLI_runs_a_command_that_a_model_of_any_dialect_asks_for(string upstream)
    {
        await NoteAsync();
        served.Good.Script = static (_, request) => request.Model.EndsWith("runs", StringComparison.Ordinal) ? Runs(request) : null!;
        try
        {
            var (exitCode, output, error) = await CodexAsync($"good_{upstream}/runs");

            Assert.True(exitCode == 0, $"{error}\n{output}\n{served.Log}");
            Assert.Contains("The kettle is blue.", SaidLast(output), StringComparison.Ordinal);
        }
        finally
        {
            served.Good.Script = null;
        }
    }

    [Theory]
    [InlineData("openai_responses", "cut-after-12")]
    [InlineData("anthropic", "cut-after-12")]
    [InlineData("openai", "cut-after-12")]
    [InlineData("openai", "rate-limited-7s")]
    public async Task The_codex_CLI_says_that_it_failed_where_the_vendor_did(string upstream, string fault)
    {
        var (exitCode, output, _) = await CodexAsync($"bad_{upstream}/{fault}");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("\"turn.failed\"", output, StringComparison.Ordinal);
    }

    /// <summary>As an agent's model: asks for a command by the tool that is offered for it, and says what came of it.</summary>
    private static LlmReply Runs(LlmRequest request)
    {
        var result = request.Messages.SelectMany(static message => message.Parts).OfType<ToolResultPart>().LastOrDefault();
        LlmPart part = result is not null ? new TextPart($"It says: {result.Content}") : request.Tools.Select(static tool => tool.Name).FirstOrDefault(static name => name is "exec_command" or "shell_command" or "shell") switch
        {
            "exec_command" => new ToolCallPart("call_1", "exec_command", """{"cmd":"cat note.txt"}"""),
            "shell_command" => new ToolCallPart("call_1", "shell_command", """{"command":"cat note.txt"}"""),
            "shell" => new ToolCallPart("call_1", "shell", """{"command":["cat","note.txt"]}"""),
            _ => new TextPart($"No tool for it: {string.Join(", ", request.Tools.Select(static tool => tool.Name))}"),
        };
        return new LlmReply { Id = "r_1", Model = request.Model, Parts = [part], FinishReason = part is ToolCallPart ? FinishReason.ToolCalls : FinishReason.Stop, Usage = new TokenUsage { InputTokens = 12, OutputTokens = 5 } };
    }

    private async Task<(int ExitCode, string Output, string Error)> CodexAsync(string model)
    {
        var cli = Installed.At("tests", "clis", "node_modules", "@openai", "codex", "bin", "codex.js");
        var home = Directory.CreateDirectory(Path.Combine(_home.FullName, ".codex")).FullName;
        await File.WriteAllTextAsync(Path.Combine(home, "config.toml"), $"""
            model = "{model}"
            model_provider = "gateway"
            [model_providers.gateway]
            name = "gateway"
            base_url = "{served.Url}/v1"
            env_key = "GATEWAY_KEY"
            wire_api = "responses"
            request_max_retries = 0
            stream_max_retries = 0
            """, TestContext.Current.CancellationToken);

        // A sandbox of its own inside that of CI is refused by some kernels; the command only reads.
        return await Installed.RunAsync(Start("node", [cli, "exec", "--skip-git-repo-check", "--json", "--dangerously-bypass-approvals-and-sandbox", "Say hello."], start =>
        {
            start.Environment["CODEX_HOME"] = home;
            start.Environment["GATEWAY_KEY"] = served.Key;
        }));
    }

    private static string SaidLast(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(static line => JsonElement.Parse(line))
        .Last(static line => line.GetProperty("type").GetString() == "item.completed" && line.GetProperty("item").GetProperty("type").GetString() == "agent_message")
        .GetProperty("item").GetProperty("text").GetString()!;

    private async Task<string> NoteAsync()
    {
        var file = Path.Combine(_home.FullName, "note.txt");
        await File.WriteAllTextAsync(file, "The kettle is blue.", TestContext.Current.CancellationToken);
        return file;
    }

    /// <summary>A program in a home of its own, which knows nothing of whoever runs the tests.</summary>
    private ProcessStartInfo Start(string program, IEnumerable<string> arguments, Action<ProcessStartInfo> set)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _home.FullName };
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("CLAUDE", StringComparison.Ordinal) || name.StartsWith("ANTHROPIC", StringComparison.Ordinal) || name.StartsWith("CODEX", StringComparison.Ordinal) || name.StartsWith("OPENAI", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["HOME"] = _home.FullName;
        start.Environment["NO_PROXY"] = "127.0.0.1";
        set(start);
        return start;
    }
}
