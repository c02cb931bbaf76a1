using System.Collections;
using System.Text.Json;
using LlmGateway.Configuration;
using LlmGateway.Providers.LocalGemini;
using LlmGateway.Tests.Providers.Cli;

namespace LlmGateway.Tests.Providers.LocalGemini;

public sealed class LocalGeminiProviderTests
{
    private static readonly LlmRequest Request = new() { Model = "gemini-3.8-flash", Messages = [LlmMessage.System("Be brief."), LlmMessage.User("What is 2+2? ü")] };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_prompt_is_on_standard_input_and_the_run_sees_nothing_of_this_machine()
    {
        using var gemini = Fake();
        User(gemini, "GEMINI.md", "secret habits");

        var reply = await Provider(gemini, Key()).CompleteAsync(Request, Token);

        Assert.Equal(("Hello", FinishReason.Stop), (reply.Text, reply.FinishReason));
        Assert.Empty(reply.Losses);
        Assert.Equal(["--output-format", "json", "--model=gemini-3.8-flash"], gemini.Arguments);
        Assert.Equal(("What is 2+2? ü", "", "Be brief."), (gemini.Input, gemini.WorkingFiles, gemini.Read("system")));
        Assert.DoesNotContain("GEMINI_CLI_HOME=" + gemini.UserHome, gemini.Environment);
        Assert.Throws<FileNotFoundException>(() => gemini.Read("home/.gemini/GEMINI.md"));
    }

    [Fact]
    public async Task Retries_tools_and_everything_that_adds_to_the_prompt_are_off()
    {
        using var gemini = Fake();

        await Provider(gemini, Key()).CompleteAsync(Request, Token);

        using var document = JsonDocument.Parse(gemini.Read("home/.gemini/settings.json"));
        var settings = document.RootElement;
        Assert.Equal("""{"maxAttempts":1,"retryFetchErrors":false,"enableAutoUpdate":false,"enableAutoUpdateNotification":false}""", settings.GetProperty("general").GetRawText());
        Assert.Equal("""{"core":["none"]}""", settings.GetProperty("tools").GetRawText());
        Assert.Equal("""{"maxSessionTurns":1,"disableLoopDetection":true,"skipNextSpeakerCheck":true,"compressionThreshold":1}""", settings.GetProperty("model").GetRawText());
        Assert.Equal("""{"usageStatisticsEnabled":false}""", settings.GetProperty("privacy").GetRawText());
        Assert.Equal("""{"gemini-3.8-flash":{"modelConfig":{"model":"gemini-3.8-flash","generateContentConfig":{}}}}""", settings.GetProperty("modelConfigs").GetProperty("customAliases").GetRawText());
        Assert.False(settings.GetProperty("telemetry").GetProperty("logPrompts").GetBoolean());
    }

    [Fact]
    public async Task What_the_settings_can_say_is_passed_on_and_the_rest_is_a_loss()
    {
        using var gemini = Fake();
        var request = Request with
        {
            Temperature = 0.25,
            TopP = 0.5,
            TopK = 9,
            MaxTokens = 77,
            Seed = 5,
            StopSequences = ["X"],
            PresencePenalty = 0.5,
            FrequencyPenalty = 1,
            Reasoning = new LlmReasoning { Effort = "max" },
            JsonMode = true,
        };

        var reply = await Provider(gemini, Key()).CompleteAsync(request, Token);

        using var document = JsonDocument.Parse(gemini.Read("home/.gemini/settings.json"));
        Assert.Equal(
            """{"temperature":0.25,"topP":0.5,"topK":9,"maxOutputTokens":77,"presencePenalty":0.5,"frequencyPenalty":1,"seed":5,"stopSequences":["X"],"thinkingConfig":{"thinkingLevel":"HIGH"}}""",
            document.RootElement.GetProperty("modelConfigs").GetProperty("customAliases").GetProperty("gemini-3.8-flash").GetProperty("modelConfig").GetProperty("generateContentConfig").GetRawText());
        Assert.Collection(reply.Losses,
            l => Assert.Contains("JSON mode", l, StringComparison.Ordinal),
            l => Assert.Contains("'max' was set to 'high'", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_variable_in_the_system_prompt_is_told()
    {
        using var gemini = Fake();

        var reply = await Provider(gemini, Key()).CompleteAsync(Request with { Messages = [LlmMessage.System("Say ${AvailableTools}, not ${x}."), LlmMessage.User("Hi")] }, Token);

        Assert.Contains("${AvailableTools}", Assert.Single(reply.Losses), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9", "http://127.0.0.1:9")]
    [InlineData("http://127.0.0.1:9/base/v1beta/", "http://127.0.0.1:9/base")]
    public async Task The_gateways_address_and_key_become_the_CLIs(string address, string expected)
    {
        using var gemini = Fake();
        User(gemini, "settings.json", """{"security":{"auth":{"selectedType":"oauth-personal"}}}""");
        var provider = Provider(gemini, new Hashtable { ["GEMINI_API_KEY"] = "g-other" }, new GatewayConfig { ApiKey = "g-mine", BaseUrl = new Uri(address) });

        await provider.CompleteAsync(Request, Token);

        Assert.Contains("GEMINI_API_KEY=g-mine", gemini.Environment);
        Assert.Contains("GOOGLE_GEMINI_BASE_URL=" + expected, gemini.Environment);
        Assert.Equal(("gemini-api-key", ProviderBilling.PriceBook), (TypeIn(gemini), provider.Billing));
    }

    [Theory]
    [InlineData(null, null, null, "oauth-personal", ProviderBilling.Free)]
    [InlineData(null, "GEMINI_API_KEY", "k", "gemini-api-key", ProviderBilling.PriceBook)]
    [InlineData(null, "GOOGLE_GENAI_USE_VERTEXAI", "true", "vertex-ai", ProviderBilling.PriceBook)]
    [InlineData(null, "GOOGLE_GENAI_USE_GCA", "true", "oauth-personal", ProviderBilling.Free)]
    [InlineData("oauth-personal", "GEMINI_API_KEY", "k", "oauth-personal", ProviderBilling.Free)]
    [InlineData("gemini-api-key", null, null, "gemini-api-key", ProviderBilling.PriceBook)]
    public async Task The_login_is_the_one_the_CLI_would_take_and_says_who_pays(string? chosen, string? name, string? value, string type, ProviderBilling billing)
    {
        using var gemini = Fake();
        if (chosen is not null) User(gemini, "settings.json", $$$"""{ /* mine */ "security": {"auth": {"selectedType": "{{{chosen}}}"}},}""");
        User(gemini, "oauth_creds.json", "{}");
        var provider = Provider(gemini, name is null ? [] : new Hashtable { [name] = value });

        await provider.CompleteAsync(Request, Token);

        Assert.Equal((type, billing), (TypeIn(gemini), provider.Billing));
        Assert.Equal(type == "gemini-api-key" ? null : Path.Combine(gemini.UserHome, ".gemini", "oauth_creds.json"), gemini.LinkOf(".gemini/oauth_creds.json"));
    }

    [Fact]
    public async Task What_the_CLI_must_not_see_stays_out()
    {
        using var gemini = Fake();
        var variables = new Hashtable { ["GEMINI_API_KEY"] = "k", ["GEMINI_CLI"] = "1", ["GEMINI_MODEL"] = "m", ["GEMINI_TELEMETRY_ENABLED"] = "true", ["GEMINI_CLI_IDE_SERVER_PORT"] = "1", ["LLM_API_KEY"] = "x", ["GOOGLE_CLOUD_PROJECT"] = "p" };

        await Provider(gemini, variables).CompleteAsync(Request, Token);

        var names = gemini.Environment.Select(e => e.Split('=')[0]).ToHashSet();
        Assert.Empty(names.Intersect(["GEMINI_CLI", "GEMINI_MODEL", "GEMINI_TELEMETRY_ENABLED", "GEMINI_CLI_IDE_SERVER_PORT", "LLM_API_KEY"]));
        Assert.Contains("GOOGLE_CLOUD_PROJECT=p", gemini.Environment);
    }

    [Fact]
    public async Task An_error_is_typed_and_holds_no_key()
    {
        using var gemini = new FakeProgram("gemini", "", exitCode: 1, error: Printed.Error("Bad key g-verysecret", 401));

        var error = await Assert.ThrowsAsync<ProviderException>(() => Provider(gemini, new Hashtable { ["GEMINI_API_KEY"] = "g-verysecret" }).CompleteAsync(Request, Token));

        Assert.Equal((ProviderErrorKind.Authentication, 401, "local_gemini"), (error.Kind, error.HttpStatus, error.Provider));
        Assert.DoesNotContain("verysecret", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("GEMINI_API_KEY", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_in_plain_words_has_its_kind()
    {
        using var gemini = new FakeProgram("gemini", "", exitCode: 41, error: "Manual authorization is required but the current session is non-interactive.");

        Assert.Equal(ProviderErrorKind.Authentication, (await Assert.ThrowsAsync<ProviderException>(() => Provider(gemini).CompleteAsync(Request, Token))).Kind);
    }

    [Fact]
    public void A_schema_goes_into_the_prompt_and_the_tokens_have_Geminis_price()
    {
        using var gemini = Fake();

        Assert.True(Provider(gemini).GetCapabilities("gemini-3.8-flash") is { NativeSchema: false, ForcedTool: false });
        Assert.NotNull(Pricing.Calculate("local_gemini", "gemini-3.8-flash", new TokenUsage { InputTokens = 1 }).TotalCostUsd);
    }

    [Fact]
    public void Without_the_CLI_the_error_says_how_to_install_it()
    {
        var config = new GatewayConfig { Provider = "local-gemini", Variables = VariableSet.Merge(null, new Hashtable { ["PATH"] = "/nowhere" }) };

        var error = Assert.Throws<CliNotFoundException>(() => new ProviderRegistry().Build(config));

        Assert.Equal(("gemini", "local_gemini", ProviderErrorKind.CliNotFound), (error.Command, error.Provider, error.Kind));
        Assert.Contains("npm install -g @google/gemini-cli", error.Message, StringComparison.Ordinal);
    }

    private static FakeProgram Fake() => new("gemini", Printed.Answer, report: Printed.Report("stop"));

    private static Hashtable Key() => new() { ["GEMINI_API_KEY"] = "g-mine" };

    private static string? TypeIn(FakeProgram gemini)
    {
        using var settings = JsonDocument.Parse(gemini.Read("home/.gemini/settings.json"));
        return settings.RootElement.GetProperty("security").GetProperty("auth").GetProperty("selectedType").GetString();
    }

    private static void User(FakeProgram gemini, string file, string text)
    {
        var folder = Directory.CreateDirectory(Path.Combine(gemini.UserHome, ".gemini"));
        File.WriteAllText(Path.Combine(folder.FullName, file), text);
    }

    private static LocalGeminiProvider Provider(FakeProgram gemini, Hashtable? variables = null, GatewayConfig? config = null)
        => LocalGeminiProvider.Create(gemini.Config(variables, config), new ProviderServices());
}
