using System.Globalization;
using System.Text;
using LoopbackServer;

namespace LlmGateway.IntegrationTests.Live;

/// <summary>What a live run used, for the file that LIVE_SUMMARY_FILE names (<c>dotnet test</c> swallows what passing tests print), else for the console.</summary>
internal static class RunSummary
{
    public static async Task WriteAsync(LiveMode mode, CostSummary costs, AttemptCounter attempts, IReadOnlyList<LoopbackRequest>? seen)
    {
        var text = Text(mode, costs, attempts, seen);
        if (Environment.GetEnvironmentVariable("LIVE_SUMMARY_FILE") is { Length: > 0 } file) await File.WriteAllTextAsync(file, text);
        else Console.WriteLine(text);
    }

    private static string Text(LiveMode mode, CostSummary costs, AttemptCounter attempts, IReadOnlyList<LoopbackRequest>? seen)
    {
        var text = new StringBuilder();
        var counted = costs.Usage.IsEstimated ? "some of them estimated" : "none of them estimated";
        var unpriced = costs.UnpricedAttempts == 0 ? "" : $", and {costs.UnpricedAttempts} of unknown price";
        text.AppendLine(CultureInfo.InvariantCulture, $"Live run ({mode.ToString().ToLowerInvariant()})");
        text.AppendLine(CultureInfo.InvariantCulture, $"  CLI calls   {attempts.Of("local_claude")} of {attempts.All} attempts, in {costs.CallCount} calls");
        text.AppendLine(CultureInfo.InvariantCulture, $"  tokens      {costs.Usage.InputTokens} in, {costs.Usage.OutputTokens} out, {counted}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  cost        ${costs.KnownCostUsd}{unpriced}");
        foreach (var model in costs.Models)
        {
            var estimated = model.Usage.IsEstimated ? " (estimated)" : "";
            var cost = model.Usage.TotalCostUsd is { } known ? $"${known.ToString(CultureInfo.InvariantCulture)}" : "price unknown";
            text.AppendLine(CultureInfo.InvariantCulture, $"    {model.Provider}/{model.Model}: {model.Attempts} billed attempts, {model.Usage.InputTokens} in, {model.Usage.OutputTokens} out{estimated}, {cost}");
        }

        if (seen is not null) text.AppendLine(CultureInfo.InvariantCulture, $"  the server  {seen.Count(s => s.Path == "/v1/messages")} requests for messages");
        return text.ToString();
    }
}
