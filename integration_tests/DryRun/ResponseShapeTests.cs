namespace LlmGateway.IntegrationTests.DryRun;

/// <summary>What a response tells beside its content.</summary>
public sealed class ResponseShapeTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Content_usage_model_provider_and_latency_stand_on_the_response()
    {
        var fake = new FakeProvider { Name = "stub", Usage = new TokenUsage { InputTokens = 12, CacheReadTokens = 2, OutputTokens = 5, ReasoningTokens = 1 }, Delay = TimeSpan.FromMilliseconds(20) }
            .ReplyWith(_ => new LlmReply("hello") { Model = "stub-1-dated" });
        await using var client = new LlmClient(fake, new GatewayConfig { Model = "stub-1" });

        var response = await client.CompleteTextAsync("hi", cancellationToken: Cancel);

        Assert.Equal(("hello", "stub", "stub-1-dated"), (response.Content, response.Provider, response.Model));
        Assert.Equal((12, 2, 5, 1, 17), (response.Usage.InputTokens, response.Usage.CacheReadTokens, response.Usage.OutputTokens, response.Usage.ReasoningTokens, response.Usage.TotalTokens));
        Assert.InRange(response.Latency, TimeSpan.FromMilliseconds(15), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Metadata_tells_every_attempt()
    {
        var fake = new FakeProvider().FailNext(ProviderErrorKind.Overloaded, retryAfter: TimeSpan.Zero).ReplyText("hello");
        await using var client = new LlmClient(fake);

        var metadata = (await client.CompleteTextAsync("hi", cancellationToken: Cancel)).Metadata;

        Assert.Equal([ProviderErrorKind.Overloaded, null], metadata.Attempts.Select(a => a.ErrorKind));
        Assert.Equal((CallOutcome.Succeeded, FinishReason.Stop, 0), (metadata.Outcome, metadata.FinishReason!.Value, metadata.Reasks));
        Assert.NotEmpty(metadata.CallId);
    }

    [Fact]
    public async Task A_failed_validation_carries_the_text_the_places_and_the_bill()
    {
        var fake = new FakeProvider { Usage = new TokenUsage { InputTokens = 10, OutputTokens = 1 } }.ReplyJson<ElementFact>("""{"symbol": null, "atomicNumber": "many"}""");
        await using var client = new LlmClient(fake, new GatewayConfig { MaxReasks = 1 });

        var error = await Assert.ThrowsAsync<ResponseValidationException>(() => client.CompleteAsync<ElementFact>("gold?", cancellationToken: Cancel));

        Assert.Equal("""{"symbol": null, "atomicNumber": "many"}""", error.RawText);
        Assert.Equal(["/atomicNumber", "/symbol"], error.Errors.Select(e => e.Pointer).Order(StringComparer.Ordinal));
        Assert.Equal((2, 22, CallOutcome.Invalid), (error.Attempts, error.Usage.TotalTokens, error.Record!.Outcome));
    }
}
