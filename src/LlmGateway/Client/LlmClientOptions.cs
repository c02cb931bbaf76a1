namespace LlmGateway;

/// <summary>What a client works with, beside its configuration. Each has a default.</summary>
public sealed record LlmClientOptions
{
    /// <summary>HTTP, clock, chance and log.</summary>
    public ProviderServices Services { get; init; } = new();

    /// <summary>Where the provider is looked up. Default <see cref="ProviderRegistry.Default"/>.</summary>
    public ProviderRegistry Registry { get; init; } = ProviderRegistry.Default;

    /// <summary>The prices. Default <see cref="PriceBook.Default"/>, with <see cref="GatewayConfig.PricesFile"/> over it where one is set.</summary>
    public PriceBook? Prices { get; init; }

    /// <summary>Where usage is added up; give several clients the same one to limit them together. Default null: one of the client's own.</summary>
    public CostTracker? Costs { get; init; }
}
