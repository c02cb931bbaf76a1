using System.Collections.ObjectModel;
using LlmGateway.Budgets;
using LlmGateway.Server.Keys;

namespace LlmGateway.Server.Callers;

/// <summary>Who asks: by a key, or anybody where there are no keys. Immutable.</summary>
internal sealed class Caller
{
    private Caller(VirtualKey? key)
    {
        Key = key;
        Tags = key?.CallTags ?? ReadOnlyDictionary<string, string>.Empty;
        Budgets = key is null ? [] : [.. key.CoreBudgets.Select(static budget => new BudgetAccounts(budget))];
    }

    /// <summary>Whoever reaches the port, where there are no keys.</summary>
    public static Caller Anybody { get; } = new(null);

    /// <summary>The key; null for anybody.</summary>
    public VirtualKey? Key { get; }

    /// <summary>The labels of its calls, for budgets and the ledger. Never null.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; }

    /// <summary>The budgets that its calls count in. Never null.</summary>
    public IReadOnlyList<BudgetAccounts> Budgets { get; }

    public static Caller Of(VirtualKey key) => new(key);
}
