using System.Globalization;
using System.Text;

namespace ServerBench.Driver;

/// <summary>The samples of all rounds, and the tables made of them.</summary>
internal sealed class Report
{
    private readonly Dictionary<(Case Load, string System), List<Sample>> _samples = [];

    public void Add(Case load, string system, Sample sample)
    {
        if (!_samples.TryGetValue((load, system), out var list)) _samples[(load, system)] = list = [];
        list.Add(sample);
    }

    /// <summary>The throughput of one system by that of another, round by round, and of those the median; null where one was not measured.</summary>
    public double? Ratio(Case load, string system, string to)
    {
        if (!_samples.TryGetValue((load, system), out var ours) || !_samples.TryGetValue((load, to), out var theirs)) return null;
        return Median(ours.Zip(theirs, (a, b) => Speed(load, a) / Speed(load, b)));
    }

    /// <summary>One table for one load.</summary>
    public void Write(StringBuilder text, Case load, IReadOnlyList<string> systems, string upstream, string proxy)
    {
        var unit = load.Stream ? "events/s" : "requests/s";
        text.Append(Invariant($"### {char.ToUpperInvariant(load.ToString()[0])}{load.ToString()[1..]}\n\n"));
        text.Append(Invariant($"| | {unit} | to {proxy} | to {upstream} | p50 | p99 | added p50 | added p99 |{(load.Stream ? " first byte p50 |" : "")} CPU each | to {proxy} | peak memory |\n"));
        text.Append(load.Stream ? "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n" : "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        var floor = Merged(load, upstream);
        foreach (var system in systems)
        {
            if (!_samples.TryGetValue((load, system), out var samples)) continue;
            var latency = Merged(load, system);
            var cpu = Median(samples.Select(static s => s.CpuEach.TotalMicroseconds));
            var proxyCpu = _samples.TryGetValue((load, proxy), out var proxied) ? Median(proxied.Select(static s => s.CpuEach.TotalMicroseconds)) : double.NaN;
            text.Append(Invariant($"| {system} | {Median(samples.Select(s => Speed(load, s))):N0} | {Times(Ratio(load, system, proxy))} | {Times(Ratio(load, system, upstream))} "));
            text.Append(Invariant($"| {Time(latency.Percentile(0.5))} | {Time(latency.Percentile(0.99))} "));
            text.Append(system == upstream ? "| | " : Invariant($"| {Time(latency.Percentile(0.5) - floor.Percentile(0.5))} | {Time(latency.Percentile(0.99) - floor.Percentile(0.99))} "));
            if (load.Stream) text.Append(Invariant($"| {Time(MergedFirst(load, system).Percentile(0.5))} "));
            text.Append(Invariant($"| {Time(cpu)} | {Times(cpu / proxyCpu)} | {samples.Max(static s => s.Peak) / 1048576.0:N0} MB |\n"));
        }

        text.Append('\n');
    }

    public static string Times(double? ratio) => ratio is not { } value || double.IsNaN(value) ? "" : value.ToString(value < 0.1 ? "0.000" : "0.00", CultureInfo.InvariantCulture);

    private static double Speed(Case load, Sample sample) => load.Stream ? sample.EventsPerSecond : sample.AnswersPerSecond;

    private Histogram Merged(Case load, string system) => Merge(_samples[(load, system)].Select(static s => s.Latency));

    private Histogram MergedFirst(Case load, string system) => Merge(_samples[(load, system)].Select(static s => s.FirstByte));

    private static Histogram Merge(IEnumerable<Histogram> all)
    {
        var sum = new Histogram();
        foreach (var one in all) sum.Add(one);
        return sum;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Time(double microseconds) => Math.Abs(microseconds) switch
    {
        >= 1_000_000 => Invariant($"{microseconds / 1_000_000:0.00} s"),
        >= 10_000 => Invariant($"{microseconds / 1000:0} ms"),
        >= 1000 => Invariant($"{microseconds / 1000:0.0} ms"),
        _ => Invariant($"{microseconds:0} us"),
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
