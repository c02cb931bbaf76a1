namespace LlmGateway.IntegrationTests.DryRun;

/// <summary>What a consumer adds.</summary>
public sealed class ExtensionTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_custom_provider_of_ten_lines_is_chosen_by_its_name_and_gives_typed_answers()
    {
        var registry = new ProviderRegistry();
        registry.Register("counting", _ => new CountingProvider());
        await using var client = new LlmClient(new GatewayConfig { Provider = "Counting" }, new LlmClientOptions { Registry = registry });

        var response = await client.CompleteAsync<int>("12345", cancellationToken: Cancel);

        Assert.Equal((5, "counting", "counting-1"), (response.Content, response.Provider, response.Model));
        Assert.Contains("counting", registry.List());
        Assert.DoesNotContain("counting", ProviderRegistry.Default.List());
    }

    /// <summary>Knows no schemas, so the client puts them into the prompt.</summary>
    private sealed class CountingProvider : ILlmProvider
    {
        public string Name => "counting";

        public string DefaultModel => "counting-1";

        public Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
            => Task.FromResult(new LlmReply($$"""{"value": {{request.Messages[^1].Content.Length}}}"""));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
