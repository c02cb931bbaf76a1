using LlmGateway.Budgets;

namespace LlmGateway.Client;

/// <summary>
/// What a server says of one call beside what is asked: where it may go, and which budgets of its caller's it counts in. By it
/// the server also sees the call while it is under way. For one call only.
/// </summary>
internal sealed class CallScope
{
    /// <summary>Where the call may go, best first; null for what the model's name means to the client.</summary>
    public IReadOnlyList<RouteTarget>? Targets { get; init; }

    /// <summary>Budgets that it counts in beside the configuration's. Never null.</summary>
    public IReadOnlyList<BudgetAccounts> Budgets { get; init; } = [];

    /// <summary>The call, once it is open; null before.</summary>
    public Call? Call { get; set; }
}
