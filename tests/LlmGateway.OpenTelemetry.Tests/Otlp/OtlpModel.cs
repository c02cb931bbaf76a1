namespace LlmGateway.Exporting.Tests.Otlp;

/// <summary>What of a span arrived. Field numbers: https://github.com/open-telemetry/opentelemetry-proto, trace/v1/trace.proto.</summary>
internal sealed record OtlpSpan(string Scope, string TraceId, string Id, string ParentId, string Name, int Kind, TimeSpan Duration, int StatusCode, IReadOnlyDictionary<string, object?> Tags, IReadOnlyDictionary<string, object?> Resource)
{
    public const int Internal = 1;
    public const int Client = 3;
    public const int Error = 2;

    public static IEnumerable<OtlpSpan> Read(ProtoMessage request)
        => from resource in request.Messages(1)
           let about = OtlpValue.Tags(resource.Message(1), 1)
           from scope in resource.Messages(2)
           from span in scope.Messages(2)
           select new OtlpSpan(
               scope.Message(1).Text(1), span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), (int)span.Int(6),
               TimeSpan.FromMicroseconds((span.Int(8) - span.Int(7)) / 1000d), (int)span.Message(15).Int(3), OtlpValue.Tags(span, 9), about);
}

/// <summary>What of a series of a metric arrived. Field numbers: opentelemetry-proto, metrics/v1/metrics.proto.</summary>
internal sealed record OtlpPoint(string Metric, string Unit, int Temporality, long Count, double Sum, IReadOnlyList<double> Bounds, IReadOnlyList<long> Buckets, IReadOnlyDictionary<string, object?> Tags, IReadOnlyDictionary<string, object?> Resource)
{
    public const int Cumulative = 2;

    public static IEnumerable<OtlpPoint> Read(ProtoMessage request)
        => from resource in request.Messages(1)
           let about = OtlpValue.Tags(resource.Message(1), 1)
           from scope in resource.Messages(2)
           from metric in scope.Messages(2)
           from point in metric.Has(9) ? Histogram(metric, about) : Sums(metric, about)
           select point;

    private static IEnumerable<OtlpPoint> Histogram(ProtoMessage metric, IReadOnlyDictionary<string, object?> resource)
    {
        var data = metric.Message(9);
        return data.Messages(1).Select(p => new OtlpPoint(
            metric.Text(1), metric.Text(3), (int)data.Int(2), p.Int(4), p.Double(5),
            [.. p.Packed64(7).Select(BitConverter.UInt64BitsToDouble)], [.. p.Packed64(6).Select(c => (long)c)], OtlpValue.Tags(p, 9), resource));
    }

    private static IEnumerable<OtlpPoint> Sums(ProtoMessage metric, IReadOnlyDictionary<string, object?> resource)
    {
        var data = metric.Message(7);
        return data.Messages(1).Select(p => new OtlpPoint(
            metric.Text(1), metric.Text(3), (int)data.Int(2), 0, p.Has(6) ? p.Int(6) : p.Double(4), [], [], OtlpValue.Tags(p, 7), resource));
    }
}

/// <summary>Attributes: opentelemetry-proto, common/v1/common.proto.</summary>
internal static class OtlpValue
{
    public static IReadOnlyDictionary<string, object?> Tags(ProtoMessage holder, int field)
        => holder.Messages(field).ToDictionary(pair => pair.Text(1), pair => Of(pair.Message(2)));

    private static object? Of(ProtoMessage value)
    {
        if (value.Has(1)) return value.Text(1);
        if (value.Has(2)) return value.Int(2) != 0;
        if (value.Has(3)) return value.Int(3);
        if (value.Has(4)) return value.Double(4);
        return value.Has(5) ? value.Message(5).Messages(1).Select(Of).ToArray() : null;
    }
}
