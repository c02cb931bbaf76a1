namespace LlmGateway.Exporting.Tests;

public sealed class StartTests
{
    [Theory]
    [InlineData(false, TraceExporter.None)]
    [InlineData(false, TraceExporter.Console)]
    [InlineData(false, TraceExporter.Otlp)]
    [InlineData(true, TraceExporter.None)]
    public void Where_nothing_is_to_be_exported_nothing_is_started(bool enabled, TraceExporter exporter)
        => Assert.Null(LlmGatewayTelemetry.Start(new GatewayConfig { TraceEnabled = enabled, TraceExporter = exporter }));

    [Fact]
    public void An_invalid_setting_is_an_error_that_names_it()
    {
        var config = new GatewayConfig { TraceEnabled = true, TraceExporter = TraceExporter.Otlp, TraceEndpoint = new Uri("ftp://127.0.0.1") };

        Assert.Contains("LLM_TRACE_ENDPOINT", Assert.Throws<ProviderInitException>(() => LlmGatewayTelemetry.Start(config)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, OpenTelemetry.Metrics.MetricReaderTemporalityPreference.Cumulative)]
    [InlineData("cumulative", OpenTelemetry.Metrics.MetricReaderTemporalityPreference.Cumulative)]
    [InlineData("Delta", OpenTelemetry.Metrics.MetricReaderTemporalityPreference.Delta)]
    [InlineData("lowmemory", OpenTelemetry.Metrics.MetricReaderTemporalityPreference.Delta)]
    public void The_standard_preference_of_temporality_is_honoured(string? preference, OpenTelemetry.Metrics.MetricReaderTemporalityPreference expected)
        => Assert.Equal(expected, OtlpTemporality.Of(preference));
}
