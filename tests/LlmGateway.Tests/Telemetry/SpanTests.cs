using System.Diagnostics;

namespace LlmGateway.Tests.Telemetry;

public sealed class SpanTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_is_an_internal_span_over_a_client_span_for_its_attempt()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply());
        using var spans = new SpanCollector(provider.DefaultModel);

        await provider.Client().CompleteTextAsync("Hello", cancellationToken: Token);

        var call = spans.Call;
        var attempt = Assert.Single(spans.Attempts);
        Assert.Equal($"chat {provider.DefaultModel}", call.DisplayName);
        Assert.Equal($"chat {provider.DefaultModel}", attempt.DisplayName);
        Assert.Equal(call.SpanId, attempt.ParentSpanId);
        Assert.Equal(call.TraceId, attempt.TraceId);
        Assert.Equal([attempt, call], spans.All);
        Assert.All(spans.All, s => Assert.Equal(ActivityStatusCode.Unset, s.Status));
    }

    [Fact]
    public async Task Both_spans_say_what_the_conventions_ask_for()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply()) { Name = "mistral" };
        using var spans = new SpanCollector(provider.DefaultModel);

        var response = await provider.Client(new GatewayConfig { MaxTokens = 77, Temperature = 0.5 }).CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.All(spans.All, span =>
        {
            Assert.Equal("chat", span.GetTagItem("gen_ai.operation.name"));
            Assert.Equal("mistral_ai", span.GetTagItem("gen_ai.provider.name"));
            Assert.Equal(provider.DefaultModel, span.GetTagItem("gen_ai.request.model"));
            Assert.Equal(77, span.GetTagItem("gen_ai.request.max_tokens"));
            Assert.Equal(0.5, span.GetTagItem("gen_ai.request.temperature"));
            Assert.Equal("llm.example.test", span.GetTagItem("server.address"));
            Assert.Equal(443, span.GetTagItem("server.port"));
            Assert.Equal("answering-model", span.GetTagItem("gen_ai.response.model"));
            Assert.Equal("msg_1", span.GetTagItem("gen_ai.response.id"));
            Assert.Equal(new[] { "end_turn" }, span.GetTagItem("gen_ai.response.finish_reasons"));
            Assert.Equal(100L, span.GetTagItem("gen_ai.usage.input_tokens"));
            Assert.Equal(60L, span.GetTagItem("gen_ai.usage.cache_read.input_tokens"));
            Assert.Equal(30L, span.GetTagItem("gen_ai.usage.cache_creation.input_tokens"));
            Assert.Equal(20L, span.GetTagItem("gen_ai.usage.output_tokens"));
            Assert.Equal(5L, span.GetTagItem("gen_ai.usage.reasoning.output_tokens"));
            Assert.Equal("mistral", span.GetTagItem("llm_gateway.provider"));
            Assert.Equal(0.25, span.GetTagItem("llm_gateway.cost.total_usd"));
            Assert.Null(span.GetTagItem("error.type"));
        });
        Assert.Equal(response.Metadata.CallId, spans.Call.GetTagItem("llm_gateway.call.id"));
        Assert.Equal("succeeded", spans.Call.GetTagItem("llm_gateway.outcome"));
        Assert.Equal(1, spans.Call.GetTagItem("llm_gateway.attempts"));
        Assert.Equal(0, spans.Call.GetTagItem("llm_gateway.reasks"));
        Assert.Equal("req_1", spans.Attempts[0].GetTagItem("llm_gateway.vendor_request_id"));
        Assert.Equal(1, spans.Attempts[0].GetTagItem("llm_gateway.attempt.number"));
        Assert.Equal(0, spans.Attempts[0].GetTagItem("llm_gateway.attempt.ask"));
    }

    [Fact]
    public async Task Everything_outside_the_standard_is_under_our_own_name()
    {
        var provider = new TelemetryProvider(TelemetryProvider.TransientError(), TelemetryProvider.Reply());
        using var spans = new SpanCollector(provider.DefaultModel);

        await provider.Client(new GatewayConfig { CaptureMessageContent = true, Temperature = 1 }).CompleteTextAsync("Hello", cancellationToken: Token);

        string[] standard = ["gen_ai.", "server.", "error.type", "http.response.status_code"];
        Assert.All(spans.All.SelectMany(s => s.TagObjects), tag =>
            Assert.True(tag.Key.StartsWith("llm_gateway.", StringComparison.Ordinal) || standard.Any(s => tag.Key.StartsWith(s, StringComparison.Ordinal)), tag.Key));
    }

    [Fact]
    public async Task What_a_sampler_decides_by_is_there_when_the_span_starts()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply());
        var seen = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "LlmGateway",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
            {
                var tags = options.Tags?.ToArray() ?? [];
                if (tags.Any(t => Equals(t.Value, provider.DefaultModel)) && options.Kind == ActivityKind.Client) seen.AddRange(tags.Select(t => t.Key));
                return ActivitySamplingResult.None;
            },
        };
        ActivitySource.AddActivityListener(listener);

        await provider.Client().CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.Superset(new HashSet<string> { "gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "server.address", "server.port" }, seen.ToHashSet());
    }

    [Fact]
    public async Task A_provider_in_this_process_has_no_server()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply()) { Endpoint = null };
        using var spans = new SpanCollector(provider.DefaultModel);

        await provider.Client().CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.All(spans.All, s => Assert.Null(s.GetTagItem("server.address")));
        Assert.All(spans.All, s => Assert.Null(s.GetTagItem("server.port")));
    }

    [Fact]
    public async Task A_typed_call_says_that_it_wants_json_and_how_it_asked()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply("""{"value":3}"""));
        using var spans = new SpanCollector(provider.DefaultModel);

        await provider.Client().CompleteAsync<Answer>("Three?", cancellationToken: Token);

        Assert.All(spans.All, s => Assert.Equal("json", s.GetTagItem("gen_ai.output.type")));
        Assert.Equal("prompt", spans.Call.GetTagItem("llm_gateway.output.mode"));
    }

    [Fact]
    public async Task A_text_call_says_nothing_of_its_output_type()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply());
        using var spans = new SpanCollector(provider.DefaultModel);

        await provider.Client().CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.All(spans.All, s => Assert.Null(s.GetTagItem("gen_ai.output.type")));
    }

    [Fact]
    public async Task A_retry_is_a_second_attempt_below_the_same_call()
    {
        var provider = new TelemetryProvider(TelemetryProvider.TransientError(), TelemetryProvider.Reply());
        using var spans = new SpanCollector(provider.DefaultModel);

        await provider.Client().CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.Equal(2, spans.Attempts.Count);
        Assert.All(spans.Attempts, a => Assert.Equal(spans.Call.SpanId, a.ParentSpanId));
        Assert.Equal("overloaded", spans.Attempts[0].GetTagItem("error.type"));
        Assert.Equal(ActivityStatusCode.Error, spans.Attempts[0].Status);
        Assert.Equal(529, spans.Attempts[0].GetTagItem("http.response.status_code"));
        Assert.Equal("req_failed", spans.Attempts[0].GetTagItem("llm_gateway.vendor_request_id"));
        Assert.Null(spans.Attempts[0].GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal(2, spans.Attempts[1].GetTagItem("llm_gateway.attempt.number"));
        Assert.Null(spans.Attempts[1].GetTagItem("error.type"));
        Assert.Null(spans.Call.GetTagItem("error.type"));
        Assert.Equal(2, spans.Call.GetTagItem("llm_gateway.attempts"));
        Assert.Equal(100L, spans.Call.GetTagItem("gen_ai.usage.input_tokens"));
    }

    [Fact]
    public async Task A_failed_attempt_that_was_billed_counts_in_the_calls_usage_and_cost()
    {
        var provider = new TelemetryProvider(TelemetryProvider.TransientError(TelemetryProvider.Reply()), TelemetryProvider.Reply());
        using var spans = new SpanCollector(provider.DefaultModel);

        await provider.Client().CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.Equal(100L, spans.Attempts[0].GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal(200L, spans.Call.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal(0.5, spans.Call.GetTagItem("llm_gateway.cost.total_usd"));
    }

    [Fact]
    public async Task A_call_refused_by_the_cost_limit_shows_it_and_has_no_attempt()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply());
        using var spans = new SpanCollector(provider.DefaultModel);
        var client = provider.Client(new GatewayConfig { CostLimitUsd = 0 });

        await Assert.ThrowsAsync<CostLimitExceededException>(() => client.CompleteTextAsync("Hello", cancellationToken: Token));

        var call = Assert.Single(spans.All);
        Assert.Equal(ActivityKind.Internal, call.Kind);
        Assert.Equal("cost_limit", call.GetTagItem("error.type"));
        Assert.Equal("refused", call.GetTagItem("llm_gateway.outcome"));
        Assert.Equal(0, call.GetTagItem("llm_gateway.attempts"));
        Assert.Equal(ActivityStatusCode.Error, call.Status);
        Assert.Null(call.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Null(call.GetTagItem("gen_ai.response.model"));
    }

    [Fact]
    public async Task An_invalid_answer_fails_the_call_and_not_its_attempts()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply("no json"), TelemetryProvider.Reply("none again"));
        using var spans = new SpanCollector(provider.DefaultModel);
        var client = provider.Client(new GatewayConfig { MaxReasks = 1 });

        await Assert.ThrowsAsync<ResponseValidationException>(() => client.CompleteAsync<Answer>("Three?", cancellationToken: Token));

        Assert.Equal("validation", spans.Call.GetTagItem("error.type"));
        Assert.Equal("invalid", spans.Call.GetTagItem("llm_gateway.outcome"));
        Assert.Equal(1, spans.Call.GetTagItem("llm_gateway.reasks"));
        Assert.Equal(200L, spans.Call.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal([0, 1], spans.Attempts.Select(a => a.GetTagItem("llm_gateway.attempt.ask")));
        Assert.All(spans.Attempts, a => Assert.Null(a.GetTagItem("error.type")));
    }

    [Fact]
    public async Task A_providers_failure_is_on_the_attempt_and_on_the_call()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Error(ProviderErrorKind.Authentication, 401));
        using var spans = new SpanCollector(provider.DefaultModel);

        await Assert.ThrowsAsync<ProviderException>(() => provider.Client().CompleteTextAsync("Hello", cancellationToken: Token));

        Assert.All(spans.All, s => Assert.Equal("authentication", s.GetTagItem("error.type")));
        Assert.All(spans.All, s => Assert.Equal(ActivityStatusCode.Error, s.Status));
        Assert.Equal("failed", spans.Call.GetTagItem("llm_gateway.outcome"));
        Assert.Null(spans.Call.GetTagItem("gen_ai.response.finish_reasons"));
    }

    [Fact]
    public async Task A_cancelled_call_says_so()
    {
        using var source = new CancellationTokenSource();
        var provider = new TelemetryProvider(TelemetryProvider.Reply()) { OnRequest = source.Cancel };
        using var spans = new SpanCollector(provider.DefaultModel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => provider.Client().CompleteTextAsync("Hello", cancellationToken: source.Token));

        Assert.Equal(2, spans.All.Count);
        Assert.All(spans.All, s => Assert.Equal("cancelled", s.GetTagItem("error.type")));
        Assert.Equal("cancelled", spans.Call.GetTagItem("llm_gateway.outcome"));
    }

    [Fact]
    public async Task A_call_cancelled_before_it_is_sent_has_no_attempt()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply());
        using var spans = new SpanCollector(provider.DefaultModel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => provider.Client().CompleteTextAsync("Hello", cancellationToken: new CancellationToken(true)));

        Assert.Equal("cancelled", Assert.Single(spans.All).GetTagItem("error.type"));
    }

    [Fact]
    public async Task The_calls_span_ends_after_its_cost_is_settled()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply(costUsd: 0.75m));
        LlmClient? client = null;
        decimal? spentWhenEnded = null;
        object? costOnSpan = null;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "LlmGateway",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.DisplayName != $"chat {provider.DefaultModel}" || span.Kind != ActivityKind.Internal) return;
                spentWhenEnded = client!.TotalCostUsd;
                costOnSpan = span.GetTagItem("llm_gateway.cost.total_usd");
            },
        };
        ActivitySource.AddActivityListener(listener);
        client = provider.Client();

        await client.CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.Equal(0.75m, spentWhenEnded);
        Assert.Equal(0.75, costOnSpan);
    }

    [Fact]
    public async Task An_unknown_cost_is_left_out_and_an_estimate_is_marked()
    {
        var provider = new TelemetryProvider(new LlmReply("fine"));
        using var spans = new SpanCollector(provider.DefaultModel);

        await provider.Client().CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.All(spans.All, s => Assert.Null(s.GetTagItem("llm_gateway.cost.total_usd")));
        Assert.All(spans.All, s => Assert.Equal(true, s.GetTagItem("llm_gateway.usage.estimated")));
        Assert.All(spans.All, s => Assert.Equal(new[] { "stop" }, s.GetTagItem("gen_ai.response.finish_reasons")));
    }

    [Fact]
    public async Task A_call_within_a_span_of_the_caller_belongs_to_its_trace()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply());
        using var spans = new SpanCollector(provider.DefaultModel);
        using var outer = new Activity("outer").Start();

        await provider.Client().CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.Equal(outer.TraceId, spans.Call.TraceId);
        Assert.Equal(outer.SpanId, spans.Call.ParentSpanId);
        Assert.Same(outer, Activity.Current);
    }

    [Fact]
    public async Task A_span_that_is_only_propagated_gets_no_more_tags_than_it_started_with()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply());
        using var spans = new SpanCollector(provider.DefaultModel, ActivitySamplingResult.PropagationData);

        await provider.Client(new GatewayConfig { CaptureMessageContent = true }).CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.Equal(2, spans.All.Count);
        Assert.All(spans.All, s => Assert.Null(s.GetTagItem("gen_ai.usage.input_tokens")));
        Assert.All(spans.All, s => Assert.Null(s.GetTagItem("gen_ai.input.messages")));
    }

    private sealed record Answer(int Value);
}
