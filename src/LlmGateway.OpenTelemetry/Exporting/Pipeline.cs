using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LlmGateway.Exporting;

/// <summary>A tracer and a meter provider that listen to the gateway alone and live until disposed.</summary>
internal sealed class Pipeline : IDisposable
{
    private readonly TracerProvider _spans;
    private readonly MeterProvider _metrics;

    private Pipeline(GatewayConfig config, BaseProcessor<System.Diagnostics.Activity> spans, MetricReader metrics)
    {
        _spans = Sdk.CreateTracerProviderBuilder().AddLlmGateway().ConfigureResource(r => r.AddService(config.TraceServiceName)).AddProcessor(spans).Build();
        _metrics = Sdk.CreateMeterProviderBuilder().AddLlmGateway().ConfigureResource(r => r.AddService(config.TraceServiceName)).AddReader(metrics).Build();
    }

    /// <summary>Spans as they end; metrics at the usual interval and at the end.</summary>
    public static Pipeline ToText(GatewayConfig config, TextWriter writer)
        => new(config, new SimpleActivityExportProcessor(new SpanTextExporter(writer)), Reader(new MetricTextExporter(writer)));

    public static Pipeline ToOtlp(GatewayConfig config, ILogger logger)
    {
        var batch = new BatchExportActivityProcessorOptions();
        var spans = new BatchActivityExportProcessor(
            new WatchedSpanExporter(Otlp(config), config.TraceEndpoint, logger),
            batch.MaxQueueSize, batch.ScheduledDelayMilliseconds, batch.ExporterTimeoutMilliseconds, batch.MaxExportBatchSize);
        return new(config, spans, Reader(new WatchedMetricExporter(Otlp(config), config.TraceEndpoint, logger), OtlpTemporality.FromEnvironment()));
    }

    /// <summary>Both at once: a receiver that hangs is waited for once, not twice.</summary>
    public void Dispose() => Parallel.Invoke(_spans.Dispose, _metrics.Dispose);

    /// <summary>Protocol and endpoint are ours, whatever <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> and <c>…_ENDPOINT</c> say; the constructor reads the others.</summary>
    private static OtlpExporterOptions Otlp(GatewayConfig config) => new()
    {
        Protocol = OtlpExportProtocol.Grpc,
        Endpoint = config.TraceEndpoint,
    };

    private static PeriodicExportingMetricReader Reader(BaseExporter<Metric> exporter, MetricReaderTemporalityPreference temporality = MetricReaderTemporalityPreference.Cumulative)
    {
        // The options read OTEL_METRIC_EXPORT_INTERVAL and OTEL_METRIC_EXPORT_TIMEOUT; null is the specification's default.
        var periodic = new PeriodicExportingMetricReaderOptions();
        return new PeriodicExportingMetricReader(exporter, periodic.ExportIntervalMilliseconds ?? 60_000, periodic.ExportTimeoutMilliseconds ?? 30_000)
        {
            TemporalityPreference = temporality,
        };
    }
}
