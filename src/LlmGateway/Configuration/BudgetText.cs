using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace LlmGateway.Configuration;

/// <summary>
/// Budgets and tags as one line of text. A budget is <c>name=USD</c>, then, each where wanted, <c>/window</c>,
/// <c>@time zone</c>, <c> per tag</c> and <c> if tag=value</c>: <c>team=10/day@Europe/Berlin if team=search, each=1/day per user</c>.
/// </summary>
internal static class BudgetText
{
    public const string Allowed = "a list of budgets, each name once, such as team=10/day@Europe/Berlin if team=search, each=1/hour per user";

    public static bool TryRead(string text, out IReadOnlyList<Budget> budgets)
    {
        List<Budget> read = [];
        budgets = read;
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryReadOne(item, out var budget) || read.Exists(b => b.Name == budget.Name)) return false;
            read.Add(budget);
        }

        return true;
    }

    public static string? Write(IReadOnlyList<Budget> budgets)
    {
        if (budgets.Count == 0) return null;
        var text = new StringBuilder();
        foreach (var budget in budgets)
        {
            if (text.Length > 0) text.Append(", ");
            text.Append(CultureInfo.InvariantCulture, $"{budget.Name}={budget.LimitUsd}");
            if (budget.Window != BudgetWindow.Total) text.Append('/').Append(budget.Window.ToString().ToLowerInvariant());
            if (budget.TimeZone.Id != TimeZoneInfo.Utc.Id) text.Append('@').Append(budget.TimeZone.Id);
            if (budget.Per is { } per) text.Append(" per ").Append(per);
            foreach (var (tag, value) in budget.Only) text.Append(" if ").Append(tag).Append('=').Append(value);
        }

        return text.ToString();
    }

    public static bool TryReadTags(string text, out IReadOnlyDictionary<string, string> tags)
    {
        var read = new SortedDictionary<string, string>(StringComparer.Ordinal);
        tags = read;
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = item.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0 || !read.TryAdd(parts[0], parts[1])) return false;
        }

        return true;
    }

    public static string? WriteTags(IReadOnlyDictionary<string, string> tags)
        => tags.Count == 0 ? null : string.Join(",", tags.Select(tag => $"{tag.Key}={tag.Value}"));

    private static bool TryReadOne(string item, [NotNullWhen(true)] out Budget? budget)
    {
        budget = null;
        var words = item.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var head = words[0].Split('=', 2);
        if (head.Length != 2) return false;
        var zoned = head[1].Split('@', 2);
        var windowed = zoned[0].Split('/', 2);
        if (!decimal.TryParse(windowed[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var limit)) return false;
        var window = BudgetWindow.Total;
        if (windowed.Length == 2 && !Enum.GetValues<BudgetWindow>().Any(w => (window = w).ToString().Equals(windowed[1], StringComparison.OrdinalIgnoreCase))) return false;
        var zone = TimeZoneInfo.Utc;
        if (zoned.Length == 2 && !TimeZoneInfo.TryFindSystemTimeZoneById(zoned[1], out zone)) return false;
        string? per = null;
        var only = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i < words.Length; i += 2)
        {
            if (i + 1 == words.Length) return false;
            if (words[i] == "per" && per is null) per = words[i + 1];
            else if (words[i] != "if" || words[i + 1].Split('=', 2) is not [{ Length: > 0 } tag, { Length: > 0 } value] || !only.TryAdd(tag, value)) return false;
        }

        try
        {
            budget = new Budget(head[0]) { LimitUsd = limit, Window = window, TimeZone = zone!, Per = per, Only = only };
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
