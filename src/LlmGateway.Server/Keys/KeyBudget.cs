using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LlmGateway.Server.Keys;

/// <summary>What a key may spend in a window.</summary>
/// <param name="LimitUsd">In US dollars, at least 0.</param>
/// <param name="Window">Until when. Windows of the calendar are UTC's.</param>
internal sealed record KeyBudget(decimal LimitUsd, BudgetWindow Window)
{
    /// <summary>What <see cref="TryParse"/> takes.</summary>
    public const string Allowed = "US dollars, or US dollars by minute, hour, day or month, such as 20 or 20/month";

    /// <summary>The limit above which nothing can be counted exactly.</summary>
    public const decimal MostUsd = 1_000_000_000m;

    public static IReadOnlyList<string> Windows { get; } = [.. Enum.GetValues<BudgetWindow>().Select(WordOf)];

    /// <summary>The window as text: <c>total</c>, <c>month</c>.</summary>
    public string WindowWord => WordOf(Window);

    /// <summary>As <see cref="Budget"/>s are named in the ledger and in errors.</summary>
    public static string NameOf(string keyId, BudgetWindow window) => $"key-{keyId}-{WordOf(window)}";

    public Budget ToBudget(string keyId) => new(NameOf(keyId, Window)) { LimitUsd = LimitUsd, Window = Window };

    public static bool TryParseWindow(string? text, out BudgetWindow window)
    {
        foreach (var known in Enum.GetValues<BudgetWindow>())
        {
            window = known;
            if (WordOf(known) == text) return true;
        }

        window = default;
        return false;
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out KeyBudget? budget)
    {
        budget = null;
        var parts = text.Split('/', 2, StringSplitOptions.TrimEntries);
        var window = BudgetWindow.Total;
        if (!decimal.TryParse(parts[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var limit) || limit > MostUsd) return false;
        if (parts.Length == 2 && !TryParseWindow(parts[1], out window)) return false;
        budget = new KeyBudget(limit, window);
        return true;
    }

    public override string ToString() => Window == BudgetWindow.Total ? Money.ToExactString(LimitUsd) : $"{Money.ToExactString(LimitUsd)}/{WindowWord}";

    private static string WordOf(BudgetWindow window) => window.ToString().ToLowerInvariant();
}
