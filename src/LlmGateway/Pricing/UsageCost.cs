namespace LlmGateway.PriceData;

/// <summary>Tokens times price.</summary>
internal static class UsageCost
{
    /// <summary>The usage with its cost; all costs null where the price, or that of one kind of its tokens, is unknown.</summary>
    internal static TokenUsage Of(TokenUsage usage, ModelPrice? price)
    {
        decimal? input = null, output = null;
        if (price?.For(usage.InputTokens) is { } p)
        {
            var fresh = usage.InputTokens - usage.CacheReadTokens - usage.CacheWriteTokens;
            input = Sum(
                Cost(fresh, p.InputPerMillion),
                Cost(usage.CacheReadTokens, p.CacheReadPerMillion ?? p.Ungiven),
                Cost(usage.CacheWriteTokens - usage.CacheWrite1hTokens, p.CacheWritePerMillion ?? p.Ungiven),
                Cost(usage.CacheWrite1hTokens, p.CacheWrite1hPerMillion ?? p.Ungiven));
            output = Sum(
                Cost(usage.OutputTokens - usage.ReasoningTokens, p.OutputPerMillion),
                Cost(usage.ReasoningTokens, p.ReasoningPerMillion ?? p.OutputPerMillion));
        }
        var total = Sum(input, output);
        return usage with { InputCostUsd = total is null ? null : input, OutputCostUsd = total is null ? null : output, TotalCostUsd = total };
    }

    /// <summary>Refuses counts that can't be: a price for them would be nonsense.</summary>
    /// <exception cref="ArgumentException">Names the count.</exception>
    internal static void Validate(TokenUsage usage, string parameter)
    {
        NotNegative(usage.InputTokens, nameof(TokenUsage.InputTokens));
        NotNegative(usage.CacheReadTokens, nameof(TokenUsage.CacheReadTokens));
        NotNegative(usage.CacheWriteTokens, nameof(TokenUsage.CacheWriteTokens));
        NotNegative(usage.CacheWrite1hTokens, nameof(TokenUsage.CacheWrite1hTokens));
        NotNegative(usage.OutputTokens, nameof(TokenUsage.OutputTokens));
        NotNegative(usage.ReasoningTokens, nameof(TokenUsage.ReasoningTokens));
        Within(usage.CacheReadTokens, usage.InputTokens, nameof(TokenUsage.CacheReadTokens), nameof(TokenUsage.InputTokens));
        Within(usage.CacheWriteTokens, usage.InputTokens - usage.CacheReadTokens, nameof(TokenUsage.CacheWriteTokens), "InputTokens less CacheReadTokens");
        Within(usage.CacheWrite1hTokens, usage.CacheWriteTokens, nameof(TokenUsage.CacheWrite1hTokens), nameof(TokenUsage.CacheWriteTokens));
        Within(usage.ReasoningTokens, usage.OutputTokens, nameof(TokenUsage.ReasoningTokens), nameof(TokenUsage.OutputTokens));

        void NotNegative(long count, string field)
        {
            if (count < 0) throw new ArgumentException($"{field} is {count}; a number of tokens is 0 or more.", parameter);
        }

        void Within(long part, long whole, string field, string of)
        {
            if (part > whole) throw new ArgumentException($"{field} ({part}) is larger than {of} ({whole}), which it is a part of.", parameter);
        }
    }

    private static decimal? Cost(long tokens, decimal? perMillion) => tokens == 0 ? 0m : perMillion is { } price ? Money.Of(tokens, price) : null;

    private static decimal? Sum(params ReadOnlySpan<decimal?> amounts)
    {
        var sum = 0m;
        foreach (var amount in amounts)
        {
            if (amount is not { } known) return null;
            sum = Money.Add(sum, known);
        }
        return sum;
    }
}
