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

    /// <summary>
    /// Where <see cref="GatewayConfig.Budgets"/> live; clients with the same one share them. Default null: in the memory of
    /// <see cref="Costs"/>, where the limit of <see cref="GatewayConfig.CostLimitUsd"/> always is.
    /// </summary>
    public IBudgetStore? BudgetStore { get; init; }

    /// <summary>Where the records of calls are kept. Default null: nowhere. The client does not dispose it.</summary>
    public ILedger? Ledger { get; init; }

    /// <summary>
    /// Called when a budget's threshold is passed, once for each in a window, after the log has it. It runs on the call's own
    /// way and should be quick; what it throws is logged and goes no further.
    /// </summary>
    public Action<BudgetAlert>? OnBudgetAlert { get; init; }
}
