using System.Collections.Concurrent;
using System.Globalization;

namespace LlmGateway.Budgets;

/// <summary>Finds the account that a call has in a budget at a time, and remembers it while its window lasts.</summary>
internal sealed class BudgetAccounts(Budget budget)
{
    /// <summary>How many values of a tag are remembered.</summary>
    private const int MaxRemembered = 4096;

    private readonly ConcurrentDictionary<string, BudgetAccount> _byValue = new(StringComparer.Ordinal);

    public Budget Budget => budget;

    /// <summary>The account; null where the budget is not one of the call's.</summary>
    public BudgetAccount? Of(IReadOnlyDictionary<string, string> tags, DateTimeOffset at)
    {
        foreach (var (tag, value) in budget.Only)
            if (!tags.TryGetValue(tag, out var own) || own != value) return null;

        var of = budget.Per is { } per ? tags.GetValueOrDefault(per, "") : "";
        if (_byValue.TryGetValue(of, out var known) && (known.WindowEnd is not { } end || (at < end && at >= known.WindowStart))) return known;
        if (_byValue.Count >= MaxRemembered) _byValue.Clear();
        return _byValue[of] = Open(of, at);
    }

    private BudgetAccount Open(string value, DateTimeOffset at)
    {
        var name = budget.Per is null ? budget.Name : $"{budget.Name}/{value}";
        var (start, end) = WindowOf(at);
        // The window stands first, since a tag's value may hold anything.
        var key = start is { } from ? string.Create(CultureInfo.InvariantCulture, $"{budget.Window.ToString().ToLowerInvariant()}:{from.UtcDateTime:yyyyMMdd'T'HHmm}:{name}") : $"total:{name}";
        return new BudgetAccount(key, name, budget.LimitUsd, start, end);
    }

    internal (DateTimeOffset? Start, DateTimeOffset? End) WindowOf(DateTimeOffset at)
    {
        if (budget.Window == BudgetWindow.Total) return (null, null);
        var local = TimeZoneInfo.ConvertTime(at, budget.TimeZone);
        switch (budget.Window)
        {
            case BudgetWindow.Minute:
            case BudgetWindow.Hour:
                var length = budget.Window == BudgetWindow.Minute ? TimeSpan.FromMinutes(1) : TimeSpan.FromHours(1);
                var start = local.AddTicks(-(local.Ticks % length.Ticks));
                return (start, start + length);
            case BudgetWindow.Day:
                return (MidnightOf(local.Date), MidnightOf(local.Date.AddDays(1)));
            default:
                var first = new DateTime(local.Year, local.Month, 1, 0, 0, 0, DateTimeKind.Unspecified);
                return (MidnightOf(first), MidnightOf(first.AddMonths(1)));
        }
    }

    /// <summary>The first moment of a date: where the clock skips midnight the moment it skips to, and where midnight comes twice the first.</summary>
    private DateTimeOffset MidnightOf(DateTime date)
    {
        date = DateTime.SpecifyKind(date, DateTimeKind.Unspecified);
        if (budget.TimeZone.IsInvalidTime(date))
        {
            // The offset before the gap says when it begins.
            return new DateTimeOffset(date, budget.TimeZone.GetUtcOffset(date.AddHours(-3)));
        }

        var offset = budget.TimeZone.IsAmbiguousTime(date) ? budget.TimeZone.GetAmbiguousTimeOffsets(date).Max() : budget.TimeZone.GetUtcOffset(date);
        return new DateTimeOffset(date, offset);
    }
}
