using CsCheck;

namespace LlmGateway.Sqlite.Tests;

public sealed class SummaryTests
{
    private static readonly string[] Users = ["alice", "bob"];

    [Fact]
    public async Task It_is_by_day_model_vendor_tag_and_budget()
    {
        using var file = new LedgerFile();
        await using (var ledger = file.Open())
        {
            await ledger.WriteAsync(Some.Record("c1", Some.Attempt(1, 0.5m, "anthropic", "claude-y") with { Outcome = CallOutcome.Failed }, Some.Attempt(2, 0.25m)) with { Tags = new Dictionary<string, string> { ["user"] = "alice" }, Budgets = ["team", "all", "all"] });
            await ledger.WriteAsync(Some.Record("c2", Some.Attempt(1, null)) with { StartedAt = LedgerFile.Start.AddDays(1), Outcome = CallOutcome.Invalid, Tags = new Dictionary<string, string> { ["user"] = "bob" }, Budgets = ["all"] });
        }

        using var reader = file.Read();

        Assert.Equal(["2026-03-01  1/0/2 0.75+0?", "2026-03-02  1/1/1 0+1?"], Lines(reader.Summary(SummaryBy.Day, null, null, null)));
        Assert.Equal(["anthropic claude-y 0/0/1 0.5+0?", "openai gpt-x 2/1/2 0.25+1?"], Lines(reader.Summary(SummaryBy.Model, null, null, null)));
        Assert.Equal(["anthropic  0/0/1 0.5+0?", "openai  2/1/2 0.25+1?"], Lines(reader.Summary(SummaryBy.Vendor, null, null, null)));
        Assert.Equal(["user alice 1/0/2 0.75+0?", "user bob 1/1/1 0+1?"], Lines(reader.Summary(SummaryBy.Tag, "user", null, null)));
        Assert.Empty(reader.Summary(SummaryBy.Tag, "team", null, null));
        Assert.Equal(["all  2/1/3 0.75+1?", "team  1/0/2 0.75+0?"], Lines(reader.Summary(SummaryBy.Budget, null, null, null)));
    }

    /// <summary>The oracle adds decimals over a list.</summary>
    [Fact]
    public async Task Over_any_time_it_is_the_sum_of_the_calls_in_it()
    {
        using var file = new LedgerFile();
        var calls = Gen.Select(Gen.Int[0, 72 * 60], Gen.Decimal[0m, 1m], Gen.Int[0, 1], Gen.Int[0, 5]).Select((minutes, cost, user, kind) => (At: LedgerFile.Start.AddMinutes(minutes), Cost: decimal.Round(cost, 18), User: Users[user], IsUnpriced: kind == 0)).Array[120].Single();
        await using (var ledger = file.Open())
        {
            for (var n = 0; n < calls.Length; n++)
            {
                await ledger.WriteAsync(Some.Record($"c{n}", Some.Attempt(1, calls[n].IsUnpriced ? null : calls[n].Cost, model: $"m{n % 3}")) with { StartedAt = calls[n].At, Tags = new Dictionary<string, string> { ["user"] = calls[n].User }, Budgets = ["all"] });
            }
        }

        using var reader = file.Read();
        Gen.Select(Gen.Int[-30, 75 * 60], Gen.Int[0, 75 * 60]).Sample(
            (begin, length) =>
            {
                var (since, until) = (LedgerFile.Start.AddMinutes(begin), LedgerFile.Start.AddMinutes(begin + length));
                var inside = calls.Where(c => c.At >= since && c.At < until).ToList();
                var known = inside.Where(c => !c.IsUnpriced).Aggregate(Usd.Zero, (sum, c) => sum + Usd.Of(c.Cost));
                foreach (var by in Enum.GetValues<SummaryBy>())
                {
                    var rows = reader.Summary(by, by == SummaryBy.Tag ? "user" : null, since, until);
                    Assert.Equal(known, rows.Aggregate(Usd.Zero, (sum, r) => sum + r.Cost.Known));
                    Assert.Equal((inside.Count, inside.Count, inside.Count(c => c.IsUnpriced)), (rows.Sum(r => r.Calls), rows.Sum(r => r.Attempts), rows.Sum(r => r.Cost.Unpriced)));
                }

                Assert.Equal(inside.GroupBy(c => c.User).Select(g => g.Key).Order(), reader.Summary(SummaryBy.Tag, "user", since, until).Select(r => r.Value).Order());
                Assert.Equal(inside.Count, reader.Between(since, until).Count());
            },
            iter: 200,
            threads: 1);
    }

    private static IEnumerable<string> Lines(List<SummaryRow> rows) => rows.Select(r => $"{r.Name} {r.Value} {r.Calls}/{r.Failed}/{r.Attempts} {r.Cost.Known}+{r.Cost.Unpriced}?");
}
