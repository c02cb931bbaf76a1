namespace LlmGateway.Sqlite;

/// <summary>Sums over a time: whole hours from what was summed at writing, the pieces of hours at its ends from the calls themselves.</summary>
internal sealed class LedgerSummary(Database database)
{
    private const string Sums = "sum(calls), sum(failed), sum(attempts), sum(input_tokens), sum(cache_read_tokens), sum(cache_write_tokens), sum(output_tokens), sum(reasoning_tokens), sum(cost_nano), sum(cost_middle), sum(cost_low), sum(unpriced), sum(estimated)";
    private const string Columns = "calls, failed, attempts, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_nano, cost_middle, cost_low, unpriced, estimated";
    private const string OfCall = "1 AS calls, c.outcome <> 'succeeded' AS failed, c.attempts, c.input_tokens, c.cache_read_tokens, c.cache_write_tokens, c.output_tokens, c.reasoning_tokens, c.cost_nano, c.cost_middle, c.cost_low, c.unpriced, c.estimated";
    private const string InEdges = "((c.started_at >= ?3 AND c.started_at < ?4) OR (c.started_at >= ?5 AND c.started_at < ?6))";
    private const long MicrosecondsPerDay = 24 * TotalsBook.MicrosecondsPerHour;

    /// <param name="by">By what.</param>
    /// <param name="tag">The tag whose values are wanted; null for all tags.</param>
    /// <param name="since">The first moment, or null.</param>
    /// <param name="until">The first moment after, or null.</param>
    /// <returns>Days in order; anything else the dearest first.</returns>
    public List<SummaryRow> Read(SummaryBy by, string? tag, DateTimeOffset? since, DateTimeOffset? until)
    {
        var range = Hours.Of(since, until);
        using var rows = database.Prepare(Sql(by, tag, range.HasEdges));
        rows.Set(1, range.First).Set(2, range.End);
        if (range.HasEdges) rows.Set(3, range.EdgeA.From).Set(4, range.EdgeA.To).Set(5, range.EdgeB.From).Set(6, range.EdgeB.To);
        if (by == SummaryBy.Tag && tag is not null) rows.Set(7, tag);
        var summary = new List<SummaryRow>();
        while (rows.Step()) summary.Add(Row(rows, by));
        return by == SummaryBy.Day ? summary : [.. summary.OrderByDescending(r => r.Cost.Known.Units).ThenBy(r => r.Name, StringComparer.Ordinal).ThenBy(r => r.Value, StringComparer.Ordinal)];
    }

    private static string Sql(SummaryBy by, string? tag, bool hasEdges)
    {
        var dimension = by switch { SummaryBy.Tag => TotalsDimension.Tag, SummaryBy.Budget => TotalsDimension.Budget, _ => TotalsDimension.Model };
        var isNamed = by == SummaryBy.Tag && tag is not null;
        var inner = $"SELECT name, value, hour / 24 AS day, {Columns} FROM totals WHERE dimension = {(int)dimension} AND hour >= ?1 AND hour < ?2{(isNamed ? " AND name = ?7" : "")}";
        if (hasEdges) inner += " UNION ALL " + Edges(dimension, isNamed);
        var key = by switch
        {
            SummaryBy.Day => "day, ''",
            SummaryBy.Model or SummaryBy.Tag => "name, value",
            _ => "name, ''",
        };
        return $"SELECT {key}, {Sums} FROM ({inner}) GROUP BY 1, 2 ORDER BY 1, 2";
    }

    private static string Edges(TotalsDimension dimension, bool isNamed)
    {
        var day = $"c.started_at / {MicrosecondsPerDay}";
        return dimension switch
        {
            TotalsDimension.Tag => $"SELECT t.name, t.value, {day}, {OfCall} FROM calls c JOIN call_tags t ON t.call = c.seq WHERE {InEdges}{(isNamed ? " AND t.name = ?7" : "")}",
            TotalsDimension.Budget => $"SELECT b.budget, '', {day}, {OfCall} FROM calls c JOIN call_budgets b ON b.call = c.seq WHERE {InEdges}",
            _ => $"""
                SELECT c.provider, c.model, {day}, 1, c.outcome <> 'succeeded', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM calls c WHERE {InEdges}
                UNION ALL SELECT a.provider, coalesce(a.answered_model, a.model), {day}, 0, 0, 1, a.input_tokens, a.cache_read_tokens, a.cache_write_tokens, a.output_tokens, a.reasoning_tokens,
                    coalesce(a.cost_nano, 0), coalesce(a.cost_middle, 0), coalesce(a.cost_low, 0), a.cost_nano IS NULL, a.estimated OR a.basis <> 'counted'
                FROM calls c JOIN attempts a ON a.call = c.seq WHERE {InEdges}
                """,
        };
    }

    private static SummaryRow Row(Statement row, SummaryBy by)
    {
        var name = by == SummaryBy.Day ? Words.Time(row.Long(0) * MicrosecondsPerDay).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : row.Text(0);
        var usage = new TokenUsage
        {
            InputTokens = row.Long(5),
            CacheReadTokens = row.Long(6),
            CacheWriteTokens = row.Long(7),
            OutputTokens = row.Long(8),
            ReasoningTokens = row.Long(9),
        };
        return new SummaryRow(
            name, by is SummaryBy.Model or SummaryBy.Tag ? row.Text(1) : null, row.Long(2), row.Long(3), row.Long(4), usage,
            new LedgerCost(Usd.OfParts(row.Long(10), row.Long(11), row.Long(12)), row.Long(13), row.Long(14)));
    }

    /// <summary>A time as whole hours and what is left of it before and after them.</summary>
    private sealed record Hours(long First, long End, (long From, long To) EdgeA, (long From, long To) EdgeB)
    {
        public bool HasEdges => EdgeA.From < EdgeA.To || EdgeB.From < EdgeB.To;

        public static Hours Of(DateTimeOffset? since, DateTimeOffset? until)
        {
            const long hour = TotalsBook.MicrosecondsPerHour;
            long? from = since is { } s ? Words.Microseconds(s) : null;
            long? to = until is { } u ? Words.Microseconds(u) : null;
            var first = from is { } f ? TotalsBook.HourOf(f + hour - 1) : long.MinValue;
            var end = to is { } t ? TotalsBook.HourOf(t) : long.MaxValue;
            if (first > end) return new Hours(0, 0, (from!.Value, to!.Value), default);
            return new Hours(first, end, from is { } a ? (a, first * hour) : default, to is { } b ? (end * hour, b) : default);
        }
    }
}
