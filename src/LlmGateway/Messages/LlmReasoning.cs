namespace LlmGateway;

/// <summary>How much the model is to think before it answers, and what of it is shown. Null everywhere for the vendor's defaults.</summary>
public sealed record LlmReasoning
{
    /// <summary>Whether to think at all; null for the vendor's default.</summary>
    public bool? Enabled { get; init; }

    /// <summary>How hard: <c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>, <c>xhigh</c>, <c>max</c>, or another word of the vendor's.</summary>
    public string? Effort { get; init; }

    /// <summary>The most tokens to think with; -1 lets the model decide where the vendor has that (Gemini).</summary>
    public int? BudgetTokens { get; init; }

    /// <summary>Which summary of the thoughts to give: <c>auto</c>, <c>concise</c>, <c>detailed</c>, <c>none</c>, or another word of the vendor's.</summary>
    public string? Summary { get; init; }

    /// <summary>OpenAI's efforts begin with "none", which is no thinking at all.</summary>
    internal static LlmReasoning OfEffort(string? effort) => effort == "none" ? new LlmReasoning { Enabled = false } : new LlmReasoning { Effort = effort };
}
