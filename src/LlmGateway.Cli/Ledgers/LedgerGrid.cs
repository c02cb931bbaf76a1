using LlmGateway.Cli.Output;
using LlmGateway.Sqlite;

namespace LlmGateway.Cli.Ledgers;

/// <summary>Sums and calls as tables: with bars where someone is looking, tab-separated in a pipe.</summary>
internal static class LedgerGrid
{
    private const int BarWidth = 16;
    private static readonly string[] Sums = ["calls", "failed", "attempts", "in", "cached", "out", "USD"];
    private static readonly string[] Calls = ["time", "id", "vendor", "model", "outcome", "ms", "tokens in", "tokens out", "cost USD", "tags"];

    public static void Write(Terminal terminal, SummaryBy by, List<SummaryRow> rows)
    {
        string[] names = by switch
        {
            SummaryBy.Model => ["vendor", "model"],
            SummaryBy.Tag => ["tag", "value"],
            _ => [by.ToString().ToLowerInvariant()],
        };
        var most = rows.Select(row => row.Cost.Known.ToDecimal()).DefaultIfEmpty().Max();
        var isWatched = !Console.IsOutputRedirected;
        var lines = rows.Select(row => Line([row.Name, row.Value ?? ""], row, Bar(row.Cost.Known.ToDecimal(), most))).ToList();
        // A call is in several tags and budgets, so that their sums would count it more than once.
        if (rows.Count > 1 && by is not (SummaryBy.Tag or SummaryBy.Budget) && isWatched) lines.Add(Line(["all", ""], All(rows), ""));
        TextGrid.Write(terminal, isWatched ? [.. names, .. Sums, ""] : [.. names, .. Sums], lines);

        string[] Line(string[] name, SummaryRow row, string bar)
        {
            string[] line = [.. name[..names.Length], .. Of(row)];
            return isWatched ? [.. line, bar] : line;
        }
    }

    public static void Write(Terminal terminal, List<LedgerCall> calls, bool isFirst)
    {
        var rows = calls.Select(call => new[]
        {
            LedgerText.Of(call.StartedAt), call.Id, call.Provider, LedgerText.Line(call.Model), call.Outcome, LedgerText.Milliseconds(call.Latency),
            LedgerText.Of(call.Usage.InputTokens), LedgerText.Of(call.Usage.OutputTokens), LedgerText.Of(call.Cost), LedgerText.Line(LedgerText.Tags(call)),
        });
        if (Console.IsOutputRedirected && !isFirst) foreach (var row in rows) terminal.Output.WriteLine(string.Join('\t', row));
        else if (isFirst || calls.Count > 0) TextGrid.Write(terminal, Calls, rows);
    }

    private static string[] Of(SummaryRow row) =>
    [
        LedgerText.Of(row.Calls), LedgerText.Of(row.Failed), LedgerText.Of(row.Attempts), LedgerText.Of(row.Usage.InputTokens), LedgerText.Of(row.Usage.CacheReadTokens),
        LedgerText.Of(row.Usage.OutputTokens), LedgerText.Of(row.Cost),
    ];

    private static SummaryRow All(List<SummaryRow> rows) => new(
        "all", null, rows.Sum(r => r.Calls), rows.Sum(r => r.Failed), rows.Sum(r => r.Attempts),
        new TokenUsage { InputTokens = rows.Sum(r => r.Usage.InputTokens), CacheReadTokens = rows.Sum(r => r.Usage.CacheReadTokens), OutputTokens = rows.Sum(r => r.Usage.OutputTokens) },
        rows.Aggregate(default(LedgerCost), (sum, row) => sum + row.Cost));

    private static string Bar(decimal amount, decimal most) => most > 0m ? new string('█', (int)Math.Round(amount / most * BarWidth)) : "";
}
