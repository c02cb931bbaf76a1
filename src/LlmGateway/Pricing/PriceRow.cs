namespace LlmGateway.PriceData;

/// <summary>One row of the price book: a model's names and what it costs when.</summary>
internal sealed record PriceRow
{
    /// <summary>The vendor's one name.</summary>
    internal required string Provider { get; init; }

    /// <summary>The main name.</summary>
    internal required string Model { get; init; }

    /// <summary>All names, the main one first; patterns among them.</summary>
    internal required IReadOnlyList<string> Names { get; init; }

    /// <summary>The prices; the last that applies wins, and the first always applies.</summary>
    internal required IReadOnlyList<PriceEntry> Entries { get; init; }

    /// <summary>Where the row comes from.</summary>
    internal required string Source { get; init; }

    /// <summary>The price at this time.</summary>
    internal ModelPrice At(DateTimeOffset at)
    {
        for (var i = Entries.Count - 1; i > 0; i--)
            if (Entries[i].AppliesAt(at)) return Entries[i].Price;
        return Entries[0].Price;
    }

    /// <summary>Every price that holds at some moment from the first to the last: it changes only where a condition begins or ends.</summary>
    internal IEnumerable<ModelPrice> Between(DateTimeOffset from, DateTimeOffset to)
    {
        HashSet<DateTimeOffset> changes = [from];
        foreach (var entry in Entries)
        {
            if (entry.From is { } start) changes.Add(start);
            for (var day = new DateTimeOffset(from.UtcDateTime.Date, TimeSpan.Zero); day <= to; day = day.AddDays(1))
            {
                if (entry.Days is not null) changes.Add(day);
                if (entry.Window is not { } window) continue;
                changes.Add(day + window.Start.ToTimeSpan());
                changes.Add(day + window.End.ToTimeSpan());
            }
        }
        return changes.Where(change => change >= from && change <= to).Select(At).Distinct(ReferenceEqualityComparer.Instance).Cast<ModelPrice>();
    }
}

/// <summary>A price, and when it applies: all conditions that are set must hold.</summary>
internal sealed record PriceEntry(ModelPrice Price)
{
    /// <summary>The first moment of it.</summary>
    internal DateTimeOffset? From { get; init; }

    /// <summary>A daily window in UTC, its end excluded; it may pass midnight.</summary>
    internal (TimeOnly Start, TimeOnly End)? Window { get; init; }

    /// <summary>Days of the week in UTC; null = all.</summary>
    internal IReadOnlySet<DayOfWeek>? Days { get; init; }

    internal bool IsConditional => From is not null || Window is not null || Days is not null;

    internal bool AppliesAt(DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        return (From is not { } from || at >= from)
            && (Window is not { } window || TimeOnly.FromDateTime(utc).IsBetween(window.Start, window.End))
            && (Days is not { } days || days.Contains(utc.DayOfWeek));
    }
}
