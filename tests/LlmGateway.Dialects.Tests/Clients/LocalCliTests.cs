using System.Collections;
using System.Reflection;
using System.Text.Json;
using LlmGateway.Configuration;

namespace LlmGateway.Dialects.Tests.Clients;

/// <summary>
/// The real <c>codex</c> and <c>gemini</c> CLIs, run by their providers, against the server halves of the Responses and
/// Gemini codecs: what they send is read, and what they print of the answer is a reply.
/// </summary>
public sealed class LocalCliTests : IAsyncDisposable
{
    private static readonly string Programs = Path.Combine(
        typeof(LocalCliTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryFolder").Value!, "tests", "clis", "node_modules", ".bin");

    private readonly CodecServer _server = new();
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("llm-gateway-home");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _home.Delete(recursive: true);
    }

    [Theory]
    [InlineData("local_codex")]
    [InlineData("local_gemini")]
    public async Task An_answer_comes_back_with_its_usage(string name)
    {
        await using var provider = Provider(name);

        var reply = await provider.CompleteAsync(Ask("gpt-6-sol"), Token);

        Assert.Equal(("Hello, world", FinishReason.Stop), (reply.Text, reply.FinishReason));
        Assert.Equal(new TokenUsage { InputTokens = 12, CacheReadTokens = 4, OutputTokens = 5 }, reply.Usage);
        Assert.Empty(reply.Losses);
    }

    [Theory]
    [InlineData("local_codex")]
    [InlineData("local_gemini")]
    public async Task The_model_is_asked_once_with_the_prompt_and_without_tools(string name)
    {
        await File.WriteAllTextAsync(Path.Combine(_home.FullName, "AGENTS.md"), "secret habits", Token);
        Directory.CreateDirectory(Path.Combine(_home.FullName, ".gemini"));
        await File.WriteAllTextAsync(Path.Combine(_home.FullName, ".gemini", "GEMINI.md"), "secret habits", Token);
        await using var provider = Provider(name);

        await provider.CompleteAsync(Ask("gpt-6.1-sol"), Token);

        var request = Assert.Single(_server.Requests);
        Assert.Equal("gpt-6.1-sol", request.Model);
        Assert.Empty(request.Tools);
        Assert.Equal("Be brief. ü", Assert.Single(request.Messages, m => m.Role is LlmRole.System or LlmRole.Developer).Content);
        Assert.EndsWith("Say hello. ü", request.Messages[^1].Content, StringComparison.Ordinal);
        Assert.DoesNotContain(request.Messages, m => m.Content.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Codex_passes_on_a_schema_and_the_effort()
    {
        await using var provider = Provider("local_codex");
        using var schema = JsonDocument.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""");

        var reply = await provider.CompleteAsync(Ask("gpt-6-sol") with { OutputSchema = new OutputSchema("city", schema.RootElement, OutputMode.Native), Reasoning = new LlmReasoning { Effort = "high", Summary = "auto" } }, Token);

        var request = Assert.Single(_server.Requests);
        Assert.Equal("""{"city":"Oslo"}""", reply.Text);
        Assert.Equal(schema.RootElement.GetRawText(), request.OutputSchema!.Schema.GetRawText());
        Assert.Equal(("high", "auto"), (request.Reasoning!.Effort, request.Reasoning.Summary));
    }

    [Fact]
    public async Task Gemini_passes_on_how_the_answer_is_to_be_made()
    {
        await using var provider = Provider("local_gemini");

        await provider.CompleteAsync(Ask("gemini-2.5-pro") with { Temperature = 0.25, TopP = 0.5, TopK = 9, MaxTokens = 77, Seed = 5, StopSequences = ["X"], Reasoning = new LlmReasoning { BudgetTokens = 128 } }, Token);

        var request = Assert.Single(_server.Requests);
        Assert.Equal((0.25, 0.5, 9, 77, 5L), (request.Temperature, request.TopP, request.TopK, request.MaxTokens, request.Seed));
        Assert.Equal(["X"], request.StopSequences);
        Assert.Equal(128, request.Reasoning!.BudgetTokens);
    }

    [Theory]
    [InlineData("local_codex")]
    [InlineData("local_gemini")]
    public async Task An_answer_at_its_limit_says_so(string name)
    {
        await using var provider = Provider(name);

        var reply = await provider.CompleteAsync(Ask("too-long"), Token);

        Assert.Equal(("Hello, world", FinishReason.Length), (reply.Text, reply.FinishReason));
    }

    [Theory]
    [InlineData("local_codex", "RateLimited", ProviderErrorKind.RateLimited)]
    [InlineData("local_codex", "Authentication", ProviderErrorKind.Authentication)]
    [InlineData("local_codex", "ServerError", ProviderErrorKind.ServerError)]
    [InlineData("local_gemini", "RateLimited", ProviderErrorKind.RateLimited)]
    [InlineData("local_gemini", "Authentication", ProviderErrorKind.Authentication)]
    [InlineData("local_gemini", "ServerError", ProviderErrorKind.ServerError)]
    public async Task An_error_has_its_kind_and_is_not_asked_for_again(string name, string fails, ProviderErrorKind kind)
    {
        await using var provider = Provider(name);

        var error = await Assert.ThrowsAsync<ProviderException>(() => provider.CompleteAsync(Ask("fails-" + fails), Token));

        Assert.Equal(kind, error.Kind);
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData("local_codex")]
    [InlineData("local_gemini")]
    public async Task An_answer_that_breaks_off_is_an_error(string name)
    {
        await using var provider = Provider(name);

        var error = await Assert.ThrowsAsync<ProviderException>(() => provider.CompleteAsync(Ask("is-cut"), Token));

        Assert.Equal(ProviderErrorKind.Truncated, error.Kind);
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData("local_codex")]
    [InlineData("local_gemini")]
    public async Task Cancellation_ends_the_request_too(string name)
    {
        await using var provider = Provider(name);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var call = provider.CompleteAsync(Ask("hangs"), stop.Token);
        while (_server.Requests.Count == 0 && !call.IsCompleted) await Task.Delay(20, Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await _server.CallerGone.WaitAsync(TimeSpan.FromMinutes(1), Token);
    }

    private static LlmRequest Ask(string model) => new() { Model = model, Messages = [LlmMessage.System("Be brief. ü"), LlmMessage.User("Say hello. ü")] };

    private ILlmProvider Provider(string name)
    {
        if (!Directory.Exists(Programs)) Assert.SkipWhen(Environment.GetEnvironmentVariable("LLM_GATEWAY_CI") is null, "Run npm ci --ignore-scripts in tests/clis first.");
        var variables = new Hashtable { ["PATH"] = Programs, ["CODEX_HOME"] = _home.FullName, ["GEMINI_CLI_HOME"] = _home.FullName };
        return new ProviderRegistry().Build(new GatewayConfig { Provider = name, ApiKey = "test-key-1", BaseUrl = new Uri(_server.Url), Variables = VariableSet.Merge(null, variables) });
    }
}
