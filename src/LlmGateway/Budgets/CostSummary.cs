using System.Globalization;
using System.Text;

namespace LlmGateway;

/// <summary>What has been used and spent, at one moment. Immutable.</summary>
/// <param name="CallCount">Calls that sent at least one request.</param>
/// <param name="Usage">All tokens and what they cost; its costs are null where the price of any of it is unknown.</param>
/// <param name="KnownCostUsd">The sum of all that has a price, in US dollars.</param>
/// <param name="UnpricedAttempts">Requests whose price is unknown, which <paramref name="KnownCostUsd"/> leaves out.</param>
/// <param name="Models">The same by provider and model, sorted.</param>
public sealed record CostSummary(int CallCount, TokenUsage Usage, decimal KnownCostUsd, int UnpricedAttempts, IReadOnlyList<ModelCost> Models)
{
    /// <summary>The summary for people: one line for the whole, one for each model.</summary>
    /// <returns>Lines without a final line break; amounts in full.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{CallCount} call{(CallCount == 1 ? "" : "s")}, {Usage.InputTokens} tokens in, {Usage.OutputTokens} out, ${KnownCostUsd}");
        if (UnpricedAttempts > 0) text.Append(CultureInfo.InvariantCulture, $" and {UnpricedAttempts} request{(UnpricedAttempts == 1 ? "" : "s")} of unknown price");
        foreach (var model in Models)
        {
            var cost = model.Usage.TotalCostUsd is { } known ? $"${known.ToString(CultureInfo.InvariantCulture)}" : "price unknown";
            text.Append(CultureInfo.InvariantCulture, $"\n  {model.Provider}/{model.Model}: {model.Attempts} request{(model.Attempts == 1 ? "" : "s")}, {model.Usage.InputTokens} in, {model.Usage.OutputTokens} out, {cost}");
        }

        return text.ToString();
    }
}

/// <summary>What one model of one provider has used and cost.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Model">The model that answered, or was asked.</param>
/// <param name="Attempts">Requests that were made.</param>
/// <param name="Usage">Their tokens and cost.</param>
public sealed record ModelCost(string Provider, string Model, int Attempts, TokenUsage Usage);
