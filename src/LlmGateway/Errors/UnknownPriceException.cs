namespace LlmGateway;

/// <summary>A request was refused before it was sent, because its price is unknown and <c>LLM_UNKNOWN_PRICE</c> is <c>refuse</c>. Where a limit is set, that is a <see cref="CostLimitExceededException"/>.</summary>
public sealed class UnknownPriceException : GatewayException
{
    internal UnknownPriceException(string provider, string model)
        : base($"The price of model '{model}' of provider '{provider}' is unknown, and LLM_UNKNOWN_PRICE is refuse. The request was not sent. Give the price with Pricing.Register or LLM_PRICES_FILE, or set LLM_UNKNOWN_PRICE to warn.")
    {
        Provider = provider;
        Model = model;
    }

    /// <summary>The provider.</summary>
    public string Provider { get; }

    /// <summary>The model.</summary>
    public string Model { get; }
}
