using System.Collections.ObjectModel;

namespace LlmGateway;

/// <summary>
/// A limit on what calls may cost: for whom, how much, and in which window of time. A call must fit all of its budgets.
/// Immutable. Budgets of one name in one <see cref="IBudgetStore"/> are one budget, whichever client they are given to.
/// </summary>
public sealed record Budget
{
    /// <summary>A budget.</summary>
    /// <param name="name">Its name: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, 1 to 64.</param>
    /// <exception cref="ArgumentException">The name is empty, too long, or has another character.</exception>
    public Budget(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw new ArgumentException($"'{name}' is no name of a budget: 1 to 64 letters, digits, '-', '_' and '.' are.", nameof(name));
        Name = name;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The most that may be spent in one window, in US dollars, at least 0; null to count without a limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public decimal? LimitUsd
    {
        get;
        init
        {
            if (value is { } limit) ArgumentOutOfRangeException.ThrowIfNegative(limit, nameof(LimitUsd));
            field = value;
        }
    }

    /// <summary>The time after which it begins anew. Default <see cref="BudgetWindow.Total"/>: never. What an attempt costs counts in the window in which it began.</summary>
    public BudgetWindow Window { get; init; } = BudgetWindow.Total;

    /// <summary>Where the clock hangs by which hours, days and months begin. Default UTC.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>
    /// The parts of the limit at which it is said that so much is spent, each once a window: 0.5 for half. Ascending, above 0.
    /// Default 0.5, 0.8 and 1. Never null.
    /// </summary>
    /// <exception cref="ArgumentException">Not ascending, or not above 0.</exception>
    public IReadOnlyList<decimal> WarnAt
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(WarnAt));
            for (var i = 0; i < value.Count; i++)
                if (value[i] <= (i == 0 ? 0m : value[i - 1])) throw new ArgumentException("The thresholds must ascend from above 0.", nameof(WarnAt));
            field = Array.AsReadOnly([.. value]);
        }
    } = [0.5m, 0.8m, 1m];

    /// <summary>
    /// The tag of whose every value there is a budget of its own, such as <c>user</c>; null for one budget for all. Calls
    /// without the tag share one.
    /// </summary>
    public string? Per { get; init; }

    /// <summary>The tags that a call must have for the budget to be one of its own. Default none: every call. Never null.</summary>
    public IReadOnlyDictionary<string, string> Only { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}

/// <summary>How long a budget runs until it begins anew.</summary>
public enum BudgetWindow
{
    /// <summary>For ever.</summary>
    Total,

    /// <summary>A minute of the clock.</summary>
    Minute,

    /// <summary>An hour of the clock.</summary>
    Hour,

    /// <summary>A day of the calendar.</summary>
    Day,

    /// <summary>A month of the calendar.</summary>
    Month,
}
