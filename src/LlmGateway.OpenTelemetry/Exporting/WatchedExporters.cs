using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace LlmGateway.Exporting;

/// <summary>Tells once when spans cannot be exported: the SDK itself tells only its own event source.</summary>
internal sealed class WatchedSpanExporter(OtlpExporterOptions options, Uri endpoint, ILogger logger) : OtlpTraceExporter(options)
{
    private int _failures;

    public override ExportResult Export(in Batch<Activity> activityBatch)
    {
        var result = base.Export(activityBatch);
        if (result == ExportResult.Failure && Interlocked.Increment(ref _failures) == 1) logger.ExportFailed("spans", endpoint);
        return result;
    }
}

/// <summary>Tells once when metrics cannot be exported.</summary>
internal sealed class WatchedMetricExporter(OtlpExporterOptions options, Uri endpoint, ILogger logger) : OtlpMetricExporter(options)
{
    private int _failures;

    public override ExportResult Export(in Batch<Metric> metrics)
    {
        var result = base.Export(metrics);
        if (result == ExportResult.Failure && Interlocked.Increment(ref _failures) == 1) logger.ExportFailed("metrics", endpoint);
        return result;
    }
}
