using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Routing;

public sealed class FallbackTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ProviderErrorKind.RateLimited, 3)]
    [InlineData(ProviderErrorKind.Overloaded, 3)]
    [InlineData(ProviderErrorKind.ServerError, 2)]
    [InlineData(ProviderErrorKind.Timeout, 1)]
    [InlineData(ProviderErrorKind.Connection, 1)]
    [InlineData(ProviderErrorKind.MalformedReply, 1)]
    [InlineData(ProviderErrorKind.Truncated, 1)]
    public async Task The_fallback_answers_after_so_many_requests_to_the_first(ProviderErrorKind kind, int requests)
    {
        var first = Fails(kind);
        var second = new ScriptedProvider("ok") { Name = "b", DefaultModel = "b-1" };
        var fleet = new Fleet(new GatewayConfig(), first, second);

        var response = await fleet.AskAsync(Token);

        Assert.Equal(("ok", "b", "b-1"), (response.Content, response.Provider, response.Model));
        Assert.Equal((requests, 1), (first.Requests.Count, second.Requests.Count));
        Assert.Equal([.. Enumerable.Repeat("a/a-1", requests), "b/b-1"], response.Metadata.Attempts.Select(a => a.Target));
        Assert.Equal("a-1", response.Metadata.RequestedModel);
        Assert.All(response.Metadata.Attempts.Take(requests), a => Assert.False(string.IsNullOrEmpty(a.EndedBecause) || string.IsNullOrEmpty(a.NextBecause)));
        Assert.Equal((null, null), (response.Metadata.Attempts[^1].EndedBecause, response.Metadata.Attempts[^1].NextBecause));
        Assert.Equal(1, fleet.Log.Count(17));
    }

    [Theory]
    [InlineData(ProviderErrorKind.Authentication)]
    [InlineData(ProviderErrorKind.Billing)]
    [InlineData(ProviderErrorKind.NotFound)]
    [InlineData(ProviderErrorKind.InvalidRequest)]
    [InlineData(ProviderErrorKind.RequestTooLarge)]
    [InlineData(ProviderErrorKind.ContentFilter)]
    [InlineData(ProviderErrorKind.Refusal)]
    [InlineData(ProviderErrorKind.Unknown)]
    public async Task What_another_target_would_not_mend_goes_to_the_caller_at_once(ProviderErrorKind kind)
    {
        var first = Fails(kind);
        var second = new ScriptedProvider("never") { Name = "b", DefaultModel = "b-1" };

        var error = await Assert.ThrowsAsync<ProviderException>(() => new Fleet(new GatewayConfig(), first, second).AskAsync(Token));

        Assert.Equal((kind, "a", 1, 0), (error.Kind, error.Provider, first.Requests.Count, second.Requests.Count));
    }

    [Theory]
    [InlineData(0, new[] { 1, 0 })]
    [InlineData(1, new[] { 1, 1 })]
    [InlineData(2, new[] { 2, 1 })]
    [InlineData(3, new[] { 3, 1 })]
    [InlineData(5, new[] { 3, 3 })]
    [InlineData(99, new[] { 3, 3 })]
    public async Task The_last_request_that_is_allowed_goes_to_a_target_that_was_not_asked(int maxRetries, int[] requests)
    {
        var (first, second) = (Fails(ProviderErrorKind.Overloaded), Fails(ProviderErrorKind.Overloaded, "b"));
        var fleet = new Fleet(new GatewayConfig { MaxRetries = maxRetries }, first, second);

        var error = await Assert.ThrowsAsync<ProviderException>(() => fleet.AskAsync(Token));

        Assert.Equal((requests[0], requests[1]), (first.Requests.Count, second.Requests.Count));
        Assert.Equal(requests.Sum(), error.Attempts);
        if (requests[1] > 0) Assert.Contains("Before it: a/a-1:", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 2, 0)]
    [InlineData(5, 2, 0)]
    [InlineData(6, 1, 1)]
    [InlineData(600, 1, 1)]
    public async Task A_vendors_wait_is_kept_where_it_is_short_and_another_target_is_asked_at_once_where_it_is_not(int seconds, int first, int second)
    {
        var a = new ScriptedProvider(new ProviderException("a", ProviderErrorKind.RateLimited, "busy") { RetryAfter = TimeSpan.FromSeconds(seconds), HttpStatus = 429 }, "from a") { Name = "a", DefaultModel = "a-1" };
        var b = new ScriptedProvider("from b") { Name = "b", DefaultModel = "b-1" };
        var fleet = new Fleet(new GatewayConfig(), a, b);

        var response = await fleet.AskAsync(Token);

        Assert.Equal((first, second), (a.Requests.Count, b.Requests.Count));
        Assert.Equal(second == 0 ? TimeSpan.FromSeconds(seconds) : null, response.Metadata.Attempts[0].RetryDelay);
        Assert.True(second == 0 || response.Metadata.Latency < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_conversation_too_long_for_one_model_goes_to_one_with_a_larger_window_alone()
    {
        var first = Fails(ProviderErrorKind.ContextLength, capabilities: new ModelCapabilities { ContextWindow = 1000 });
        var smaller = new ScriptedProvider("never") { Name = "b", DefaultModel = "b-1", Capabilities = new ModelCapabilities { ContextWindow = 1000 } };
        var larger = new ScriptedProvider("ok") { Name = "c", DefaultModel = "c-1", Capabilities = new ModelCapabilities { ContextWindow = 2000 } };

        var response = await new Fleet(new GatewayConfig(), first, smaller, larger).AskAsync(Token);

        Assert.Equal(("c", 1, 0, 1), (response.Provider, first.Requests.Count, smaller.Requests.Count, larger.Requests.Count));
    }

    [Fact]
    public async Task A_conversation_too_long_for_every_model_is_an_error_after_one_request()
    {
        var first = Fails(ProviderErrorKind.ContextLength, capabilities: new ModelCapabilities { ContextWindow = 2000 });
        var smaller = new ScriptedProvider("never") { Name = "b", DefaultModel = "b-1", Capabilities = new ModelCapabilities { ContextWindow = 1000 } };

        var error = await Assert.ThrowsAsync<ProviderException>(() => new Fleet(new GatewayConfig(), first, smaller).AskAsync(Token));

        Assert.Equal((ProviderErrorKind.ContextLength, 1, 0), (error.Kind, first.Requests.Count, smaller.Requests.Count));
    }

    [Fact]
    public async Task The_time_for_the_whole_call_cuts_the_attempt_that_passes_it()
    {
        var first = Hangs("a");
        var second = new ScriptedProvider("never") { Name = "b", DefaultModel = "b-1" };
        var fleet = new Fleet(new GatewayConfig { DeadlineSeconds = 7 }, first, second);

        var error = await Assert.ThrowsAsync<ProviderException>(() => fleet.AskAsync(Token));

        Assert.Equal((ProviderErrorKind.Timeout, 1, 0), (error.Kind, first.Requests.Count, second.Requests.Count));
        Assert.Contains("LLM_DEADLINE_SECONDS", error.Message, StringComparison.Ordinal);
        Assert.True(error.Record!.Latency >= TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task A_wait_that_does_not_fit_the_time_for_the_call_is_not_begun()
    {
        var busy = new ProviderException("a", ProviderErrorKind.RateLimited, "busy.") { RetryAfter = TimeSpan.FromSeconds(20), HttpStatus = 429 };
        var fleet = new Fleet(new GatewayConfig { DeadlineSeconds = 10 }, new ScriptedProvider(busy) { Name = "a", DefaultModel = "a-1" });

        var error = await Assert.ThrowsAsync<ProviderException>(() => fleet.AskAsync(Token));

        Assert.Equal((ProviderErrorKind.RateLimited, TimeSpan.FromSeconds(20), TimeSpan.Zero), (error.Kind, error.RetryAfter, error.Record!.Latency));
        Assert.Contains("20 s, which does not fit the time for the whole call (LLM_DEADLINE_SECONDS)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_target_costs_one_time_limit_and_is_not_asked_again()
    {
        var first = Hangs("a");
        var second = new ScriptedProvider(Replies.Error(ProviderErrorKind.Overloaded), "ok") { Name = "b", DefaultModel = "b-1" };
        var fleet = new Fleet(new GatewayConfig { TimeoutSeconds = 5 }, first, second);

        var response = await fleet.AskAsync(Token);

        Assert.Equal(("ok", 1, 2), (response.Content, first.Requests.Count, second.Requests.Count));
    }

    [Fact]
    public async Task A_re_ask_goes_to_the_target_that_answered()
    {
        var first = Fails(ProviderErrorKind.Connection);
        var second = new ScriptedProvider("not json", """{"value":4}""") { Name = "b", DefaultModel = "b-1" };
        var fleet = new Fleet(new GatewayConfig(), first, second);

        var response = await fleet.RunAsync(fleet.Client.CompleteAsync<int>("2 + 2?", cancellationToken: Token));

        Assert.Equal((4, 1, 2), (response.Content, first.Requests.Count, second.Requests.Count));
    }

    /// <summary>Each model gets the schema in its own way, and its answer is read in that way.</summary>
    [Fact]
    public async Task A_typed_answer_is_asked_for_in_each_targets_own_way()
    {
        var first = Fails(ProviderErrorKind.Connection, capabilities: new ModelCapabilities { NativeSchema = true });
        var second = new ScriptedProvider(Replies.Tool("""{"value":"x"}"""), Replies.Error(ProviderErrorKind.Connection)) { Name = "b", DefaultModel = "b-1", Capabilities = new ModelCapabilities { ForcedTool = true } };
        var third = new ScriptedProvider("""{"value":4}""") { Name = "c", DefaultModel = "c-1" };
        var fleet = new Fleet(new GatewayConfig { MaxRetries = 9 }, first, second, third);

        var response = await fleet.RunAsync(fleet.Client.CompleteAsync<int>("2 + 2?", cancellationToken: Token));

        Assert.Equal((4, OutputMode.Prompt, "c"), (response.Content, response.Metadata.OutputMode, response.Provider));
        Assert.Equal(OutputMode.Native, first.Requests[0].OutputSchema!.Mode);
        Assert.Equal("answer", Assert.Single(second.Requests[0].Tools).Name);
        // The third sees what the second wrote by its tool as plain text, since it has no such tool.
        var seen = third.Requests[0].Messages.SelectMany(m => m.Parts).ToList();
        Assert.Contains(seen, part => part is TextPart { Text: """{"value":"x"}""" });
        Assert.DoesNotContain(seen, part => part is ToolCallPart or ToolResultPart);
    }

    private static ScriptedProvider Fails(ProviderErrorKind kind, string name = "a", ModelCapabilities? capabilities = null)
        => new((_, _, _) => Task.FromException<LlmReply>(new ProviderException(name, kind, "it broke"))) { Name = name, DefaultModel = $"{name}-1", Capabilities = capabilities ?? ModelCapabilities.Basic };

    private static ScriptedProvider Hangs(string name) => new(async (_, _, token) =>
    {
        await Task.Delay(Timeout.Infinite, token);
        return new LlmReply("never");
    })
    { Name = name, DefaultModel = $"{name}-1" };
}
