using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Budgets;

/// <summary>Says that a threshold is passed. Every settlement has its own before and after, so that one alone sees a crossing.</summary>
internal sealed class BudgetAlerts(GatewayConfig config, Action<BudgetAlert>? callback, ILogger logger)
{
    private readonly Dictionary<string, IReadOnlyList<decimal>> _thresholds = config.Budgets.ToDictionary(budget => budget.Name, budget => budget.WarnAt, StringComparer.Ordinal);

    public void Look(IReadOnlyList<BudgetMovement> movements)
    {
        foreach (var (account, before, after) in movements)
        {
            if (account.LimitUsd is not { } limit || after <= before) continue;
            foreach (var threshold in ThresholdsOf(account))
            {
                if (after < threshold * limit || (before >= threshold * limit && before > 0m)) continue;
                var alert = new BudgetAlert(account.Budget, threshold, after, limit, account.WindowStart);
                logger.BudgetThreshold(account.Budget, after, threshold * 100m, limit);
                CallTelemetry.CountAlert(alert);
                Call(alert);
            }
        }
    }

    /// <summary>A threshold of 0 is crossed by the first thing that costs anything.</summary>
    public void LookAtWarning(decimal before, decimal after)
    {
        if (config.CostWarnUsd is { } threshold && after > before && after >= threshold && (before < threshold || before == 0m)) logger.CostWarning(after, threshold);
    }

    private IReadOnlyList<decimal> ThresholdsOf(BudgetAccount account)
    {
        if (ClientBudget.Is(account)) return config.CostWarnAt;
        // The value of a tag stands behind the name and a slash, which no name has.
        var slash = account.Budget.IndexOf('/', StringComparison.Ordinal);
        return _thresholds.GetValueOrDefault(slash < 0 ? account.Budget : account.Budget[..slash], []);
    }

    private void Call(BudgetAlert alert)
    {
        try
        {
            callback?.Invoke(alert);
        }
        catch (Exception e)
        {
            logger.BudgetCallbackFailed(e, alert.Budget);
        }
    }
}
