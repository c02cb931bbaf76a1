namespace LlmGateway;

/// <summary>
/// One budget in one of its windows, for one value of its tag: what a store keeps count of. Immutable. Two are the same
/// account where their <see cref="Key"/> is; the limit comes with each reservation, so that a change of it holds at once.
/// </summary>
/// <param name="Key">The account's name in its store, unique to budget, value of the tag and window.</param>
/// <param name="Budget">The budget's name, with the value of its tag (<c>per-user/alice</c>) where it has one.</param>
/// <param name="LimitUsd">The most that may be spent and reserved in it, in US dollars; null for no limit.</param>
/// <param name="WindowStart">When the window began; null where it has none.</param>
/// <param name="WindowEnd">The first moment after the window; null where it has none.</param>
public sealed record BudgetAccount(string Key, string Budget, decimal? LimitUsd, DateTimeOffset? WindowStart = null, DateTimeOffset? WindowEnd = null);

/// <summary>What is spent and reserved in an account, at one moment.</summary>
/// <param name="Account">The account.</param>
/// <param name="SpentUsd">What attempts that are over cost, in US dollars; estimates of those whose cost is not known included.</param>
/// <param name="ReservedUsd">What attempts under way may cost.</param>
public sealed record BudgetBalance(BudgetAccount Account, decimal SpentUsd, decimal ReservedUsd);

/// <summary>How settling an attempt moved an account. Of all settlements in a window, one alone sees a given threshold between the two.</summary>
/// <param name="Account">The account.</param>
/// <param name="BeforeUsd">What was spent before it.</param>
/// <param name="AfterUsd">What was spent with it.</param>
public sealed record BudgetMovement(BudgetAccount Account, decimal BeforeUsd, decimal AfterUsd);
