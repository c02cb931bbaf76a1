namespace LlmGateway;

/// <summary>
/// Tokens used and what they cost, in one definition for every vendor: <see cref="InputTokens"/> counts all input,
/// cached included, and <see cref="OutputTokens"/> all output, reasoning included; the other counts are parts of these two.
/// Immutable.
/// </summary>
public sealed record TokenUsage
{
    /// <summary>No tokens, which cost nothing: the identity of <see cref="op_Addition"/>.</summary>
    public static TokenUsage Zero { get; } = new() { InputCostUsd = 0m, OutputCostUsd = 0m, TotalCostUsd = 0m };

    /// <summary>All input tokens: fresh, read from a cache and written to one.</summary>
    public long InputTokens { get; init; }

    /// <summary>The part of <see cref="InputTokens"/> that was read from a cache.</summary>
    public long CacheReadTokens { get; init; }

    /// <summary>The part of <see cref="InputTokens"/> that was written to a cache, whatever its lifetime.</summary>
    public long CacheWriteTokens { get; init; }

    /// <summary>The part of <see cref="CacheWriteTokens"/> that is kept for an hour, which Anthropic bills apart.</summary>
    public long CacheWrite1hTokens { get; init; }

    /// <summary>All output tokens, reasoning included.</summary>
    public long OutputTokens { get; init; }

    /// <summary>The part of <see cref="OutputTokens"/> that was reasoning, where the vendor says.</summary>
    public long ReasoningTokens { get; init; }

    /// <summary>The part of <see cref="InputTokens"/> that was sound, where the vendor says.</summary>
    public long AudioInputTokens { get; init; }

    /// <summary>The part of <see cref="OutputTokens"/> that was sound, where the vendor says.</summary>
    public long AudioOutputTokens { get; init; }

    /// <summary><see cref="InputTokens"/> and <see cref="OutputTokens"/> together.</summary>
    public long TotalTokens => InputTokens + OutputTokens;

    /// <summary>Whether any of the counts is an estimate, because the vendor gave none.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>What the input cost in US dollars, unrounded; null = the price is unknown, which is not 0.</summary>
    public decimal? InputCostUsd { get; init; }

    /// <summary>What the output cost in US dollars, unrounded; null = the price is unknown, which is not 0.</summary>
    public decimal? OutputCostUsd { get; init; }

    /// <summary>
    /// What everything cost in US dollars, unrounded; null = the price is unknown, which is not 0.
    /// Known without its two parts where a vendor reports one sum.
    /// </summary>
    public decimal? TotalCostUsd { get; init; }

    /// <summary>Adds counts and costs. A sum with an unknown cost in it is unknown.</summary>
    /// <param name="left">One usage.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sum.</returns>
    public static TokenUsage operator +(TokenUsage left, TokenUsage right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new TokenUsage
        {
            InputTokens = checked(left.InputTokens + right.InputTokens),
            CacheReadTokens = checked(left.CacheReadTokens + right.CacheReadTokens),
            CacheWriteTokens = checked(left.CacheWriteTokens + right.CacheWriteTokens),
            CacheWrite1hTokens = checked(left.CacheWrite1hTokens + right.CacheWrite1hTokens),
            OutputTokens = checked(left.OutputTokens + right.OutputTokens),
            ReasoningTokens = checked(left.ReasoningTokens + right.ReasoningTokens),
            AudioInputTokens = checked(left.AudioInputTokens + right.AudioInputTokens),
            AudioOutputTokens = checked(left.AudioOutputTokens + right.AudioOutputTokens),
            IsEstimated = left.IsEstimated || right.IsEstimated,
            InputCostUsd = left.InputCostUsd + right.InputCostUsd,
            OutputCostUsd = left.OutputCostUsd + right.OutputCostUsd,
            TotalCostUsd = left.TotalCostUsd + right.TotalCostUsd,
        };
    }

    /// <summary>Adds counts and costs, as the operator does.</summary>
    /// <param name="left">One usage.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sum.</returns>
    public static TokenUsage Add(TokenUsage left, TokenUsage right) => left + right;
}
