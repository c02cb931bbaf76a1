using System.Collections.Concurrent;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Budget;

/// <summary>
/// Stands before and after every attempt: admits it or refuses it, and books what it cost. The one place where a
/// client's money is counted.
/// </summary>
/// <remarks>
/// Admission compares what has been spent with the limit, so calls under way at the same time can pass it together.
/// <see cref="Admit"/> is where a reservation of an attempt's worst cost belongs, and <see cref="Settle"/> where it ends.
/// </remarks>
internal sealed class BudgetGate(GatewayConfig config, CostTracker tracker, PriceBook prices, ILogger logger)
{
    private readonly ConcurrentDictionary<(string Provider, string Model), bool> _warnedOfUnpriced = new();

    public CostTracker Tracker { get; } = tracker;

    /// <exception cref="CostLimitExceededException">The limit is reached, or could not be kept.</exception>
    public void Admit(ILlmProvider provider, string model, DateTimeOffset at)
    {
        if (config.CostLimitUsd is not { } limit) return;
        var spent = Tracker.KnownCostUsd;
        if (provider.Billing == ProviderBilling.Free) return;
        if (provider.Billing == ProviderBilling.PriceBook)
        {
            var match = prices.Find(provider.Name, model, at) ?? throw CostLimitExceededException.Unpriced(limit, spent, provider.Name, model);
            if (match.Price.IsFree) return;
        }

        if (spent >= limit) throw CostLimitExceededException.Reached(limit, spent);
    }

    /// <summary>What of the limit is left in US dollars, never below 0; null where there is no limit.</summary>
    public decimal? RemainingUsd => config.CostLimitUsd is { } limit ? Math.Max(0m, limit - Tracker.KnownCostUsd) : null;

    /// <summary>Prices what an attempt used and books it.</summary>
    /// <returns>The usage with its cost.</returns>
    public TokenUsage Settle(ILlmProvider provider, string requestedModel, LlmReply reply, TokenUsage usage, DateTimeOffset at)
    {
        var (model, priced) = Price(provider, requestedModel, reply, usage, at);
        if (priced.TotalCostUsd is null && _warnedOfUnpriced.TryAdd((provider.Name, model), true)) logger.UnknownPrice(provider.Name, model);
        var (before, after) = Tracker.AddAttempt(provider.Name, model, priced);
        if (Crosses(config.CostWarnUsd)) logger.CostWarning(after, config.CostWarnUsd!.Value);
        if (Crosses(config.CostLimitUsd)) logger.CostLimitCrossed(after, config.CostLimitUsd!.Value);
        return priced;

        // Each attempt has its own "before" and "after", so exactly one sees the crossing, however many run at once.
        // A threshold of 0 is crossed by the first thing that costs anything.
        bool Crosses(decimal? threshold) => threshold is { } t && after > before && after >= t && (before < t || before == 0m);
    }

    /// <summary>By the model that answered, as vendors bill; by the one asked where the book knows only that.</summary>
    private (string Model, TokenUsage Usage) Price(ILlmProvider provider, string requestedModel, LlmReply reply, TokenUsage usage, DateTimeOffset at)
    {
        var answered = reply.Model ?? requestedModel;
        if (reply.ReportedCostUsd is { } reported) return (answered, Costing(usage, reported));
        if (provider.Billing == ProviderBilling.Free) return (answered, Costing(usage, 0m));
        if (provider.Billing == ProviderBilling.Reported) return (answered, usage);
        var priced = prices.Find(provider.Name, answered, at) is null ? requestedModel : answered;
        return (answered, prices.Price(provider.Name, new VendorReply { Model = priced, Usage = usage, Billing = reply.Billing }, new PriceContext { At = at, Region = provider.BillingRegion }).Usage);
    }

    /// <summary>One sum does not say what part was for input, unless it is 0.</summary>
    private static TokenUsage Costing(TokenUsage usage, decimal total)
    {
        decimal? part = total == 0m ? 0m : null;
        return usage with { InputCostUsd = part, OutputCostUsd = part, FeesCostUsd = part, TotalCostUsd = total };
    }
}
