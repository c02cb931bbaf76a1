namespace LlmGateway;

/// <summary>A threshold of a budget was passed.</summary>
/// <param name="Budget">The budget's name, with the value of its tag where it has one; <c>client</c> for <see cref="GatewayConfig.CostLimitUsd"/>.</param>
/// <param name="Threshold">The part of the limit that was passed: 0.8 for 80 %.</param>
/// <param name="SpentUsd">What is spent, in US dollars.</param>
/// <param name="LimitUsd">The limit.</param>
/// <param name="WindowStart">When the budget's window began; null where it has none.</param>
public sealed record BudgetAlert(string Budget, decimal Threshold, decimal SpentUsd, decimal LimitUsd, DateTimeOffset? WindowStart);
