using OpenTelemetry.Metrics;

namespace LlmGateway.Exporting;

/// <summary>
/// The temporality that <c>OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE</c> asks for
/// (https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp/). The SDK reads it only where it makes the reader itself.
/// </summary>
internal static class OtlpTemporality
{
    public static MetricReaderTemporalityPreference FromEnvironment()
        => Of(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"));

    public static MetricReaderTemporalityPreference Of(string? preference)
        => preference?.Trim().ToUpperInvariant() switch
        {
            // The gateway's instruments are histograms and counters, for which "low memory" means delta too.
            "DELTA" or "LOWMEMORY" => MetricReaderTemporalityPreference.Delta,
            _ => MetricReaderTemporalityPreference.Cumulative,
        };
}
