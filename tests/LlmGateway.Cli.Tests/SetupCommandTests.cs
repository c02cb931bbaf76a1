using System.Text.Json;

namespace LlmGateway.Cli.Tests;

/// <summary>The commands that look at the set-up, and what the program says of itself.</summary>
public sealed class SetupCommandTests
{
    private const string Canary = "sk-canary-123";

    [Fact]
    public async Task Config_shows_values_and_sources_and_never_a_secret()
    {
        var plain = await CliProcess.RunAsync(["config"], variables: [("LLM_MODEL", "m-1"), ("LLM_API_KEY", Canary), ("LLM_MODLE", Canary)]);
        var asJson = await CliProcess.RunAsync(["config", "--json"], variables: [("LLM_MODEL", "m-1"), ("LLM_API_KEY", Canary)]);

        Assert.Equal(0, plain.ExitCode);
        Assert.DoesNotContain(Canary, plain.Output + plain.Error + asJson.Output, StringComparison.Ordinal);
        Assert.Contains("did you mean LLM_MODEL?", plain.Error, StringComparison.Ordinal);
        var rows = asJson.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToDictionary(r => r.GetProperty("variable").GetString()!);
        Assert.Equal(("m-1", "environment"), (rows["LLM_MODEL"].GetProperty("value").GetString(), rows["LLM_MODEL"].GetProperty("source").GetString()));
        Assert.Equal(("***", "environment"), (rows["LLM_API_KEY"].GetProperty("value").GetString(), rows["LLM_API_KEY"].GetProperty("source").GetString()));
        Assert.Equal(("4096", "default"), (rows["LLM_MAX_TOKENS"].GetProperty("value").GetString(), rows["LLM_MAX_TOKENS"].GetProperty("source").GetString()));
    }

    [Fact]
    public async Task Providers_lists_each_with_what_it_lacks()
    {
        var result = await CliProcess.RunAsync(["providers", "--json"]);

        var rows = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToDictionary(r => r.GetProperty("name").GetString()!);
        Assert.Equal(ProviderRegistry.Default.List(), rows.Keys.Order(StringComparer.Ordinal));
        Assert.False(rows["anthropic"].GetProperty("ready").GetBoolean());
        Assert.Contains("ANTHROPIC_API_KEY", rows["anthropic"].GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.True(rows["simulated"].GetProperty("ready").GetBoolean());
    }

    [Fact]
    public async Task Doctor_says_what_is_missing_and_fails()
    {
        var result = await CliProcess.RunAsync(["doctor"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("problem provider: Provider 'anthropic' needs a key. Set LLM_API_KEY or ANTHROPIC_API_KEY", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_finds_a_vendor_that_is_there_without_asking_it_anything()
    {
        using var vendor = Vendor.Saying("never asked");

        var result = await CliProcess.RunAsync(["doctor"], variables: vendor.Variables);

        Assert.Equal((0, 0), (result.ExitCode, vendor.Requests));
        Assert.Contains("accepts connections", result.Output, StringComparison.Ordinal);
        Assert.Contains("price found: anthropic/claude-sonnet-5", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_finds_that_nobody_listens()
    {
        var result = await CliProcess.RunAsync(["doctor"], variables: [("ANTHROPIC_API_KEY", Canary), ("LLM_BASE_URL", "http://127.0.0.1:9")]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("problem provider's address: 127.0.0.1:9", result.Output, StringComparison.Ordinal);
        Assert.Contains("Check LLM_BASE_URL", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "price", "claude-sonnet-5" }, 0, "cache write, 1 hour")]
    [InlineData(new[] { "price", "gpt-4o", "-p", "openai", "--input", "1000", "--output", "10" }, 0, "total   $0.0026")]
    public async Task Price_shows_prices_and_costs(string[] arguments, int exitCode, string text)
    {
        var result = await CliProcess.RunAsync(arguments);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(text, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_without_a_price_is_an_error_that_says_so()
    {
        var result = await CliProcess.RunAsync(["price", "gpt-4o-nonsense", "-p", "openai"]);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("is unknown", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_price_that_another_vendor_has_is_pointed_at()
    {
        var result = await CliProcess.RunAsync(["price", "gpt-4o"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("It has one at: openai,", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("complete", "--help")]
    [InlineData("providers", "--help")]
    [InlineData("config", "--help")]
    [InlineData("price", "--help")]
    [InlineData("doctor", "--help")]
    public async Task Help_has_examples(params string[] arguments)
    {
        var result = await CliProcess.RunAsync(arguments);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("Examples:\n  ", result.Output, StringComparison.Ordinal);
        Assert.Contains("llm-gateway", result.Output[result.Output.IndexOf("Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }
}
