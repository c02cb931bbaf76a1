using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using LlmGateway.Telemetry;

namespace LlmGateway.Server.Metrics;

/// <summary>
/// Counts what the meters of this process report, and tells it as Prometheus reads it. Names and units follow OpenTelemetry's
/// rules for Prometheus, so that a dashboard serves both this and a collector. Safe for concurrent use.
/// </summary>
/// <remarks>
/// OpenTelemetry's own exporter for ASP.NET Core (OpenTelemetry.Exporter.Prometheus.AspNetCore 1.20.1-beta.1) publishes as native
/// code without warnings and was tried: a measurement takes it 0.26 to 0.38 microseconds where this takes 0.19 to 0.23, and 1 MB more
/// stays resident. But it has been a beta for years, brings packages into a server that needs none of them, and gives each model's
/// name that a caller makes up a series for ever, until its 2,000 are full and true names have no place.
/// Here a name is a label once an answer came by it, and the number of series has a bound besides.
/// </remarks>
internal sealed class PrometheusExporter : IDisposable
{
    private readonly ConcurrentDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly KnownModels _models = new();
    private readonly MeterListener _listener = new();
    private readonly IReadOnlyList<ServerGauge> _gauges;

    /// <param name="gauges">What is read when it is asked for.</param>
    /// <param name="scope">Whose HTTP metrics count, where several servers run in one process: its <see cref="IMeterFactory"/>; null for all.</param>
    /// <param name="source">The meters that count beside.</param>
    public PrometheusExporter(IReadOnlyList<ServerGauge> gauges, object? scope = null, string source = TelemetryNames.Source)
    {
        _gauges = gauges;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!IsWanted(instrument, scope, source)) return;
            var family = Family.Of(instrument, _models);
            // One instrument may be made several times, by several of its meter.
            listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(family.Name, family));
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((Family)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((Family)family!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>Writes all of it. It is given to the reader as it is made, and never held whole.</summary>
    public async Task WriteAsync(PipeWriter to, CancellationToken cancellationToken)
    {
        foreach (var gauge in _gauges) gauge.Write(to);
        foreach (var family in _families.Values.OrderBy(static family => family.Name, StringComparer.Ordinal))
        {
            family.WriteHead(to);
            foreach (var series in family.All)
            {
                family.Write(to, series);
                if (to.UnflushedBytes < 32 * 1024) continue;
                if ((await to.FlushAsync(cancellationToken).ConfigureAwait(false)).IsCompleted) return;
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private static bool IsWanted(Instrument instrument, object? scope, string source) => instrument switch
    {
        { IsObservable: true } => false,
        _ when instrument.Meter.Name == source => true,
        { Meter.Name: "Microsoft.AspNetCore.Hosting", Name: "http.server.request.duration" } => scope is null || ReferenceEquals(instrument.Meter.Scope, scope),
        { Meter.Name: "Microsoft.AspNetCore.Server.Kestrel", Name: "kestrel.active_connections" } => scope is null || ReferenceEquals(instrument.Meter.Scope, scope),
        _ => false,
    };
}
