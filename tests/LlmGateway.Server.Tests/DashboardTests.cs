using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmGateway.Telemetry;

namespace LlmGateway.Server.Tests;

/// <summary>The dashboard shows what the gateway measures: each metric and label in it is one of ours, as Prometheus has it.</summary>
public sealed partial class DashboardTests
{
    private static readonly string[] OfHistograms = ["_bucket", "_sum", "_count"];

    [Fact]
    public void Every_metric_of_the_dashboard_is_measured()
    {
        var known = PrometheusNames();
        var named = Queries().SelectMany(static query => MetricName().Matches(query).Select(static match => match.Value)).Distinct().ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, known));
    }

    [Fact]
    public void Every_metric_that_is_measured_is_on_the_dashboard()
    {
        var queries = string.Join('\n', Queries());

        Assert.All(Instruments(), instrument => Assert.Contains(PrometheusName(instrument), queries, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_label_of_the_dashboard_is_one_of_ours()
    {
        var known = typeof(TelemetryNames).GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.NonPublic)
            .Where(static field => field.IsLiteral)
            .Select(static field => ((string)field.GetRawConstantValue()!).Replace('.', '_'))
            .Append("le")
            .ToHashSet(StringComparer.Ordinal);
        var labels = Texts(Dashboard().RootElement)
            .SelectMany(static text => LabelList().Matches(text).SelectMany(static match => match.Groups[1].Value.Split(','))
                .Concat(LabelMatcher().Matches(text).Select(static match => match.Groups[1].Value))
                .Concat(Legend().Matches(text).Select(static match => match.Groups[1].Value)))
            .Select(static label => label.Trim())
            .Distinct()
            .ToList();

        Assert.NotEmpty(labels);
        Assert.All(labels, label => Assert.Contains(label, known));
    }

    /// <summary>What a query may name: of a histogram its three series.</summary>
    private static HashSet<string> PrometheusNames() => [.. Instruments().SelectMany(static instrument => IsHistogram(instrument)
        ? OfHistograms.Select(suffix => PrometheusName(instrument) + suffix)
        : [PrometheusName(instrument)])];

    /// <summary>As OpenTelemetry's exporter names it: dots become underscores, the unit stands behind, and a counter is a total.</summary>
    private static string PrometheusName(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_');
        var unit = instrument.Unit switch { "s" => "seconds", ['{', ..] or null => "", var other => other };
        if (unit.Length > 0) name += "_" + unit;
        return IsHistogram(instrument) ? name : name + "_total";
    }

    private static bool IsHistogram(Instrument instrument) => instrument is Histogram<double> or Histogram<long>;

    /// <summary>The instruments of the core and of the ledger, which are there once the classes are that have them.</summary>
    private static List<Instrument> Instruments()
    {
        List<Instrument> found = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == TelemetryNames.Source) found.Add(instrument);
        };
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(CallTelemetry).TypeHandle);
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(SqliteLedger).TypeHandle);
        listener.Start();
        return [.. found.DistinctBy(static instrument => instrument.Name)];
    }

    private static IEnumerable<string> Queries() => Texts(Dashboard().RootElement).Where(static text => MetricName().IsMatch(text));

    private static JsonDocument Dashboard()
    {
        var folder = typeof(DashboardTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "ProjectFolder").Value!;
        return JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "../../deploy/grafana-dashboard.json")));
    }

    /// <summary>The texts of queries, legends and variables; not those that people read.</summary>
    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(static member => member.Name is "expr" or "legendFormat" or "definition" or "query" && member.Value.ValueKind == JsonValueKind.String
            ? [member.Value.GetString()!]
            : Texts(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        _ => [],
    };

    [GeneratedRegex(@"\b(gen_ai|llm_gateway)_client_[a-zA-Z_]+|\bllm_gateway_ledger_[a-zA-Z_]+")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"\bby \(([a-z_, ]+)\)")]
    private static partial Regex LabelList();

    [GeneratedRegex(@"[{,]([a-z_]+)(?:=~|=|!=)""")]
    private static partial Regex LabelMatcher();

    [GeneratedRegex(@"\{\{([a-z_]+)\}\}")]
    private static partial Regex Legend();
}
