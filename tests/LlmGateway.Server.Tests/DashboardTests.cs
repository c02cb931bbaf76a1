using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmGateway.Server.Tests.Fakes;
using LlmGateway.Telemetry;

namespace LlmGateway.Server.Tests;

/// <summary>The dashboard shows what a running server's <c>/metrics</c> has: each metric and label in it is there.</summary>
public sealed partial class DashboardTests
{
    private static readonly string[] OfHistograms = ["_bucket", "_sum", "_count"];

    /// <summary>What Prometheus adds by itself, and the HTTP metrics of ASP.NET Core.</summary>
    private static readonly string[] LabelsOfOthers = ["le", "instance", "http_response_status_code"];

    [Fact]
    public async Task Every_metric_of_the_dashboard_is_told_by_the_server()
    {
        var told = await MetricsAsync();
        var known = told.SelectMany(static metric => metric.Value == "histogram" ? OfHistograms.Select(suffix => metric.Key + suffix) : [metric.Key]).ToHashSet(StringComparer.Ordinal);
        var named = Queries().SelectMany(static query => MetricName().Matches(query).Select(static match => match.Value)).Distinct().ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, known));
    }

    [Fact]
    public async Task Every_metric_of_calls_is_on_the_dashboard()
    {
        var queries = string.Join('\n', Queries());
        var ofCalls = (await MetricsAsync()).Keys.Where(static name => name.Contains("_client_", StringComparison.Ordinal) || name.StartsWith("llm_gateway_ledger_", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(ofCalls);
        Assert.All(ofCalls, name => Assert.Contains(name, queries, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_label_of_the_dashboard_is_one_of_ours()
    {
        var known = typeof(TelemetryNames).GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.NonPublic)
            .Where(static field => field.IsLiteral)
            .Select(static field => ((string)field.GetRawConstantValue()!).Replace('.', '_'))
            .Concat(LabelsOfOthers)
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

    /// <summary>What a server tells, with its type.</summary>
    private static async Task<Dictionary<string, string>> MetricsAsync()
    {
        // Its instruments are there once they have been made.
        RuntimeHelpers.RunClassConstructor(typeof(CallTelemetry).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(SqliteLedger).TypeHandle);
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:1"));
        var text = await served.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        return TypeLine().Matches(text).ToDictionary(static match => match.Groups[1].Value, static match => match.Groups[2].Value, StringComparer.Ordinal);
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

    [GeneratedRegex("""\b(?:gen_ai_client|llm_gateway_client|llm_gateway_ledger|llm_gateway_server|http_server|process|dotnet)_[a-zA-Z_]+""")]
    private static partial Regex MetricName();

    [GeneratedRegex("""^# TYPE ([a-zA-Z_]+) ([a-z]+)\r?$""", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex("""\bby \(([a-z_, ]+)\)""")]
    private static partial Regex LabelList();

    [GeneratedRegex(@"[{,]([a-z_]+)(?:=~|=|!=)""")]
    private static partial Regex LabelMatcher();

    [GeneratedRegex("""\{\{([a-z_]+)\}\}""")]
    private static partial Regex Legend();
}
