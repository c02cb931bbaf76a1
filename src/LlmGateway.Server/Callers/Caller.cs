using LlmGateway.Budgets;

namespace LlmGateway.Server.Callers;

/// <summary>Who asks: by a key, or anybody where there are no keys. Immutable.</summary>
internal sealed record Caller
{
    /// <summary>Whoever reaches the port, where there are no keys.</summary>
    public static Caller Anybody { get; } = new();

    /// <summary>The labels of its calls, for budgets and the ledger. Never null.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The budgets that its calls count in. Never null.</summary>
    public IReadOnlyList<BudgetAccounts> Budgets { get; init; } = [];
}
