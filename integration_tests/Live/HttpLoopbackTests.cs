namespace LlmGateway.IntegrationTests.Live;

/// <summary>The provider <c>anthropic</c> over HTTP against the same server, not streaming.</summary>
[Collection(LiveTestsOneByOne.Name)]
public sealed class HttpLoopbackTests(LiveRun run)
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_arrives_with_its_usage_model_and_ids()
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient(c => c.Provider = "anthropic");
        LlmResponse<string>? response = null;

        var sent = Assert.Single(await sandbox.WatchAsync(async () => response = await client.CompleteTextAsync([LlmMessage.System("Be brief."), LlmMessage.User("What is the capital of Japan?")], cancellationToken: Cancel)));

        Assert.Equal("The capital of Japan is Tokyo.", response!.Content);
        Assert.Equal((Sandbox.Model, "anthropic"), (response.Model, response.Provider));
        Assert.StartsWith("msg_loopback_", response.Metadata.ResponseId, StringComparison.Ordinal);
        Assert.StartsWith("req_loopback_", response.Metadata.RequestId, StringComparison.Ordinal);
        Assert.Equal((3, 8), (response.Usage.CacheWriteTokens, response.Usage.OutputTokens));
        Assert.True(response.Usage.InputTokens > response.Usage.CacheWriteTokens && !response.Usage.IsEstimated);
        Assert.Equal(Pricing.Calculate("anthropic", Sandbox.Model, response.Usage).TotalCostUsd, response.Usage.TotalCostUsd);
        Assert.True(response.Usage.TotalCostUsd > 0);
        Assert.Equal((Sandbox.Key, "2023-06-01"), (sent.Headers["x-api-key"], sent.Headers["anthropic-version"]));
        Assert.Equal(["Be brief."], sent.System);
        Assert.False(sent.Body.TryGetProperty("stream", out var stream) && stream.GetBoolean());
    }

    [Theory]
    [InlineData("claude-sonnet-4-5", OutputMode.Native)]
    [InlineData("claude-3-haiku-20240307", OutputMode.Tool)]
    public async Task A_record_arrives_by_native_schema_or_forced_tool(string model, OutputMode mode)
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient(c => (c.Provider, c.Model) = ("anthropic", model));
        LlmResponse<LiveTests.ChemicalElement>? response = null;

        var sent = Assert.Single(await sandbox.WatchAsync(async () => response = await client.CompleteAsync<LiveTests.ChemicalElement>("What is the chemical symbol of oxygen?", cancellationToken: Cancel)));

        Assert.Equal(new LiveTests.ChemicalElement("O", 8), response!.Content);
        Assert.Equal((mode, model), (response.Metadata.OutputMode!.Value, sent.Model));
        Assert.Equal(mode == OutputMode.Tool, sent.ForcedTool is not null);
    }

    [Fact]
    public async Task An_overloaded_server_is_asked_again()
    {
        var sandbox = run.RequireLoopback();
        await using var client = run.NewClient(c => (c.Provider, c.MaxRetries) = ("anthropic", 2));
        LlmResponse<int>? response = null;

        var sent = await sandbox.WatchAsync(async () => response = await client.CompleteAsync<int>("Fail 2 times with status 529. What is 6 * 7?", cancellationToken: Cancel));

        Assert.Equal((42, 3), (response!.Content, sent.Count));
        Assert.Equal([529, 529, null], response.Metadata.Attempts.Select(a => a.HttpStatus));
    }
}
