namespace LlmGateway;

/// <summary>What is set aside for an attempt before it is sent, where a limit is set.</summary>
public enum BudgetReserve
{
    /// <summary>The most that it can cost: the limit is never passed. What can't be bounded is refused.</summary>
    WorstCase,

    /// <summary>What it would cost with its input estimated at 4 characters a token, and with all of its most output tokens. The response that crosses the limit is paid for and returned.</summary>
    Estimate,
}

/// <summary>What becomes of a request whose price is unknown.</summary>
public enum UnknownPrice
{
    /// <summary>It is refused before it is sent.</summary>
    Refuse,

    /// <summary>It is sent; its cost is null, no limit counts it, and one warning for each model says so.</summary>
    Warn,

    /// <summary>The same without a warning.</summary>
    Allow,
}
