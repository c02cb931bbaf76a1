using System.Globalization;
using System.Text;

namespace ServerBench.Driver;

/// <summary>What was promised of the throughput, held against what was measured.</summary>
internal static class Targets
{
    public static void Write(StringBuilder text, Report report, Case[] loads)
    {
        text.Append("### Against the targets\n\n| target | ");
        text.AppendJoin(" | ", loads.Select(static load => load.ToString())).Append(" |\n|---|");
        foreach (var _ in loads) text.Append("--:|");
        text.Append('\n');
        Row("relay: at least 0.9 of YARP", static _ => true, Servers.Relay, Servers.Yarp, 0.9);
        Row("translate: at least 0.6 of YARP", static _ => true, Servers.Translate, Servers.Yarp, 0.6);
        Row("relay: at least 20 times Portkey", static _ => true, Servers.Relay, Servers.Portkey, 20);
        text.Append('\n');

        void Row(string name, Func<Case, bool> applies, string system, string to, double wanted)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} |");
            foreach (var load in loads)
            {
                var ratio = applies(load) ? report.Ratio(load, system, to) : null;
                text.Append(CultureInfo.InvariantCulture, $" {Report.Times(ratio)}{(ratio is null ? "" : ratio >= wanted ? " met" : " missed")} |");
            }

            text.Append('\n');
        }
    }
}
