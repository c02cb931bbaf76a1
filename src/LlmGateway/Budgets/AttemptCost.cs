using LlmGateway.Telemetry;

namespace LlmGateway.Budgets;

/// <summary>What an attempt may cost, before it is sent, and what it did cost, after it.</summary>
internal sealed class AttemptCost(PriceBook prices, BudgetReserve reserve)
{
    /// <summary>Stands for a cost that is not known and not nothing: a limit that is reached has no room for it.</summary>
    private const decimal Least = 0.000000000000000001m;

    /// <summary>What is to be set aside for an attempt. The tracker says what the model's attempts cost on average, where nothing else does.</summary>
    public AttemptAmount Ahead(ILlmProvider provider, LlmRequest request, string operation, DateTimeOffset at, CostTracker tracker)
    {
        if (provider.Billing == ProviderBilling.Free) return new AttemptAmount(0m, null, false, 0m);
        if (provider.Billing == ProviderBilling.Reported)
        {
            var average = tracker.AverageCostOf(provider.Name, request.Model) ?? Least;
            return reserve == BudgetReserve.Estimate
                ? new AttemptAmount(average, null, false, average)
                : new AttemptAmount(null, $"{provider.Name} says what a request cost only after it", false, average);
        }

        if (prices.Find(provider.Name, request.Model, at) is not { Price: var price, Row: var row }) return AttemptAmount.Unpriced;
        if (price.IsFree) return new AttemptAmount(0m, null, false, 0m);
        long output = operation == TelemetryNames.OperationEmbeddings ? 0 : request.MaxTokens ?? provider.GetCapabilities(request.Model).MaxOutputTokens ?? -1;
        var answer = Math.Max(output, 0);
        var context = new PriceContext { At = at, Region = provider.BillingRegion, ServiceTier = request.ServiceTier };
        if (reserve == BudgetReserve.Estimate) return Estimate() is { } usual ? new AttemptAmount(Math.Max(usual, Least), null, false, usual) : AttemptAmount.Unpriced;

        if (!provider.IsCostBounded) return Unbounded($"{provider.Name} adds to a request, or ignores its limit of tokens");
        // https://docs.perplexity.ai/getting-started/pricing: each search, and what it reads, is billed on top.
        if (row.Contains("deep-research", StringComparison.Ordinal)) return Unbounded("the model searches by itself, as often as it likes, and each search is billed");
        var window = provider.GetCapabilities(request.Model).ContextWindow;
        if (output < 0) output = window ?? -1; // No answer is longer than all that the model can hold.
        if (output < 0) return Unbounded("neither the request nor the model has a limit of output tokens");
        var (input, why) = InputBound.Of(request, provider.Name, window);
        if (input is null) return Unbounded(why!);
        return prices.Bound(provider.Name, request.Model, input.Value, output, context) is { } most
            ? new AttemptAmount(most, null, false, null)
            : Unbounded("a part of it has a price that is not known");

        AttemptAmount Unbounded(string because) => new(null, because, false, Estimate());

        decimal? Estimate() => prices.Price(provider.Name, new VendorReply { Model = request.Model, Usage = UsageEstimate.Of(request, new LlmReply()) with { OutputTokens = answer } }, context).Usage.TotalCostUsd;
    }

    /// <summary>By the model that answered, as vendors bill; by the one asked where the book knows only that.</summary>
    public (string Model, PricedReply Priced) Of(ILlmProvider provider, LlmRequest request, LlmReply reply, TokenUsage usage, DateTimeOffset at)
    {
        var answered = reply.Model ?? request.Model;
        if (reply.ReportedCostUsd is { } reported) return (answered, Costing(usage, reported));
        if (provider.Billing == ProviderBilling.Free) return (answered, Costing(usage, 0m));
        if (provider.Billing == ProviderBilling.Reported) return (answered, new PricedReply { Usage = usage, UnpricedBecause = "the provider did not say what it cost" });
        var priced = prices.Find(provider.Name, answered, at) is null ? request.Model : answered;
        var context = new PriceContext { At = at, Region = provider.BillingRegion, ServiceTier = request.ServiceTier };
        try
        {
            return (answered, prices.Price(provider.Name, new VendorReply { Model = priced, Usage = usage, Billing = reply.Billing }, context));
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            // The answer is there. Counts that can't be make its cost unknown, not the answer an error.
            return (answered, new PricedReply { Usage = usage, UnpricedBecause = e.Message });
        }
    }

    /// <summary>One sum does not say what part was for input, unless it is 0.</summary>
    private static PricedReply Costing(TokenUsage usage, decimal total)
    {
        decimal? part = total == 0m ? 0m : null;
        return new PricedReply { Usage = usage with { InputCostUsd = part, OutputCostUsd = part, FeesCostUsd = part, TotalCostUsd = total } };
    }
}

/// <summary>What is to be set aside for an attempt.</summary>
/// <param name="Usd">The amount; null where there is none.</param>
/// <param name="WhyUnbounded">Why there is no amount, in words; null where there is one, and where the price is unknown.</param>
/// <param name="IsUnpriced">Whether the price is unknown.</param>
/// <param name="Estimate">What it would cost by estimate; null where not even that is known, and where a bound makes it needless.</param>
internal readonly record struct AttemptAmount(decimal? Usd, string? WhyUnbounded, bool IsUnpriced, decimal? Estimate)
{
    public static AttemptAmount Unpriced { get; } = new(null, null, true, null);
}
