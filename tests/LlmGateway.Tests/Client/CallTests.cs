using System.Text.Json;
using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Client;

public sealed class CallTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_response_is_a_view_of_its_record()
    {
        var provider = new ScriptedProvider(async (_, _, _) =>
        {
            await Task.Yield();
            return new LlmReply("hello", Replies.Tokens(3, 2)) { Model = "fake-1-dated", Id = "id", RequestId = "req", VendorFinishReason = "end", ReportedCostUsd = 0.25m, Losses = ["a loss"] };
        });
        var bench = new Bench(provider);

        var response = await bench.Client.CompleteTextAsync("hi", cancellationToken: Token);

        var record = response.Metadata;
        Assert.Equal(("hello", "fake", "fake-1-dated", "fake-1"), (response.Content, response.Provider, response.Model, record.RequestedModel));
        Assert.Equal((0.25m, 5L), (response.Usage.TotalCostUsd, response.Usage.TotalTokens));
        Assert.Equal((CallOutcome.Succeeded, null, "id", "req", "end"), (record.Outcome, record.ErrorType, record.ResponseId, record.RequestId, record.VendorFinishReason));
        Assert.Equal(["a loss"], record.Losses);
        Assert.Equal(record.Usage, Assert.Single(record.Attempts).Usage);
        Assert.Equal(32, record.CallId.Length);
        Assert.Equal(1, bench.Log.Count(9));
    }

    [Fact]
    public async Task A_provider_that_reports_no_tokens_gets_an_estimate_marked_as_one()
    {
        await using var client = new LlmClient(new ScriptedProvider(new LlmReply("12345678")));

        var usage = (await client.CompleteTextAsync("1234", cancellationToken: Token)).Usage;

        Assert.Equal((1L, 2L, true), (usage.InputTokens, usage.OutputTokens, usage.IsEstimated));
    }

    [Theory]
    [InlineData(FinishReason.Refusal, ProviderErrorKind.Refusal)]
    [InlineData(FinishReason.ContentFilter, ProviderErrorKind.ContentFilter)]
    [InlineData(FinishReason.Length, ProviderErrorKind.Truncated)]
    public async Task A_refused_filtered_or_cut_typed_answer_is_an_error_at_once_and_billed(FinishReason reason, ProviderErrorKind kind)
    {
        var provider = new ScriptedProvider(Replies.Costing("""{"value":4}""", 0.5m) with { FinishReason = reason, VendorFinishReason = "word" }, "never");
        var bench = new Bench(provider);

        var error = await Assert.ThrowsAsync<ProviderException>(() => bench.Client.CompleteAsync<int>("2 + 2?", cancellationToken: Token));

        Assert.Equal((kind, "word", 1), (error.Kind, error.VendorCode, provider.Requests.Count));
        Assert.Equal("""{"value":4}""", error.PartialReply!.Text);
        Assert.Equal((0.5m, 0.5m), (error.Record!.Usage.TotalCostUsd, bench.Client.TotalCostUsd));
    }

    [Fact]
    public async Task A_cut_text_is_returned_with_its_reason_and_a_warning()
    {
        var bench = new Bench(new ScriptedProvider(new LlmReply("Once upon") { FinishReason = FinishReason.Length }));

        var response = await bench.Client.CompleteTextAsync("Tell me a story", cancellationToken: Token);

        Assert.Equal(("Once upon", FinishReason.Length, 1), (response.Content, response.Metadata.FinishReason, bench.Log.Count(10)));
    }

    [Fact]
    public async Task Settings_and_options_reach_the_request()
    {
        var provider = new ScriptedProvider("a", "b", "c");
        await using var client = new LlmClient(provider, new GatewayConfig { Model = "m", Temperature = 0.5 });
        await using var set = new LlmClient(provider, new GatewayConfig { MaxTokens = 4096 });

        await client.CompleteTextAsync("1", cancellationToken: Token);
        await client.CompleteTextAsync("2", new LlmCallOptions { Model = "n", MaxTokens = 7, Temperature = 1 }, Token);
        await set.CompleteTextAsync("3", cancellationToken: Token);

        Assert.Equal(
            [("m", 4096, true, 0.5), ("n", 7, false, 1.0), ("fake-1", 4096, false, null)],
            provider.Requests.Select(r => (r.Model, r.MaxTokens!.Value, r.MaxTokensIsDefault, r.Temperature)));
    }

    [Fact]
    public async Task Later_changes_of_the_configuration_do_not_reach_the_client()
    {
        var provider = new ScriptedProvider("a");
        var config = new GatewayConfig { Model = "m" };
        await using var client = new LlmClient(provider, config);
        config.Model = "changed";

        await client.CompleteTextAsync("1", cancellationToken: Token);

        Assert.Equal("m", Assert.Single(provider.Requests).Model);
    }

    [Fact]
    public async Task A_disposed_client_says_so_and_disposing_again_does_nothing()
    {
        var provider = new ScriptedProvider();
        var registry = new ProviderRegistry();
        registry.Register("fake", _ => provider);
        var client = new LlmClient(new GatewayConfig { Provider = "fake" }, new LlmClientOptions { Registry = registry });

        await client.DisposeAsync();
        await client.DisposeAsync();

        Assert.Equal(1, provider.Disposals);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.CompleteTextAsync("hi", cancellationToken: Token));
        Assert.Equal(0m, client.TotalCostUsd);
    }

    [Fact]
    public async Task A_provider_of_the_callers_is_not_disposed()
    {
        var provider = new ScriptedProvider();

        await new LlmClient(provider).DisposeAsync();

        Assert.Equal(0, provider.Disposals);
    }

    [Fact]
    public async Task Wrong_arguments_are_refused_before_anything_is_sent()
    {
        var provider = new ScriptedProvider("never");
        await using var client = new LlmClient(provider);

        await Assert.ThrowsAsync<ArgumentNullException>(() => client.CompleteTextAsync((string)null!, cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentException>(() => client.CompleteTextAsync([], cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.CompleteTextAsync("hi", new LlmCallOptions { MaxTokens = 0 }, Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.CompleteTextAsync("hi", new LlmCallOptions { Temperature = 2.1 }, Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.CompleteTextAsync("hi", new LlmCallOptions { MaxReasks = 11 }, Token));
        Assert.Throws<ProviderInitException>(() => new LlmClient(provider, new GatewayConfig { MaxReasks = 11 }));

        Assert.Empty(provider.Requests);
    }

    [Fact]
    public async Task A_schema_without_a_type_gives_a_json_element()
    {
        var schema = JsonSchema.Parse("""{"type":"array","items":{"type":"integer","minimum":1},"minItems":2}""");
        var provider = new ScriptedProvider("""{"value":[1,2]}""");
        await using var client = new LlmClient(provider);

        var response = await client.CompleteAsync("numbers", schema, cancellationToken: Token);

        Assert.Equal("[1,2]", response.Content.GetRawText());
        Assert.Equal(JsonValueKind.Object, provider.Requests[0].OutputSchema!.Schema.ValueKind);
        Assert.Equal(OutputMode.Prompt, response.Metadata.OutputMode);
    }
}
