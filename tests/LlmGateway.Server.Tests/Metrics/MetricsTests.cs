using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using LlmGateway.Server.Keys;
using LlmGateway.Server.Metrics;
using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Metrics;

/// <summary>What Prometheus is told.</summary>
public class MetricsTests
{
    /// <summary>Not the gateway's own: what it measures is held against the dashboard.</summary>
    private const string Source = "LlmGateway.Server.Tests";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_is_counted_by_its_vendor_and_model()
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url);
        using var response = await served.PostAsync("/v1/chat/completions", """{"model":"on_openai/counted/ok","messages":[{"role":"user","content":"hi"}]}""");
        await response.Content.ReadAsStringAsync(Token);
        var text = await UntilAsync(served, "http_route=\"/v1/chat/completions\"");

        Assert.Contains("# TYPE gen_ai_client_operation_duration_seconds histogram", text, StringComparison.Ordinal);
        var line = Assert.Single(text.Split('\n'), static line => line.StartsWith("gen_ai_client_operation_duration_seconds_count{", StringComparison.Ordinal) && line.Contains("counted/ok", StringComparison.Ordinal));
        Assert.Contains("gen_ai_provider_name=\"on_openai\"", line, StringComparison.Ordinal);
        Assert.EndsWith(" 1", line, StringComparison.Ordinal);
        Assert.Contains("llm_gateway_client_attempts_total{", text, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds_count{http_request_method=\"POST\",http_response_status_code=\"200\",http_route=\"/v1/chat/completions\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("llm_gateway_server_open_calls 0\n", text, StringComparison.Ordinal);
        Assert.Matches("process_resident_memory_bytes [1-9][0-9]{6,}\n", text);
        Check(text);
    }

    [Fact]
    public async Task Names_that_callers_make_up_are_one_series()
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url);
        for (var i = 0; i < 20; i++)
        {
            using var response = await served.PostAsync("/v1/chat/completions", $$"""{"model":"on_openai/made-up-{{i}}/not-found","messages":[{"role":"user","content":"hi"}]}""");
            Assert.False(response.IsSuccessStatusCode);
        }

        var text = await served.Http.GetStringAsync("/metrics", Token);
        Assert.DoesNotContain("made-up", text, StringComparison.Ordinal);
        Assert.Contains("gen_ai_request_model=\"other\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_has_a_bound_whatever_tags_come()
    {
        using var meter = new Meter(Source);
        using var exporter = new PrometheusExporter([], source: Source);
        var counter = meter.CreateCounter<long>("test.unbounded");
        for (var i = 0; i < 5 * Family.MostSeries; i++) counter.Add(1, new TagList { { "test.tag", i } });
        var lines = (await TextOf(exporter)).Split('\n').Where(static line => line.StartsWith("test_unbounded_total{", StringComparison.Ordinal)).ToList();

        Assert.Equal(Family.MostSeries + 1, lines.Count);
        Assert.Contains($"test_unbounded_total{{otel_metric_overflow=\"true\"}} {4 * Family.MostSeries}", lines);
    }

    [Fact]
    public async Task The_text_is_as_Prometheus_reads_it()
    {
        using var meter = new Meter(Source);
        using var exporter = new PrometheusExporter([new ServerGauge("test_gauge", "A \\ and\na line.", static () => 1.5)], source: Source);
        var seconds = meter.CreateHistogram("test.form.duration", "s", "How long.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1] });
        var level = meter.CreateUpDownCounter<long>("test.form.level", "By");
        seconds.Record(0.5, new TagList { { "test.name", "a\"b\\c\nd\ud800" } });
        seconds.Record(0.75, new TagList { { "test.name", "a\"b\\c\nd\ud800" } });
        seconds.Record(7, new TagList { { "test.name", "a\"b\\c\nd\ud800" } });
        level.Add(5);
        level.Add(-2);
        var text = await TextOf(exporter);

        Assert.StartsWith("# HELP test_gauge A \\\\ and\\na line.\n# TYPE test_gauge gauge\ntest_gauge 1.5\n", text, StringComparison.Ordinal);
        Assert.Contains("# HELP test_form_duration_seconds How long.\n# TYPE test_form_duration_seconds histogram\n"
            + "test_form_duration_seconds_bucket{test_name=\"a\\\"b\\\\c\\nd?\",le=\"0.5\"} 1\n"
            + "test_form_duration_seconds_bucket{test_name=\"a\\\"b\\\\c\\nd?\",le=\"1\"} 2\n"
            + "test_form_duration_seconds_bucket{test_name=\"a\\\"b\\\\c\\nd?\",le=\"+Inf\"} 3\n"
            + "test_form_duration_seconds_sum{test_name=\"a\\\"b\\\\c\\nd?\"} 8.25\n"
            + "test_form_duration_seconds_count{test_name=\"a\\\"b\\\\c\\nd?\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE test_form_level_bytes gauge\ntest_form_level_bytes 3\n", text, StringComparison.Ordinal);
        Check(text);
    }

    [Fact]
    public async Task Nothing_is_lost_where_many_count_at_once()
    {
        using var meter = new Meter(Source);
        using var exporter = new PrometheusExporter([], source: Source);
        var counter = meter.CreateCounter<long>("test.many");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++) counter.Add(1, new TagList { { "test.tag", i % 50 } });
        })));
        var sum = (await TextOf(exporter)).Split('\n').Where(static line => line.StartsWith("test_many_total{", StringComparison.Ordinal)).Sum(static line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
        Assert.Equal(160_000, sum);
    }

    [Fact]
    public async Task Where_there_are_keys_metrics_are_for_this_machine_and_the_admin()
    {
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:9/"), configure: static options => options.AdminToken = "an-admin-token-of-the-tests");
        var (_, secret) = served.Gateway.Data!.Keys.Create(new KeySettings { Name = "some" });
        Assert.Equal(200, await StatusAsync());
        Assert.Equal(401, await StatusAsync(("X-Forwarded-For", "203.0.113.7")));
        Assert.Equal(401, await StatusAsync(("X-Forwarded-For", "203.0.113.7"), ("Authorization", $"Bearer {secret}")));
        Assert.Equal(200, await StatusAsync(("X-Forwarded-For", "203.0.113.7"), ("Authorization", "Bearer an-admin-token-of-the-tests")));

        async Task<int> StatusAsync(params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
            foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
            using var response = await served.Http.SendAsync(request, Token);
            return (int)response.StatusCode;
        }
    }

    /// <summary>No series twice, and each line a comment or a sample.</summary>
    private static void Check(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var lines = text.TrimEnd('\n').Split('\n');
        Assert.All(lines, static line => Assert.Matches("^(# (HELP|TYPE) [a-zA-Z_]+ .+|[a-zA-Z_][a-zA-Z0-9_]*(\\{[a-zA-Z_]+=\"([^\"\\\\]|\\\\.)*\"(,[a-zA-Z_]+=\"([^\"\\\\]|\\\\.)*\")*\\})? [-0-9.E+NaIf]+)$", line));
        var series = lines.Where(static line => line[0] != '#').Select(static line => line[..line.LastIndexOf(' ')]).ToList();
        Assert.Equal(series.Count, series.Distinct().Count());
    }

    private static async Task<string> UntilAsync(Served served, string part)
    {
        // A request is counted when it is over, which its caller may see first.
        for (var i = 0; ; i++)
        {
            var text = await served.Http.GetStringAsync("/metrics", Token);
            if (text.Contains(part, StringComparison.Ordinal) || i == 200) return text;
            await Task.Delay(25, Token);
        }
    }

    private static async Task<string> TextOf(PrometheusExporter exporter)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await exporter.WriteAsync(pipe.Writer, Token);
        await pipe.Writer.CompleteAsync();
        using var reader = new StreamReader(pipe.Reader.AsStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync(Token);
    }
}
