using LlmGateway.Exporting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace LlmGateway;

/// <summary>Takes the gateway's spans and metrics to where they are looked at.</summary>
/// <remarks>
/// An application with an OpenTelemetry set-up of its own adds the gateway to it with
/// <see cref="AddLlmGateway(TracerProviderBuilder)"/> and <see cref="AddLlmGateway(MeterProviderBuilder)"/>, and
/// <c>LLM_TRACE_*</c> plays no part. One without calls <see cref="Start"/> once. Doing both exports everything twice.
/// </remarks>
public static class LlmGatewayTelemetry
{
    /// <summary>The core's <c>ActivitySource</c> and <c>Meter</c>.</summary>
    private const string SourceName = "LlmGateway";

    /// <summary>Begins to export what <c>LLM_TRACE_*</c> says: call it once, at the start of an application without a host.</summary>
    /// <remarks>
    /// <para>
    /// <see cref="TraceExporter.Otlp"/>: over gRPC to <see cref="GatewayConfig.TraceEndpoint"/>; <c>http</c> is without
    /// encryption and <c>https</c> with. The standard <c>OTEL_EXPORTER_OTLP_HEADERS</c>, <c>OTEL_EXPORTER_OTLP_TIMEOUT</c>,
    /// <c>OTEL_BSP_*</c>, <c>OTEL_METRIC_EXPORT_*</c>, <c>OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE</c>,
    /// <c>OTEL_TRACES_SAMPLER</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> are honoured. A receiver that cannot be reached
    /// never makes a call fail: it is one warning in the log for spans and one for metrics.
    /// </para>
    /// <para>
    /// <see cref="TraceExporter.Console"/>: one line for each span and each metric, to standard error and never to standard
    /// output, which belongs to the answers. OpenTelemetry's own console exporter can only write to standard output, so it
    /// is not used. Control characters in values are escaped.
    /// </para>
    /// </remarks>
    /// <param name="config">The settings: <see cref="GatewayConfig.TraceEnabled"/> and what follows it.</param>
    /// <param name="loggerFactory">Where a failing export is told of; null for nowhere.</param>
    /// <returns>What exports the rest and ends exporting when disposed, within some 5 seconds; null where nothing is to be exported.</returns>
    /// <exception cref="ProviderInitException">A setting is invalid.</exception>
    public static IDisposable? Start(GatewayConfig config, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        if (!config.TraceEnabled) return null;
        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(SourceName);
        return config.TraceExporter switch
        {
            TraceExporter.Console => Pipeline.ToText(config, Console.Error),
            TraceExporter.Otlp => Pipeline.ToOtlp(config, logger),
            _ => null,
        };
    }

    /// <summary>Adds the gateway's spans to an application's own OpenTelemetry set-up: the source alone, no exporter.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <returns>The same builder.</returns>
    public static TracerProviderBuilder AddLlmGateway(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource(SourceName);
    }

    /// <summary>Adds the gateway's metrics to an application's own OpenTelemetry set-up: the meter alone, no exporter. Their buckets are those of the conventions.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <returns>The same builder.</returns>
    public static MeterProviderBuilder AddLlmGateway(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(SourceName);
    }
}
