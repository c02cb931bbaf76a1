using System.Globalization;
using System.Text.Json.Nodes;
using LoopbackServer;

namespace LlmGateway.IntegrationTests.Live;

/// <summary>What the real CLI sends when the gateway runs it: the effect of every flag, seen from the other end.</summary>
[Collection(LiveTestsOneByOne.Name)]
public sealed class CliRequestTests(LiveRun run)
{
    private const string Greeting = "Say hello to Ada in one short sentence.";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    public static TheoryData<string> AwkwardPrompts =>
    [
        "--version",
        "-p --help",
        "$HOME `id` $(id) %PATH% \"double\" 'single' \\back\\slash; rm -rf /tmp/nothing & echo | cat > x",
        "line one\nline two\r\nline three\n\n\tindented",
        "Łódź, 東京, 🎉 é, \u00A0 and \u2028",
        "{\"json\": [1, 2, {\"type\": \"user\"}]}",
        "<system-reminder>not one</system-reminder>",
        "  two spaces before, two and a line break after  \n",
        "# remember this",
        "! ls",
        new string('x', 200_000) + " end",
    ];

    [Fact]
    public async Task The_system_prompt_is_ours_and_not_the_CLIs_own()
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient();

        var sent = Assert.Single(await sandbox.WatchAsync(() => client.CompleteTextAsync([LlmMessage.System("You are terse. \"Very\" terse."), LlmMessage.User(Greeting)], cancellationToken: Cancel)));

        Assert.Contains(sent.System, s => s.Contains("You are terse. \"Very\" terse.", StringComparison.Ordinal));
        Assert.InRange(sent.System.Sum(s => s.Length), 0, 400);
        AssertNoOwnPrompt(sent);
    }

    [Fact]
    public async Task Without_a_system_prompt_the_CLIs_own_does_not_come_back()
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient();

        var sent = Assert.Single(await sandbox.WatchAsync(() => client.CompleteTextAsync(Greeting, cancellationToken: Cancel)));

        Assert.InRange(sent.System.Sum(s => s.Length), 0, 400);
        AssertNoOwnPrompt(sent);
    }

    [Fact]
    public async Task Text_comes_without_any_tool()
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient();

        var sent = Assert.Single(await sandbox.WatchAsync(() => client.CompleteTextAsync(Greeting, cancellationToken: Cancel)));

        Assert.Empty(sent.Tools);
    }

    [Fact]
    public async Task A_schema_is_the_only_tool_and_arrives_whole()
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient();
        LlmResponse<LiveTests.ChemicalElement>? response = null;

        var sent = Assert.Single(await sandbox.WatchAsync(async () => response = await client.CompleteAsync<LiveTests.ChemicalElement>("What is the chemical symbol of iron?", cancellationToken: Cancel)));

        var tool = Assert.Single(sent.Tools);
        Assert.Equal("StructuredOutput", tool.Key);
        var expected = await SchemaByTheClientAsync<LiveTests.ChemicalElement>();
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(tool.Value.GetRawText())), $"sent {tool.Value.GetRawText()}, expected {expected.ToJsonString()}");
        Assert.Equal(new LiveTests.ChemicalElement("Fe", 26), response!.Content);
        Assert.Equal(OutputMode.Native, response.Metadata.OutputMode);
    }

    [Theory]
    [MemberData(nameof(AwkwardPrompts))]
    public async Task The_prompt_arrives_exactly_as_it_was_given(string prompt)
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient();

        var sent = Assert.Single(await sandbox.WatchAsync(() => client.CompleteTextAsync(prompt, cancellationToken: Cancel)));

        Assert.Equal(prompt, sent.Question);
    }

    /// <summary>The CLI has commands that begin so, and would answer them itself; the model is to be asked.</summary>
    [Theory]
    [InlineData("/help")]
    [InlineData("/clear everything, please")]
    [InlineData("/etc/hosts is what?")]
    public async Task A_prompt_that_looks_like_a_command_reaches_the_model(string prompt)
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient();

        var sent = Assert.Single(await sandbox.WatchAsync(() => client.CompleteTextAsync(prompt, cancellationToken: Cancel)));

        Assert.Equal(prompt, sent.Question.TrimStart());
    }

    /// <summary>The CLI reads a file that a prompt names with @, tools or no tools; a prompt may hold a stranger's text.</summary>
    [Theory]
    [InlineData("{0}")]
    [InlineData("Say hello to Ada. @{0}")]
    [InlineData("@{0}")]
    [InlineData("@\"{0}\" and so on")]
    [InlineData("/etc/hosts and @{0}")]
    public async Task A_file_that_a_prompt_names_is_not_read(string prompt)
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient();
        var file = Path.Combine(sandbox.Project, "secret.txt");
        await File.WriteAllTextAsync(file, Sandbox.Canary, Cancel);
        var asked = string.Format(CultureInfo.InvariantCulture, prompt, file);

        var sent = Assert.Single(await sandbox.WatchAsync(() => client.CompleteTextAsync(asked, cancellationToken: Cancel)));

        Assert.DoesNotContain(Sandbox.Canary, sent.Raw, StringComparison.Ordinal);
        Assert.Equal(asked.TrimStart(), sent.Question.TrimStart());
    }

    [Fact]
    public async Task Nothing_of_the_machine_is_in_the_request()
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient();

        var sent = Assert.Single(await sandbox.WatchAsync(() => client.CompleteTextAsync(Greeting, cancellationToken: Cancel)));

        Assert.DoesNotContain(Sandbox.Canary, sent.Raw, StringComparison.Ordinal);
        Assert.DoesNotContain(sent.Headers, h => h.Value.Contains(Sandbox.Canary, StringComparison.Ordinal));
        Assert.DoesNotContain(sandbox.Folder, sent.Raw, StringComparison.Ordinal);
        Assert.DoesNotContain("llm-gateway", sent.Raw, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_model_is_the_configured_one_unless_the_call_says_otherwise()
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient();

        var configured = Assert.Single(await sandbox.WatchAsync(() => client.CompleteTextAsync(Greeting, cancellationToken: Cancel)));
        var chosen = Assert.Single(await sandbox.WatchAsync(() => client.CompleteTextAsync(Greeting, new LlmCallOptions { Model = "claude-haiku-4-5" }, Cancel)));

        Assert.Equal((Sandbox.Model, "claude-haiku-4-5"), (configured.Model, chosen.Model));
    }

    [Fact]
    public async Task The_request_is_the_real_programs_with_the_key_of_the_environment()
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient();

        var sent = Assert.Single(await sandbox.WatchAsync(() => client.CompleteTextAsync(Greeting, cancellationToken: Cancel)));

        Assert.StartsWith("claude-cli/2.1.197", sent.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.Equal(Sandbox.Key, sent.Headers["x-api-key"]);
        Assert.True(sent.Body.GetProperty("stream").GetBoolean());
    }

    private static void AssertNoOwnPrompt(LoopbackRequest sent)
    {
        foreach (var phrase in (string[])["Claude Code", "software engineering", "Working directory", "git status", "CLAUDE.md"])
        {
            Assert.DoesNotContain(sent.System, s => s.Contains(phrase, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>The schema as the client makes it for any provider.</summary>
    private static async Task<JsonNode> SchemaByTheClientAsync<T>()
    {
        var fake = new FakeProvider().ReplyWith(_ => throw new ProviderException("fake", ProviderErrorKind.InvalidRequest, "only looking"));
        await using var client = new LlmClient(fake);
        await Assert.ThrowsAsync<ProviderException>(() => client.CompleteAsync<T>("?", cancellationToken: Cancel));
        return JsonNode.Parse(Assert.Single(fake.Calls).OutputSchema!.Schema.GetRawText())!;
    }
}
