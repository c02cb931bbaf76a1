using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmGateway.ExtensionsAI.Tests;

public class ChatClientTests
{
    private static readonly LlmReply Hello = new("Hello", new TokenUsage { InputTokens = 10, CacheReadTokens = 4, OutputTokens = 5, ReasoningTokens = 2 }) { Id = "r1", Model = "gpt-4o-mini" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_comes_with_its_counts_its_reason_and_the_record_of_the_call()
    {
        await using var llm = new LlmClient(new Script(Hello));

        var response = await llm.AsChatClient().GetResponseAsync("Hi", cancellationToken: Token);

        Assert.Equal("Hello", response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal((10, 5, 4, 2), (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount, response.Usage.CachedInputTokenCount, response.Usage.ReasoningTokenCount));
        var record = Assert.IsType<CallRecord>(response.AdditionalProperties!["llm_gateway.record"]);
        Assert.True(record.Usage.TotalCostUsd > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Function_invocation_runs_parallel_calls_and_sends_their_results_back(bool isStreamed)
    {
        var script = new Script(
            new LlmReply
            {
                Id = "r1",
                Parts = [new ThinkingPart("Let me see.", "SIG==") { Origin = "anthropic" }, new ToolCallPart("c1", "Add", """{"a": 1, "b": 2}"""), new ToolCallPart("c2", "Add", """{"a": 30, "b": 4}""")],
                FinishReason = FinishReason.ToolCalls,
                Usage = new TokenUsage { InputTokens = 5, OutputTokens = 5 },
            },
            new LlmReply("3 and 34", new TokenUsage { InputTokens = 9, OutputTokens = 3 }) { Id = "r2" });
        await using var llm = new LlmClient(script);
        using var chat = llm.AsChatClient().AsBuilder().UseFunctionInvocation().Build();
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create((int a, int b) => a + b, "Add", "Adds.")] };

        var text = isStreamed
            ? (await chat.GetStreamingResponseAsync("Add them.", options, Token).ToChatResponseAsync(Token)).Text
            : (await chat.GetResponseAsync("Add them.", options, Token)).Text;

        Assert.Equal("3 and 34", text);
        Assert.Equal(2, script.Requests.Count);
        Assert.Equal("Add", Assert.Single(script.Requests[0].Tools).Name);
        var history = script.Requests[1].Messages;
        var thought = Assert.Single(history[1].Parts.OfType<ThinkingPart>(), part => part.Signature is not null);
        Assert.Equal(("SIG==", "anthropic", "Let me see."), (thought.Signature, thought.Origin, thought.Text));
        Assert.Equal(["""{"a": 1, "b": 2}""", """{"a": 30, "b": 4}"""], history[1].Parts.OfType<ToolCallPart>().Select(call => call.ArgumentsJson));
        Assert.Equal(["c1:3", "c2:34"], history[2].Parts.OfType<ToolResultPart>().Select(result => $"{result.CallId}:{result.Content}"));
        Assert.Equal(LlmRole.Tool, history[2].Role);
    }

    [Fact]
    public async Task A_stream_folds_into_the_response_that_comes_in_one_piece()
    {
        var reply = Hello with { Parts = [new ThinkingPart("Hm.", "S") { Origin = "anthropic" }, new TextPart("Hello"), new ToolCallPart("c1", "f", "{}")], FinishReason = FinishReason.ToolCalls };
        await using var llm = new LlmClient(new Script(reply, reply));
        var chat = llm.AsChatClient();

        var whole = await chat.GetResponseAsync("Hi", cancellationToken: Token);
        var streamed = await chat.GetStreamingResponseAsync("Hi", cancellationToken: Token).ToChatResponseAsync(Token);

        Assert.Equal(whole.Text, streamed.Text);
        Assert.Equal(whole.FinishReason, streamed.FinishReason);
        Assert.Equal(whole.ResponseId, streamed.ResponseId);
        Assert.Equal(whole.Usage!.TotalTokenCount, streamed.Usage!.TotalTokenCount);
        Assert.Equal(whole.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().Select(c => c.CallId), streamed.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().Select(c => c.CallId));
        Assert.Equal("Hm.", string.Concat(streamed.Messages.SelectMany(m => m.Contents).OfType<TextReasoningContent>().Select(c => c.Text)));
    }

    [Fact]
    public async Task Every_option_is_passed_on()
    {
        var script = new Script(Hello);
        await using var llm = new LlmClient(script);
        var schema = JsonDocument.Parse("""{"type":"object"}""").RootElement;

        await llm.AsChatClient().GetResponseAsync(
            "Hi",
            new ChatOptions
            {
                ModelId = "gpt-x",
                Instructions = "Be brief.",
                Temperature = 0.7f,
                TopP = 0.9f,
                TopK = 3,
                MaxOutputTokens = 77,
                FrequencyPenalty = 0.1f,
                PresencePenalty = 0.2f,
                Seed = 5,
                StopSequences = ["END"],
                Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High, Output = ReasoningOutput.Summary },
                ToolMode = ChatToolMode.RequireSpecific("f"),
                Tools = [AIFunctionFactory.CreateDeclaration("f", "d", schema)],
                AllowMultipleToolCalls = false,
                ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "shape", "what"),
                AdditionalProperties = new AdditionalPropertiesDictionary { ["user"] = "u1", ["service_tier"] = "flex" },
            },
            Token);

        var request = Assert.Single(script.Requests);
        Assert.Equal(("gpt-x", 0.7, 0.9, 3, 77), (request.Model, request.Temperature, request.TopP, request.TopK, request.MaxTokens));
        Assert.Equal((0.1, 0.2, 5L, "END"), (request.FrequencyPenalty, request.PresencePenalty, request.Seed, Assert.Single(request.StopSequences)));
        Assert.Equal(new LlmReasoning { Effort = "high", Summary = "auto" }, request.Reasoning);
        Assert.Equal(LlmToolChoice.Named("f"), request.ToolChoice);
        Assert.Equal(("f", "d"), (request.Tools[0].Name, request.Tools[0].Description));
        Assert.False(request.ParallelToolCalls);
        Assert.Equal(("shape", "what"), (request.OutputSchema!.Name, request.OutputSchema.Description));
        Assert.Equal(("u1", "flex"), (request.User, request.ServiceTier));
        Assert.Equal("Be brief.", request.Messages[0].Content);
    }

    /// <summary>A field that a later version of the abstractions brings must be mapped or refused before this passes again.</summary>
    [Fact]
    public void No_option_is_unknown_here()
        => Assert.Equal(
            [
                "AdditionalProperties", "AllowBackgroundResponses", "AllowMultipleToolCalls", "ContinuationToken", "ConversationId", "FrequencyPenalty", "Instructions", "MaxOutputTokens", "ModelId",
                "PresencePenalty", "RawRepresentationFactory", "Reasoning", "ResponseFormat", "Seed", "StopSequences", "Temperature", "ToolMode", "Tools", "TopK", "TopP",
            ],
            typeof(ChatOptions).GetProperties().Select(property => property.Name).Order());

    [Fact]
    public async Task What_cannot_be_passed_on_is_refused_by_name_before_anything_is_sent()
    {
        var script = new Script();
        await using var llm = new LlmClient(script);
        var chat = llm.AsChatClient();

        foreach (var (options, name) in (IEnumerable<(ChatOptions, string)>)
            [
                (new ChatOptions { ConversationId = "c" }, "ConversationId"),
                (new ChatOptions { Tools = [new HostedWebSearchTool()] }, "Tools"),
                (new ChatOptions { AdditionalProperties = new AdditionalPropertiesDictionary { ["secret_sauce"] = 1 } }, "secret_sauce"),
                (new ChatOptions { RawRepresentationFactory = _ => "no" }, "RawRepresentationFactory"),
            ])
        {
            var error = await Assert.ThrowsAsync<NotSupportedException>(() => chat.GetResponseAsync("Hi", options, Token));
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(script.Requests);
    }

    [Fact]
    public async Task A_schema_goes_into_the_prompt_where_the_model_takes_none()
    {
        var script = new Script(Hello) { Capabilities = ModelCapabilities.Basic };
        await using var llm = new LlmClient(script);

        await llm.AsChatClient().GetResponseAsync("Hi", new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonDocument.Parse("""{"type":"integer"}""").RootElement) }, Token);

        Assert.Contains("""{"type":"integer"}""", script.Requests[0].Messages[0].Content, StringComparison.Ordinal);
        Assert.Null(script.Requests[0].OutputSchema);
    }

    [Fact]
    public async Task Any_chat_client_is_a_provider_that_is_priced_streamed_and_typed()
    {
        await using var inner = new LlmClient(new Script(Hello, Hello with { Parts = [new TextPart("""{"value":4}""")] }));
        await using var outer = new LlmClient(new ChatClientProvider(inner.AsChatClient(), "openai", "gpt-4o-mini"));

        var deltas = new List<LlmDelta>();
        await foreach (var delta in outer.StreamAsync("Hi", cancellationToken: Token)) deltas.Add(delta);
        var typed = await outer.CompleteAsync<int>("2 + 2?", cancellationToken: Token);

        Assert.Equal("Hello", string.Concat(deltas.OfType<TextDelta>().Select(d => d.Text)));
        var response = Assert.IsType<ResponseDelta>(deltas[^1]).Response;
        Assert.Equal((10, 4, 5), (response.Usage.InputTokens, response.Usage.CacheReadTokens, response.Usage.OutputTokens));
        Assert.True(response.Usage.TotalCostUsd > 0);
        Assert.Equal(4, typed.Content);
    }

    [Fact]
    public async Task A_chat_client_that_fails_is_classified_by_its_status()
    {
        await using var llm = new LlmClient(new ChatClientProvider(new FailingClient(), "x", "m"), new GatewayConfig { MaxRetries = 0 });

        var error = await Assert.ThrowsAsync<ProviderException>(() => llm.CompleteTextAsync("Hi", cancellationToken: Token));

        Assert.Equal((ProviderErrorKind.RateLimited, 429), (error.Kind, error.HttpStatus));
    }

    private sealed class FailingClient : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
            => throw new HttpRequestException("Too many requests", null, System.Net.HttpStatusCode.TooManyRequests);

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
            => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
