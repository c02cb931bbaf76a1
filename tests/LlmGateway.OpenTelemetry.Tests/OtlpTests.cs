using LlmGateway.Exporting.Tests.Otlp;

namespace LlmGateway.Exporting.Tests;

/// <summary>What an OTLP receiver gets, from its own bytes.</summary>
public sealed class OtlpTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_grpc_over_unencrypted_http2()
    {
        await using var collector = await Collector.StartAsync();

        await SendAsync(collector, new VendorDouble(VendorDouble.Reply()));

        Assert.NotEmpty(collector.Protocols);
        Assert.All(collector.Protocols, p => Assert.Equal("HTTP/2 application/grpc", p));
    }

    [Fact]
    public async Task A_call_arrives_with_its_attempts_below_it()
    {
        await using var collector = await Collector.StartAsync();
        var provider = new VendorDouble(VendorDouble.Busy(), VendorDouble.Reply());

        await SendAsync(collector, provider);

        var spans = Of(collector, provider);
        var call = Assert.Single(spans, s => s.Kind == OtlpSpan.Internal);
        var attempts = spans.Where(s => s.Kind == OtlpSpan.Client).ToList();
        Assert.Equal(3, spans.Count);
        Assert.Equal(2, attempts.Count);
        Assert.All(spans, s => Assert.Equal($"chat {provider.DefaultModel}", s.Name));
        Assert.All(spans, s => Assert.Equal("LlmGateway", s.Scope));
        Assert.All(attempts, a => Assert.Equal((call.TraceId, call.Id), (a.TraceId, a.ParentId)));
        Assert.All(attempts, a => Assert.True(a.Duration <= call.Duration));
        Assert.Equal("rate_limited", attempts[0].Tags["error.type"]);
        Assert.Equal(429L, attempts[0].Tags["http.response.status_code"]);
        Assert.Equal(OtlpSpan.Error, attempts[0].StatusCode);
        Assert.DoesNotContain("error.type", attempts[1].Tags);
        Assert.DoesNotContain("error.type", call.Tags);
        Assert.Equal(0, call.StatusCode);
    }

    [Fact]
    public async Task The_spans_have_the_attributes_of_the_conventions_and_ours()
    {
        await using var collector = await Collector.StartAsync();
        var provider = new VendorDouble(VendorDouble.Reply());

        await SendAsync(collector, provider);

        var spans = Of(collector, provider);
        Assert.Equal(2, spans.Count);
        Assert.All(spans, span =>
        {
            Assert.Equal("chat", span.Tags["gen_ai.operation.name"]);
            Assert.Equal("mistral_ai", span.Tags["gen_ai.provider.name"]);
            Assert.Equal(provider.DefaultModel, span.Tags["gen_ai.request.model"]);
            Assert.Equal(4096L, span.Tags["gen_ai.request.max_tokens"]);
            Assert.Equal("answering-model", span.Tags["gen_ai.response.model"]);
            Assert.Equal("msg_1", span.Tags["gen_ai.response.id"]);
            Assert.Equal(new object[] { "end_turn" }, span.Tags["gen_ai.response.finish_reasons"]);
            Assert.Equal(100L, span.Tags["gen_ai.usage.input_tokens"]);
            Assert.Equal(60L, span.Tags["gen_ai.usage.cache_read.input_tokens"]);
            Assert.Equal(30L, span.Tags["gen_ai.usage.cache_creation.input_tokens"]);
            Assert.Equal(20L, span.Tags["gen_ai.usage.output_tokens"]);
            Assert.Equal("api.example.test", span.Tags["server.address"]);
            Assert.Equal(8443L, span.Tags["server.port"]);
            Assert.Equal(0.25, span.Tags["llm_gateway.cost.total_usd"]);
            Assert.Equal("mistral", span.Tags["llm_gateway.provider"]);
        });
        Assert.Equal("succeeded", spans.Single(s => s.Kind == OtlpSpan.Internal).Tags["llm_gateway.outcome"]);
    }

    [Fact]
    public async Task A_failed_call_arrives_as_an_error()
    {
        await using var collector = await Collector.StartAsync();
        var provider = new VendorDouble(new ProviderException("mistral", ProviderErrorKind.Authentication, "no") { HttpStatus = 401 });

        using (LlmGatewayTelemetry.Start(To(collector)))
        {
            await Assert.ThrowsAsync<ProviderException>(() => new LlmClient(provider).CompleteTextAsync("Hello", cancellationToken: Token));
        }

        Assert.Equal(2, Of(collector, provider).Count);
        Assert.All(Of(collector, provider), s => Assert.Equal(("authentication", OtlpSpan.Error), (s.Tags["error.type"], s.StatusCode)));
    }

    [Fact]
    public async Task The_metrics_have_the_conventions_units_and_buckets()
    {
        await using var collector = await Collector.StartAsync();
        var provider = new VendorDouble(VendorDouble.Busy(), VendorDouble.Reply());

        await SendAsync(collector, provider);

        var duration = Assert.Single(Of(collector, provider, "gen_ai.client.operation.duration"));
        Assert.Equal(("s", OtlpPoint.Cumulative, 1L), (duration.Unit, duration.Temporality, duration.Count));
        Assert.Equal([.. Enumerable.Range(0, 14).Select(n => 0.01 * Math.Pow(2, n))], duration.Bounds.Select(b => Math.Round(b, 10)));
        Assert.Equal(1, duration.Buckets.Sum());

        var tokens = Of(collector, provider, "gen_ai.client.token.usage").ToDictionary(p => (string)p.Tags["gen_ai.token.type"]!);
        Assert.Equal(["input", "output"], tokens.Keys.Order());
        Assert.Equal((100d, 20d), (tokens["input"].Sum, tokens["output"].Sum));
        Assert.All(tokens.Values, t => Assert.Equal(("{token}", 1L), (t.Unit, t.Count)));
        Assert.All(tokens.Values, t => Assert.Equal(Enumerable.Range(0, 14).Select(n => Math.Pow(4, n)), t.Bounds));

        var cost = Assert.Single(Of(collector, provider, "llm_gateway.client.call.cost"));
        Assert.Equal(("USD", 1L, 0.25), (cost.Unit, cost.Count, cost.Sum));

        var attempts = Of(collector, provider, "llm_gateway.client.attempts");
        Assert.Equal(["rate_limited", null], attempts.Select(p => p.Tags.GetValueOrDefault("error.type")).OrderDescending());
        Assert.Equal(2, attempts.Sum(p => p.Sum));
    }

    [Fact]
    public async Task The_metrics_have_the_conventions_attributes()
    {
        await using var collector = await Collector.StartAsync();
        var provider = new VendorDouble(VendorDouble.Reply());

        await SendAsync(collector, provider);

        var expected = new Dictionary<string, object?>
        {
            ["gen_ai.operation.name"] = "chat",
            ["gen_ai.provider.name"] = "mistral_ai",
            ["gen_ai.request.model"] = provider.DefaultModel,
            ["gen_ai.response.model"] = "answering-model",
            ["server.address"] = "api.example.test",
            ["server.port"] = 8443L,
        };
        Assert.Equal(expected, Of(collector, provider, "gen_ai.client.operation.duration").Single().Tags);
        Assert.Equal(expected, Of(collector, provider, "gen_ai.client.token.usage")[0].Tags.Where(t => t.Key != "gen_ai.token.type").ToDictionary());
    }

    [Fact]
    public async Task The_service_has_the_name_that_the_configuration_gives_it()
    {
        await using var collector = await Collector.StartAsync();
        var provider = new VendorDouble(VendorDouble.Reply());

        using (LlmGatewayTelemetry.Start(To(collector) with { TraceServiceName = "invoices" }))
        {
            await new LlmClient(provider).CompleteTextAsync("Hello", cancellationToken: Token);
        }

        Assert.All(Of(collector, provider), s => Assert.Equal("invoices", s.Resource["service.name"]));
        Assert.Equal("invoices", Of(collector, provider, "gen_ai.client.operation.duration").Single().Resource["service.name"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Prompt_and_answer_leave_the_process_only_where_that_was_asked_for(bool capture)
    {
        await using var collector = await Collector.StartAsync();
        var provider = new VendorDouble(VendorDouble.Reply("the answer's canary"));

        using (LlmGatewayTelemetry.Start(To(collector)))
        {
            await new LlmClient(provider, new GatewayConfig { CaptureMessageContent = capture }).CompleteTextAsync("the prompt's canary", cancellationToken: Token);
        }

        var call = Of(collector, provider).Single(s => s.Kind == OtlpSpan.Internal);
        Assert.Equal(capture, call.Tags.Values.OfType<string>().Any(v => v.Contains("canary", StringComparison.Ordinal)));
        Assert.Equal(capture, call.Tags.ContainsKey("gen_ai.input.messages"));
        Assert.Equal(capture, call.Tags.ContainsKey("gen_ai.output.messages"));
    }

    private static GatewayConfig To(Collector collector)
        => new() { TraceEnabled = true, TraceExporter = TraceExporter.Otlp, TraceEndpoint = collector.Endpoint };

    private static async Task SendAsync(Collector collector, VendorDouble provider)
    {
        using var telemetry = LlmGatewayTelemetry.Start(To(collector));
        await new LlmClient(provider).CompleteTextAsync("Hello", cancellationToken: Token);
    }

    private static IReadOnlyList<OtlpSpan> Of(Collector collector, VendorDouble provider)
        => [.. collector.Spans.Where(s => Equals(s.Tags.GetValueOrDefault("gen_ai.request.model"), provider.DefaultModel))];

    private static IReadOnlyList<OtlpPoint> Of(Collector collector, VendorDouble provider, string metric)
        => [.. collector.Points.Where(p => p.Metric == metric && Equals(p.Tags.GetValueOrDefault("gen_ai.request.model"), provider.DefaultModel))];
}
