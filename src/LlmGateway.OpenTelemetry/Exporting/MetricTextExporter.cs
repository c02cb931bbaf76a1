using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace LlmGateway.Exporting;

/// <summary>Writes each series of each metric as one line: a histogram by its count, sum, least and greatest value, a counter by its sum.</summary>
internal sealed class MetricTextExporter(TextWriter writer) : BaseExporter<Metric>
{
    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
        {
            foreach (ref readonly var point in metric.GetMetricPoints()) writer.WriteLine(Line(metric, point));
        }

        return ExportResult.Success;
    }

    private static string Line(Metric metric, in MetricPoint point)
    {
        var line = new TextLine().Add("metric").Add(metric.Name).Add(metric.Unit);
        switch (metric.MetricType)
        {
            case MetricType.Histogram:
                line.Add("count", point.GetHistogramCount()).Add("sum", Number(point.GetHistogramSum()));
                if (point.TryGetHistogramMinMaxValues(out var least, out var greatest)) line.Add("min", Number(least)).Add("max", Number(greatest));
                break;
            case MetricType.LongSum:
                line.Add("sum", point.GetSumLong());
                break;
            case MetricType.DoubleSum:
                line.Add("sum", Number(point.GetSumDouble()));
                break;
        }

        foreach (var (name, value) in point.Tags) line.Add(name, value);
        return line.ToString();
    }

    private static string Number(double value) => value.ToString("0.############", CultureInfo.InvariantCulture);
}
