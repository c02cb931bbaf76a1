using System.Collections;
using System.Text.Json;
using LlmGateway.Configuration;
using LlmGateway.Providers.LocalCodex;
using LlmGateway.Tests.Providers.Cli;

namespace LlmGateway.Tests.Providers.LocalCodex;

public sealed class LocalCodexProviderTests
{
    private static readonly LlmRequest Request = new() { Model = "gpt-6-sol", Messages = [LlmMessage.System("Be \"brief\"."), LlmMessage.User("What is 2+2? ü")] };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_prompt_is_on_standard_input_and_the_run_sees_nothing_of_this_machine()
    {
        using var codex = new FakeProgram("codex", Printed.Answer);
        File.WriteAllText(Path.Combine(codex.UserHome, "AGENTS.md"), "secret habits");

        var reply = await Provider(codex).CompleteAsync(Request, Token);

        Assert.Equal("Hello", reply.Text);
        Assert.Equal(["exec", "--json", "--skip-git-repo-check", "--ephemeral", "--ignore-rules", "--sandbox", "read-only", "--color", "never", "-"], codex.Arguments);
        Assert.Equal(("What is 2+2? ü", ""), (codex.Input, codex.WorkingFiles));
        Assert.Contains("CODEX_EXEC_SERVER_URL=none", codex.Environment);
        Assert.DoesNotContain("CODEX_HOME=" + codex.UserHome, codex.Environment);
        Assert.Throws<FileNotFoundException>(() => codex.Read("home/AGENTS.md"));
    }

    [Fact]
    public async Task Retries_tools_and_everything_that_adds_to_the_prompt_are_off()
    {
        using var codex = new FakeProgram("codex", Printed.Answer);

        await Provider(codex).CompleteAsync(Request, Token);

        var config = codex.Read("home/config.toml");
        string[] expected =
        [
            "model = \"gpt-6-sol\"", "approval_policy = \"never\"", "sandbox_mode = \"read-only\"", "web_search = \"disabled\"", "project_doc_max_bytes = 0",
            "request_max_retries = 0", "stream_max_retries = 0", "supports_websockets = false", "shell_tool = false", "unbounded_connection_retries = false",
        ];
        Assert.All(expected, line => Assert.Contains("\n" + line + "\n", "\n" + config, StringComparison.Ordinal));
        Assert.DoesNotContain("base_url", config, StringComparison.Ordinal);
        using var models = JsonDocument.Parse(codex.Read("home/models.json"));
        var model = Assert.Single(models.RootElement.GetProperty("models").EnumerateArray());
        Assert.Equal(("gpt-6-sol", "Be \"brief\"."), (model.GetProperty("slug").GetString(), model.GetProperty("base_instructions").GetString()));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9", "http://127.0.0.1:9/v1")]
    [InlineData("http://127.0.0.1:9/v1/", "http://127.0.0.1:9/v1")]
    [InlineData("http://127.0.0.1:9/other", "http://127.0.0.1:9/other")]
    public async Task The_gateways_address_and_key_become_the_CLIs(string address, string expected)
    {
        using var codex = new FakeProgram("codex", Printed.Answer);
        var config = new GatewayConfig { ApiKey = "sk-mine", BaseUrl = new Uri(address) };

        await Provider(codex, new Hashtable { ["CODEX_API_KEY"] = "sk-other" }, config).CompleteAsync(Request, Token);

        Assert.Contains("CODEX_API_KEY=sk-mine", codex.Environment);
        Assert.Contains($"base_url = \"{expected}\"\n", codex.Read("home/config.toml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_CLI_must_not_see_stays_out()
    {
        using var codex = new FakeProgram("codex", Printed.Answer);
        var variables = new Hashtable { ["OPENAI_API_KEY"] = "sk-for-others", ["CODEX_SANDBOX"] = "seatbelt", ["CODEX_THREAD_ID"] = "t", ["LLM_API_KEY"] = "x", ["OPENAI_ORGANIZATION"] = "org-1" };

        await Provider(codex, variables).CompleteAsync(Request, Token);

        var names = codex.Environment.Select(e => e.Split('=')[0]).ToHashSet();
        Assert.Empty(names.Intersect(["OPENAI_API_KEY", "CODEX_SANDBOX", "CODEX_THREAD_ID", "LLM_API_KEY"]));
        Assert.Contains("OPENAI_ORGANIZATION=org-1", codex.Environment);
    }

    [Theory]
    [InlineData("""{"auth_mode":"chatgpt","OPENAI_API_KEY":null,"tokens":{"access_token":"t"}}""", ProviderBilling.Free)]
    [InlineData("""{"OPENAI_API_KEY":null,"tokens":{"access_token":"t"}}""", ProviderBilling.Free)]
    [InlineData("""{"auth_mode":"apikey","OPENAI_API_KEY":"sk-kept"}""", ProviderBilling.PriceBook)]
    [InlineData("""{"OPENAI_API_KEY":"sk-kept"}""", ProviderBilling.PriceBook)]
    [InlineData("no JSON", ProviderBilling.Free)]
    public async Task A_login_is_linked_and_says_who_pays(string auth, ProviderBilling billing)
    {
        using var codex = new FakeProgram("codex", Printed.Answer);
        var file = Path.Combine(codex.UserHome, "auth.json");
        File.WriteAllText(file, auth);
        var provider = Provider(codex);

        await provider.CompleteAsync(Request, Token);

        Assert.Equal((file, billing), (codex.LinkOf("auth.json"), provider.Billing));
        Assert.Equal(auth, File.ReadAllText(file));
    }

    [Fact]
    public async Task With_a_key_the_login_stays_out_and_the_tokens_are_paid_for()
    {
        using var codex = new FakeProgram("codex", Printed.Answer);
        File.WriteAllText(Path.Combine(codex.UserHome, "auth.json"), """{"auth_mode":"chatgpt"}""");
        var provider = Provider(codex, new Hashtable { ["CODEX_API_KEY"] = "sk-mine" });

        await provider.CompleteAsync(Request, Token);

        Assert.Equal((null, ProviderBilling.PriceBook), (codex.LinkOf("auth.json"), provider.Billing));
        Assert.NotNull(Pricing.Calculate("local_codex", "gpt-6-sol", new TokenUsage { InputTokens = 1 }).TotalCostUsd);
    }

    [Fact]
    public async Task A_schema_goes_through_a_file_where_it_keeps_the_rules_and_is_refused_elsewhere()
    {
        using var codex = new FakeProgram("codex", Printed.Answer);
        const string Strict = """{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}""";
        await Provider(codex).CompleteAsync(With(Strict), Token);
        Assert.Equal(Strict, codex.Read("schema"));
        Assert.Contains("--output-schema", codex.Arguments);

        var error = await Assert.ThrowsAsync<ProviderException>(() => Provider(codex).CompleteAsync(With("""{"type":"object","properties":{"a":{"type":"integer"}}}"""), Token));

        Assert.Equal(ProviderErrorKind.InvalidRequest, error.Kind);
        Assert.Contains("'additionalProperties': false", error.Message, StringComparison.Ordinal);

        static LlmRequest With(string schema) => Request with { OutputSchema = new OutputSchema("x", JsonElement.Parse(schema), OutputMode.Native) };
    }

    [Fact]
    public async Task Effort_and_summary_are_passed_on_and_the_rest_is_a_loss()
    {
        using var codex = new FakeProgram("codex", Printed.Answer);
        var request = Request with { Reasoning = new LlmReasoning { Effort = "high", Summary = "auto", BudgetTokens = 9 }, Temperature = 1, StopSequences = ["x"] };

        var reply = await Provider(codex).CompleteAsync(request, Token);

        var config = codex.Read("home/config.toml");
        Assert.Contains("model_reasoning_effort = \"high\"\nmodel_reasoning_summary = \"auto\"\n", config, StringComparison.Ordinal);
        Assert.Collection(reply.Losses,
            l => Assert.Contains("temperature", l, StringComparison.Ordinal),
            l => Assert.Contains("stop sequences", l, StringComparison.Ordinal),
            l => Assert.Contains("budget of 9 tokens", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_name_of_a_model_can_add_a_setting()
    {
        using var codex = new FakeProgram("codex", Printed.Answer);

        await Provider(codex).CompleteAsync(Request with { Model = "x\"\nsandbox_mode = \"danger-full-access\\" }, Token);

        Assert.Contains("model = \"x\\\"\\u000Asandbox_mode = \\\"danger-full-access\\\\\"\n", codex.Read("home/config.toml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_is_typed_and_holds_no_key()
    {
        using var codex = new FakeProgram("codex", Printed.Failed("unexpected status 401 Unauthorized: Incorrect API key provided: sk-verysecret, request id: req_1"), exitCode: 1);

        var error = await Assert.ThrowsAsync<ProviderException>(() => Provider(codex, new Hashtable { ["CODEX_API_KEY"] = "sk-verysecret" }).CompleteAsync(Request, Token));

        Assert.Equal((ProviderErrorKind.Authentication, 401, "req_1", "local_codex"), (error.Kind, error.HttpStatus, error.RequestId, error.Provider));
        Assert.DoesNotContain("verysecret", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("codex login", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_before_the_first_event_tells_exit_code_and_standard_error()
    {
        using var codex = new FakeProgram("codex", "", exitCode: 2, error: "error: unexpected argument '--ephemeral' found");

        var error = await Assert.ThrowsAsync<ProviderException>(() => Provider(codex).CompleteAsync(Request, Token));

        Assert.Equal(ProviderErrorKind.InvalidRequest, error.Kind);
        Assert.Contains("exit code 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("too old", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_comes_out_as_itself_and_the_program_is_gone()
    {
        using var cli = new FakeCli("codex", "echo $$ > \"$here/self\"; sleep 300");
        var provider = new LocalCodexProvider(cli.Executable, new GatewayConfig { Variables = VariableSet.Merge(null, new Hashtable { ["CODEX_HOME"] = cli.Folder }) }, new ProviderServices());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var call = provider.CompleteAsync(Request, stop.Token);
        var self = await cli.WhenWritten("self");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.False(FakeCli.IsRunning(self));
    }

    [Fact]
    public void Without_the_CLI_the_error_says_how_to_install_it()
    {
        var config = new GatewayConfig { Provider = "local-codex", Variables = VariableSet.Merge(null, new Hashtable { ["PATH"] = "/nowhere" }) };

        var error = Assert.Throws<CliNotFoundException>(() => new ProviderRegistry().Build(config));

        Assert.Equal(("codex", "local_codex", ProviderErrorKind.CliNotFound), (error.Command, error.Provider, error.Kind));
        Assert.Contains("npm install -g @openai/codex", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenAIs_models_take_a_schema_as_the_vendors_row_says()
    {
        using var codex = new FakeProgram("codex", "");
        var provider = Provider(codex);

        Assert.True(provider.GetCapabilities("gpt-6-sol") is { NativeSchema: true, ForcedTool: false, Tools: false });
        Assert.Equal(SchemaFeatures.OpenObjects | SchemaFeatures.AnyType, provider.GetCapabilities("gpt-6-sol").UnsupportedSchemaFeatures);
        Assert.False(provider.GetCapabilities("somebody-elses").NativeSchema);
    }

    private static LocalCodexProvider Provider(FakeProgram codex, Hashtable? variables = null, GatewayConfig? config = null)
        => LocalCodexProvider.Create(codex.Config(variables, config), new ProviderServices());
}
