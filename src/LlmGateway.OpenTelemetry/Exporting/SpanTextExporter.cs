using System.Diagnostics;
using System.Globalization;
using OpenTelemetry;

namespace LlmGateway.Exporting;

/// <summary>Writes each span as one line.</summary>
internal sealed class SpanTextExporter(TextWriter writer) : BaseExporter<Activity>
{
    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (var span in batch) writer.WriteLine(Line(span));
        return ExportResult.Success;
    }

    private static string Line(Activity span)
    {
        var line = new TextLine()
            .Add("span").Add(span.DisplayName).Add(span.Kind.ToString().ToLowerInvariant())
            .Add(string.Create(CultureInfo.InvariantCulture, $"{span.Duration.TotalSeconds:0.000}s"));
        if (span.Status == ActivityStatusCode.Error) line.Add("error");
        line.Add("trace", span.TraceId).Add("id", span.SpanId);
        if (span.ParentSpanId != default) line.Add("parent", span.ParentSpanId);
        foreach (var (name, value) in span.TagObjects) line.Add(name, value);
        return line.ToString();
    }
}
