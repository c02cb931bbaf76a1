using LlmGateway.Routing.Targets;

namespace LlmGateway.Routing.Policies;

/// <summary>A target's price, straightened for comparing: no steps by size, no cache. For choosing only, never for a bill.</summary>
/// <param name="Request">US dollars a request; infinite where the price is not known.</param>
/// <param name="Input">US dollars an input token.</param>
/// <param name="Output">US dollars an output token.</param>
internal readonly record struct LinearPrice(double Request, double Input, double Output)
{
    private const long Sample = 1000;

    private static LinearPrice Unknown => new(double.PositiveInfinity, 0, 0);

    /// <summary>The price at a moment, by the region that the provider is billed in.</summary>
    public static LinearPrice Of(Target target, PriceBook prices, DateTimeOffset at)
    {
        if (target.Provider.Billing == ProviderBilling.Free) return default;
        if (target.Provider.Billing == ProviderBilling.Reported || prices.Find(target.Provider.Name, target.Model, at) is null) return Unknown;
        var usage = new TokenUsage { InputTokens = Sample, OutputTokens = Sample };
        var context = new PriceContext { At = at, Region = target.Provider.BillingRegion };
        var priced = prices.Price(target.Provider.Name, new VendorReply { Model = target.Model, Usage = usage }, context).Usage;
        return priced is { InputCostUsd: { } input, OutputCostUsd: { } output }
            ? new LinearPrice((double)(priced.FeesCostUsd ?? 0m), (double)input / Sample, (double)output / Sample)
            : Unknown;
    }
}
