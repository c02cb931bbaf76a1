using System.Collections;
using System.Text.Json;
using LlmGateway.Configuration;
using LlmGateway.Providers.LocalClaude;
using LlmGateway.Tests.Providers.Cli;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Providers.LocalClaude;

public sealed class LocalClaudeProviderTests
{
    private static readonly LlmRequest Request = new() { Model = "sonnet", Messages = [LlmMessage.System("Be brief."), LlmMessage.User("What is 2+2? ü")] };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_flags_are_the_ones_that_keep_the_machine_out_and_the_prompt_is_on_standard_input()
    {
        using var claude = new FakeClaude(Printed.Answer);

        await claude.Provider().CompleteAsync(Request, Token);

        Assert.Equal(
            ["-p", "--output-format", "json", "--verbose", "--model", "sonnet", "--tools", "", "--no-session-persistence", "--setting-sources", "", "--strict-mcp-config", "--system-prompt", "Be brief."],
            claude.Arguments);
        Assert.Equal("What is 2+2? ü", claude.Input);
        Assert.Equal("", claude.WorkingFiles);
    }

    [Fact]
    public async Task A_native_schema_is_passed_and_another_mode_is_none_of_its_business()
    {
        using var claude = new FakeClaude(Printed.Structured);
        using var schema = JsonDocument.Parse("""{"type":"object","properties":{"result":{"type":"number"}}}""");

        var reply = await claude.Provider().CompleteAsync(Request with { OutputSchema = new OutputSchema("x", schema.RootElement, OutputMode.Native) }, Token);

        Assert.Equal("""{"result": 4.50}""", reply.Text);
        Assert.Equal(schema.RootElement.GetRawText(), claude.After("--json-schema"));
        await claude.Provider().CompleteAsync(Request with { OutputSchema = new OutputSchema("x", schema.RootElement, OutputMode.Prompt) }, Token);
        Assert.DoesNotContain("--json-schema", claude.Arguments);
    }

    [Fact]
    public async Task A_schema_too_large_for_an_argument_is_refused_before_anything_runs()
    {
        using var claude = new FakeClaude(Printed.Answer);
        using var schema = JsonDocument.Parse($$"""{"type":"object","description":"{{new string('x', 200_000)}}"}""");

        var error = await Assert.ThrowsAsync<ProviderException>(() => claude.Provider().CompleteAsync(Request with { OutputSchema = new OutputSchema("x", schema.RootElement, OutputMode.Native) }, Token));

        Assert.Equal(ProviderErrorKind.RequestTooLarge, error.Kind);
        Assert.False(claude.WasRun);
    }

    [Theory]
    [InlineData(300_000, 'x')]
    [InlineData(10, '\0')]
    public async Task A_system_prompt_that_no_argument_can_hold_goes_through_a_file(int length, char c)
    {
        using var claude = new FakeClaude(Printed.Answer);
        var system = "ü" + new string(c, length);

        await claude.Provider().CompleteAsync(Request with { Messages = [LlmMessage.System(system), LlmMessage.User("Hi")] }, Token);

        Assert.Equal(system, claude.SystemFile);
        Assert.DoesNotContain("--system-prompt", claude.Arguments);
        Assert.Equal("", claude.WorkingFiles);
        Assert.False(File.Exists(claude.After("--system-prompt-file")));
    }

    [Fact]
    public async Task An_enclosing_session_and_the_gateways_own_settings_stay_out_and_ANTHROPIC_variables_stay_in()
    {
        using var claude = new FakeClaude(Printed.Answer);
        var variables = new Hashtable
        {
            ["CLAUDECODE"] = "1",
            ["CLAUDE_CODE_ENTRYPOINT"] = "cli",
            ["CLAUDE_CODE_SSE_PORT"] = "1",
            ["CLAUDE_CODE_SESSION_ID"] = "s",
            ["CLAUDE_CODE_REMOTE"] = "1",
            ["CLAUDE_AGENT_SDK_VERSION"] = "1",
            ["CLAUDE_CODE_ENABLE_TELEMETRY"] = "1",
            ["CLAUDE_CODE_MAX_RETRIES"] = "7",
            ["LLM_API_KEY"] = "secret",
            ["ANTHROPIC_CUSTOM_HEADERS"] = "x: y",
            ["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:1",
            ["CLAUDE_CONFIG_DIR"] = "/c",
            ["CLAUDE_CODE_OAUTH_TOKEN"] = "oauth",
        };

        await claude.Provider(variables: variables, dotEnv: "ANTHROPIC_AUTH_TOKEN=from-file\nLLM_MODEL=x").CompleteAsync(Request, Token);

        var names = claude.Environment.Select(e => e.Split('=')[0]).ToHashSet();
        Assert.Empty(names.Intersect(["CLAUDECODE", "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_SSE_PORT", "CLAUDE_CODE_SESSION_ID", "CLAUDE_CODE_REMOTE", "CLAUDE_AGENT_SDK_VERSION", "CLAUDE_CODE_ENABLE_TELEMETRY"]));
        Assert.DoesNotContain(names, n => n.StartsWith("LLM_", StringComparison.Ordinal));
        string[] expected = ["ANTHROPIC_CUSTOM_HEADERS=x: y", "ANTHROPIC_BASE_URL=http://127.0.0.1:1", "CLAUDE_CONFIG_DIR=/c", "CLAUDE_CODE_OAUTH_TOKEN=oauth", "ANTHROPIC_AUTH_TOKEN=from-file"];
        Assert.Empty(expected.Except(claude.Environment));
    }

    [Fact]
    public async Task The_CLI_is_told_not_to_retry_and_not_to_read_files_that_a_prompt_names()
    {
        using var claude = new FakeClaude(Printed.Answer);

        await claude.Provider(variables: new Hashtable { ["CLAUDE_CODE_MAX_RETRIES"] = "7" }).CompleteAsync(Request, Token);

        string[] expected =
        [
            "CLAUDE_CODE_MAX_RETRIES=0", "CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK=1", "MAX_STRUCTURED_OUTPUT_RETRIES=0",
            "CLAUDE_CODE_DISABLE_ATTACHMENTS=1", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1",
        ];
        Assert.Empty(expected.Except(claude.Environment));
    }

    [Fact]
    public async Task The_gateways_key_and_address_become_the_CLIs()
    {
        using var claude = new FakeClaude(Printed.Answer);
        var config = new GatewayConfig { ApiKey = "sk-mine", BaseUrl = new Uri("http://127.0.0.1:9/base/") };

        await claude.Provider(config, new Hashtable { ["ANTHROPIC_API_KEY"] = "sk-other" }).CompleteAsync(Request, Token);

        Assert.Contains("ANTHROPIC_API_KEY=sk-mine", claude.Environment);
        Assert.Contains("ANTHROPIC_BASE_URL=http://127.0.0.1:9/base", claude.Environment);
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("CLAUDE_CODE_OAUTH_TOKEN", "t", false)]
    [InlineData("CLAUDE_CODE_USE_BEDROCK", "0", false)]
    [InlineData("ANTHROPIC_API_KEY", "k", true)]
    [InlineData("ANTHROPIC_AUTH_TOKEN", "k", true)]
    [InlineData("CLAUDE_CODE_USE_BEDROCK", "1", true)]
    [InlineData("CLAUDE_CODE_USE_VERTEX", "true", true)]
    public async Task A_subscription_costs_nothing_and_a_key_costs_what_the_CLI_reports(string? name, string? value, bool isMetered)
    {
        using var claude = new FakeClaude(Printed.Answer);
        var provider = claude.Provider(variables: name is null ? [] : new Hashtable { [name] = value });

        var reply = await provider.CompleteAsync(Request, Token);

        Assert.Equal(isMetered ? ProviderBilling.Reported : ProviderBilling.Free, provider.Billing);
        Assert.Equal(isMetered ? 0.00012075m : 0m, reply.ReportedCostUsd);
    }

    [Fact]
    public async Task A_key_that_the_CLI_keeps_to_itself_is_billed_as_soon_as_it_shows()
    {
        using var claude = new FakeClaude(Printed.Init.Replace("ANTHROPIC_API_KEY", "/login managed key", StringComparison.Ordinal) + "\n" + Printed.Answer);
        var provider = claude.Provider();
        Assert.Equal(ProviderBilling.Free, provider.Billing);

        var reply = await provider.CompleteAsync(Request, Token);

        Assert.Equal((ProviderBilling.Reported, 0.00012075m), (provider.Billing, reply.ReportedCostUsd));
    }

    [Fact]
    public async Task A_key_without_a_reported_cost_has_an_unknown_one()
    {
        using var claude = new FakeClaude("""{"type":"result","result":"Hi","usage":{"input_tokens":1,"output_tokens":1}}""");

        Assert.Null((await claude.Provider(variables: new Hashtable { ["ANTHROPIC_API_KEY"] = "k" }).CompleteAsync(Request, Token)).ReportedCostUsd);
    }

    [Fact]
    public async Task An_error_of_the_CLI_is_typed_and_its_JSON_wins_over_the_exit_code()
    {
        using var claude = new FakeClaude(Printed.Error("API Error: Request rejected (429) · key sk-verysecret", 429, "rate_limit"), exitCode: 1, error: "noise");

        var error = await Assert.ThrowsAsync<ProviderException>(() => claude.Provider(variables: new Hashtable { ["ANTHROPIC_API_KEY"] = "sk-verysecret" }).CompleteAsync(Request, Token));

        Assert.Equal((ProviderErrorKind.RateLimited, 429, "rate_limit", "req_err"), (error.Kind, error.HttpStatus, error.VendorCode, error.RequestId));
        Assert.True(error.IsTransient);
        Assert.DoesNotContain("verysecret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_wait_for_a_limit_is_counted_from_now()
    {
        using var claude = new FakeClaude(Printed.Error("Claude AI usage limit reached|1900000000"), exitCode: 1);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1900000000 - 90));

        var error = await Assert.ThrowsAsync<ProviderException>(() => claude.Provider(time: time).CompleteAsync(Request, Token));

        Assert.Equal(TimeSpan.FromSeconds(90), error.RetryAfter);
    }

    [Fact]
    public async Task What_a_failed_run_cost_comes_with_the_error()
    {
        using var claude = new FakeClaude($$"""{"type":"result","is_error":true,"result":"API Error: Overloaded","total_cost_usd":0.25,{{Printed.RealUsage}}}""", exitCode: 1);

        var error = await Assert.ThrowsAsync<ProviderException>(() => claude.Provider(variables: new Hashtable { ["ANTHROPIC_API_KEY"] = "k" }).CompleteAsync(Request, Token));

        Assert.Equal((0.25m, 5L), (error.PartialReply!.ReportedCostUsd, error.PartialReply.Usage!.OutputTokens));
    }

    [Fact]
    public async Task Blank_output_tells_exit_code_and_standard_error_without_secrets()
    {
        using var claude = new FakeClaude("\n", exitCode: 3, error: "\u001b[31mit broke with sk-verysecret\u001b[0m");

        var error = await Assert.ThrowsAsync<ProviderException>(() => claude.Provider(variables: new Hashtable { ["ANTHROPIC_API_KEY"] = "sk-verysecret" }).CompleteAsync(Request, Token));

        Assert.Equal(ProviderErrorKind.MalformedReply, error.Kind);
        Assert.Contains("exit code 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("it broke with ***", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Error: piped stdin input exceeds 10MB. Pass large content as a file path", ProviderErrorKind.RequestTooLarge)]
    [InlineData("error: unknown option '--setting-sources'", ProviderErrorKind.InvalidRequest)]
    [InlineData("Invalid API key · Please run /login", ProviderErrorKind.Authentication)]
    public async Task An_error_in_plain_words_has_its_kind(string words, ProviderErrorKind kind)
    {
        using var claude = new FakeClaude("", exitCode: 1, error: words);

        var error = await Assert.ThrowsAsync<ProviderException>(() => claude.Provider().CompleteAsync(Request, Token));

        Assert.Equal(kind, error.Kind);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_much_output_is_malformed()
    {
        using var cli = new FakeCli("claude", "cat > /dev/null; yes xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
        var provider = new LocalClaudeProvider(cli.Executable, Config(), new ProviderServices());

        var error = await Assert.ThrowsAsync<ProviderException>(() => provider.CompleteAsync(Request, Token));

        Assert.Equal(ProviderErrorKind.MalformedReply, error.Kind);
        Assert.Contains("16 MiB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_comes_out_as_itself_and_the_program_is_gone()
    {
        using var cli = new FakeCli("claude", "echo $$ > \"$here/self\"; sleep 300");
        var provider = new LocalClaudeProvider(cli.Executable, Config(), new ProviderServices());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var call = provider.CompleteAsync(Request, stop.Token);
        var self = await cli.WhenWritten("self");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.False(FakeCli.IsRunning(self));
    }

    [Fact]
    public async Task Losses_come_with_the_reply()
    {
        using var claude = new FakeClaude(Printed.Answer);

        Assert.Single((await claude.Provider().CompleteAsync(Request with { Temperature = 1 }, Token)).Losses);
    }

    [Fact]
    public void Without_the_CLI_the_error_says_how_to_install_it()
    {
        var config = Config() with { Provider = "local-claude" };

        var error = Assert.Throws<CliNotFoundException>(() => new ProviderRegistry().Build(config));

        Assert.Equal(("claude", "local_claude", ProviderErrorKind.CliNotFound), (error.Command, error.Provider, error.Kind));
        Assert.Contains("npm install -g @anthropic-ai/claude-code", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_registry_makes_it_by_name()
    {
        using var claude = new FakeClaude("");
        var config = new GatewayConfig { Provider = "local_claude", Variables = VariableSet.Merge(null, new Hashtable { ["PATH"] = claude.Folder }) };

        var provider = new ProviderRegistry().Build(config);

        Assert.Equal(("local_claude", "sonnet"), (provider.Name, provider.DefaultModel));
        Assert.Null(provider.Endpoint);
        Assert.True(provider.GetCapabilities("sonnet") is { NativeSchema: true, ForcedTool: false });
    }

    private static GatewayConfig Config() => new() { Variables = VariableSet.Merge(null, new Hashtable { ["PATH"] = "/nowhere" }) };
}
