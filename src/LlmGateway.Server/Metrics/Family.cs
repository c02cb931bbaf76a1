using System.Buffers;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace LlmGateway.Server.Metrics;

/// <summary>One metric with all its series. Safe for concurrent use; a measurement of known tags takes no lock but its series'.</summary>
internal sealed class Family
{
    /// <summary>The most series; what is beyond is counted in one, as OpenTelemetry does.</summary>
    public const int MostSeries = 1_000;

    private const string Overflow = "otel_metric_overflow=\"true\"";

    private static readonly double[] UsualBounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

    private readonly KnownModels _models;
    private readonly Func<string, bool> _isLabel;
    private readonly string _help;
    private readonly string _type;
    private readonly double[] _bounds;
    private readonly string[] _boundTexts;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Series> _byLabels = new(StringComparer.Ordinal);
    private volatile Dictionary<int, SeriesKey> _byTags = [];
    private volatile Series[] _all = [];
    private int _keys;

    private Family(string name, string help, string type, double[] bounds, Func<string, bool> isLabel, KnownModels models)
    {
        (Name, _help, _type, _bounds, _isLabel, _models) = (name, help, type, bounds, isLabel, models);
        _boundTexts = Array.ConvertAll(bounds, static bound => bound.ToString("R", CultureInfo.InvariantCulture));
    }

    public string Name { get; }

    public IReadOnlyList<Series> All => _all;

    private bool IsHistogram => _type == "histogram";

    public static Family Of(Instrument instrument, KnownModels models)
    {
        var (type, bounds) = instrument switch
        {
            Histogram<double> histogram => ("histogram", histogram.Advice?.HistogramBucketBoundaries is { } advised ? [.. advised] : UsualBounds),
            Histogram<long> histogram => ("histogram", histogram.Advice?.HistogramBucketBoundaries is { } advised ? [.. advised.Select(static bound => (double)bound)] : UsualBounds),
            Counter<long> or Counter<double> => ("counter", []),
            _ => ("gauge", (double[])[]),
        };

        // Of a request over HTTP only what has few values.
        Func<string, bool> isLabel = instrument.Meter.Name.StartsWith("Microsoft.", StringComparison.Ordinal)
            ? static tag => tag is "http.request.method" or "http.route" or "http.response.status_code"
            : static _ => true;
        return new Family(PrometheusText.NameOf(instrument.Name, instrument.Unit, type), instrument.Description ?? "", type, bounds, isLabel, models);
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = HashOf(tags);
        for (var key = _byTags.GetValueOrDefault(hash); key is not null; key = key.Next)
        {
            if (!key.Is(tags)) continue;
            key.Series.Add(value);
            return;
        }

        Find(hash, tags).Add(value);
    }

    public void WriteHead(IBufferWriter<byte> to) => PrometheusText.WriteHead(to, Name, _help, _type);

    public void Write(IBufferWriter<byte> to, Series series)
    {
        Span<long> buckets = stackalloc long[_bounds.Length + 1];
        var (sum, count) = series.Read(buckets);
        if (!IsHistogram)
        {
            PrometheusText.WriteSample(to, Name, "", series.Labels, null, sum);
            return;
        }

        var below = 0L;
        for (var i = 0; i < _bounds.Length; i++) PrometheusText.WriteSample(to, Name, "_bucket", series.Labels, _boundTexts[i], below += buckets[i]);
        PrometheusText.WriteSample(to, Name, "_bucket", series.Labels, "+Inf", count);
        PrometheusText.WriteSample(to, Name, "_sum", series.Labels, null, sum);
        PrometheusText.WriteSample(to, Name, "_count", series.Labels, null, count);
    }

    private Series Find(int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        _models.Learn(tags);
        var (labels, isKept) = LabelsOf(tags);
        lock (_lock)
        {
            if (!_byLabels.TryGetValue(labels, out var series))
            {
                if (_byLabels.Count >= MostSeries)
                {
                    (labels, isKept) = (Overflow, false);
                    _byLabels.TryGetValue(labels, out series);
                }

                if (series is null)
                {
                    _byLabels[labels] = series = new Series(labels, _bounds);
                    _all = [.. _all, series];
                }
            }

            // What stands for many names is not remembered by one of them.
            if (isKept && _keys < MostSeries)
            {
                _keys++;
                _byTags = new Dictionary<int, SeriesKey>(_byTags) { [hash] = new SeriesKey(tags.ToArray(), series, _byTags.GetValueOrDefault(hash)) };
            }

            return series;
        }
    }

    /// <summary>The labels as they are written, and whether each is as it was given.</summary>
    private (string Labels, bool IsKept) LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var isKept = true;
        foreach (var (name, value) in tags)
        {
            if (!_isLabel(name)) continue;
            var isOther = KnownModels.IsOfModel(name) && !_models.Knows(value);
            isKept &= !isOther;
            labels[PrometheusText.Sanitized(name)] = isOther ? KnownModels.Other : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }

        return (PrometheusText.LabelsOf(labels), isKept);
    }

    private static int HashOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // The values tell nearly all sets of tags apart.
        var hash = tags.Length;
        foreach (var (_, value) in tags) hash = (hash * 31) + (value?.GetHashCode() ?? 0);
        return hash;
    }
}
