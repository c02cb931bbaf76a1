using System.Globalization;

namespace LlmGateway;

/// <summary>A call was refused before it was sent, to keep a limit on cost. Nothing was spent by it.</summary>
public sealed class CostLimitExceededException : GatewayException
{
    internal CostLimitExceededException(string message, decimal limitUsd, decimal spentUsd)
        : base(message)
    {
        LimitUsd = limitUsd;
        SpentUsd = spentUsd;
    }

    /// <summary>The limit in US dollars.</summary>
    public decimal LimitUsd { get; }

    /// <summary>What had been spent against it in US dollars.</summary>
    public decimal SpentUsd { get; }

    internal static CostLimitExceededException Reached(decimal limit, decimal spent) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"The cost limit of ${limit} is reached: ${spent} is spent. The request was not sent. Raise LLM_COST_LIMIT_USD, or use a new client."),
        limit, spent);

    internal static CostLimitExceededException Unpriced(decimal limit, decimal spent, string provider, string model) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"A cost limit of ${limit} is set, and the price of model '{model}' of provider '{provider}' is unknown, so the limit could not be kept. The request was not sent. Give the price with Pricing.Register or LLM_PRICES_FILE, or remove LLM_COST_LIMIT_USD."),
        limit, spent);
}
