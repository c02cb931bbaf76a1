namespace LlmGateway;

/// <summary>
/// Tokens used and what they cost, in one definition for every vendor: <see cref="InputTokens"/> counts all input,
/// cached included, and <see cref="OutputTokens"/> all output, reasoning included; the other counts are parts of these two.
/// Immutable.
/// </summary>
public sealed record TokenUsage
{
    /// <summary>No tokens, which cost nothing: the identity of <see cref="op_Addition"/>.</summary>
    public static TokenUsage Zero { get; } = new() { InputCostUsd = 0m, OutputCostUsd = 0m, FeesCostUsd = 0m, TotalCostUsd = 0m };

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

    /// <summary>The part of <see cref="AudioInputTokens"/> that was read from a cache; null where the vendor does not say how much of both it was.</summary>
    public long? AudioCacheReadTokens { get => field ?? (AudioInputTokens == 0 || CacheReadTokens == 0 ? 0L : null); init; }

    /// <summary>The part of <see cref="InputTokens"/> that was images, where the vendor says.</summary>
    public long ImageInputTokens { get; init; }

    /// <summary>The part of <see cref="OutputTokens"/> that was images, where the vendor says.</summary>
    public long ImageOutputTokens { get; init; }

    /// <summary>The part of <see cref="ImageInputTokens"/> that was read from a cache; null where the vendor does not say how much of both it was.</summary>
    public long? ImageCacheReadTokens { get => field ?? (ImageInputTokens == 0 || CacheReadTokens == 0 ? 0L : null); init; }

    /// <summary><see cref="InputTokens"/> and <see cref="OutputTokens"/> together.</summary>
    public long TotalTokens => InputTokens + OutputTokens;

    /// <summary>Whether any of the counts is an estimate, because the vendor gave none.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>What the input cost in US dollars, unrounded; null = the price is unknown, which is not 0.</summary>
    public decimal? InputCostUsd { get; init; }

    /// <summary>What the output cost in US dollars, unrounded; null = the price is unknown, which is not 0.</summary>
    public decimal? OutputCostUsd { get; init; }

    /// <summary>What was billed by the piece (a request, a web search) cost in US dollars, unrounded; null = the price is unknown, which is not 0.</summary>
    public decimal? FeesCostUsd { get; init; }

    /// <summary>
    /// What everything cost in US dollars, unrounded: input, output and fees; null = the price is unknown, which is not 0.
    /// Known without its three parts where a vendor reports one sum.
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
            AudioCacheReadTokens = Unsaid(left.AudioInputTokens + right.AudioInputTokens, left, right) ? null : left.AudioCacheReadTokens + right.AudioCacheReadTokens,
            ImageInputTokens = checked(left.ImageInputTokens + right.ImageInputTokens),
            ImageOutputTokens = checked(left.ImageOutputTokens + right.ImageOutputTokens),
            ImageCacheReadTokens = Unsaid(left.ImageInputTokens + right.ImageInputTokens, left, right) ? null : left.ImageCacheReadTokens + right.ImageCacheReadTokens,
            IsEstimated = left.IsEstimated || right.IsEstimated,
            InputCostUsd = left.InputCostUsd + right.InputCostUsd,
            OutputCostUsd = left.OutputCostUsd + right.OutputCostUsd,
            FeesCostUsd = left.FeesCostUsd + right.FeesCostUsd,
            TotalCostUsd = left.TotalCostUsd + right.TotalCostUsd,
        };
    }

    /// <summary>Where nothing can have been read from a cache it need not be said, so that adding <see cref="Zero"/> changes nothing.</summary>
    private static bool Unsaid(long tokens, TokenUsage left, TokenUsage right) => tokens == 0 || left.CacheReadTokens + right.CacheReadTokens == 0;

    /// <summary>Adds counts and costs, as the operator does.</summary>
    /// <param name="left">One usage.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sum.</returns>
    public static TokenUsage Add(TokenUsage left, TokenUsage right) => left + right;
}
