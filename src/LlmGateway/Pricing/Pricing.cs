namespace LlmGateway;

/// <summary>Prices and costs by the process's own <see cref="PriceBook.Default"/>.</summary>
public static class Pricing
{
    /// <summary>The usage with its cost now.</summary>
    /// <param name="provider">The vendor, by any of its names.</param>
    /// <param name="model">The model, as the vendor names it.</param>
    /// <param name="usage">The tokens of one call.</param>
    /// <returns>As <see cref="PriceBook.Calculate(string, string, TokenUsage, DateTimeOffset?)"/>.</returns>
    /// <exception cref="ArgumentException">A count is negative, or larger than the whole that it is a part of.</exception>
    public static TokenUsage Calculate(string provider, string model, TokenUsage usage) => PriceBook.Default.Calculate(provider, model, usage);

    /// <summary>Sets a model's price from now on, over the price data and <c>LLM_PRICES_FILE</c>.</summary>
    /// <param name="provider">The vendor, by any of its names, or your own provider's name.</param>
    /// <param name="model">The model's name; <c>*</c> for every model of the provider that has no price of its own.</param>
    /// <param name="price">Its price.</param>
    public static void Register(string provider, string model, ModelPrice price) => PriceBook.Default.Register(provider, model, price);
}
