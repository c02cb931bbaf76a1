using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace LlmGateway.Dialects.Tests.Clients;

/// <summary>The real <c>claude</c> CLI, its agent loop included, against the server half of the Messages codec.</summary>
public sealed class ClaudeCliTests : IDisposable
{
    private static readonly string Root = typeof(ClaudeCliTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryFolder").Value!;

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("llm-gateway-claude");

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task The_claude_CLI_streams_calls_a_tool_and_goes_on_with_its_result()
    {
        var cli = Path.Combine(Root, "integration_tests", "loopback", "node_modules", "@anthropic-ai", "claude-code", "cli-wrapper.cjs");
        if (!File.Exists(cli)) Assert.SkipWhen(Environment.GetEnvironmentVariable("LLM_GATEWAY_CI") is null, "Run npm ci in integration_tests/loopback first.");
        var file = Path.Combine(_home.FullName, "note.txt");
        await File.WriteAllTextAsync(file, "The kettle is blue.", TestContext.Current.CancellationToken);
        await using var server = new CodecServer();

        using var result = JsonDocument.Parse(await RunAsync(cli, server.Url, $"What does it say? FILE:{file}"));

        Assert.False(result.RootElement.GetProperty("is_error").GetBoolean());
        Assert.Contains("It says:", result.RootElement.GetProperty("result").GetString(), StringComparison.Ordinal);
        Assert.Contains("The kettle is blue.", result.RootElement.GetProperty("result").GetString(), StringComparison.Ordinal);

        // What it sent: a stream was asked for, and the second turn carries the thought, the call and its result as they were.
        var last = server.Requests.Last(request => request.Tools.Any(tool => tool.Name == "Read"));
        var parts = last.Messages.SelectMany(message => message.Parts).ToList();
        Assert.True(last.Stream);
        Assert.Equal("U0lH", Assert.Single(parts.OfType<ThinkingPart>()).Signature);
        var call = Assert.Single(parts.OfType<ToolCallPart>());
        Assert.Equal("toolu_1", call.Id);
        Assert.Equal(file, JsonElement.Parse(call.ArgumentsJson).GetProperty("file_path").GetString());
        Assert.Equal("toolu_1", Assert.Single(parts.OfType<ToolResultPart>()).CallId);
    }

    private async Task<string> RunAsync(string cli, string url, string prompt)
    {
        var start = new ProcessStartInfo("node", [cli, "-p", prompt, "--output-format", "json", "--model", "claude-sonnet-4-5/reads-files", "--allowedTools", "Read"])
        {
            WorkingDirectory = _home.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("CLAUDE", StringComparison.Ordinal) || name.StartsWith("ANTHROPIC", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["HOME"] = _home.FullName;
        start.Environment["NO_PROXY"] = "127.0.0.1";
        start.Environment["ANTHROPIC_BASE_URL"] = url;
        start.Environment["ANTHROPIC_API_KEY"] = "test";
        start.Environment["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{await error}\n{await output}");
        return await output;
    }
}
