namespace LlmGateway.Budgets;

/// <summary>The budget that <c>LLM_COST_LIMIT_USD</c> makes: one client's, or that of those that share a <see cref="CostTracker"/>.</summary>
internal static class ClientBudget
{
    public const string Name = "client";

    /// <summary>No account of a budget of the user's has this key: theirs begin with their window.</summary>
    private const string Key = "client";

    public static BudgetAccount Of(decimal? limit) => new(Key, Name, limit);

    public static bool Is(BudgetAccount account) => account.Key == Key;
}
