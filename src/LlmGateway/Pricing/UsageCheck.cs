namespace LlmGateway.PriceData;

/// <summary>Refuses counts that can't be: a price for them would be nonsense.</summary>
internal static class UsageCheck
{
    /// <exception cref="ArgumentException">Names the count.</exception>
    internal static void Validate(TokenUsage usage, string parameter)
    {
        NotNegative(usage.InputTokens, nameof(TokenUsage.InputTokens));
        NotNegative(usage.CacheReadTokens, nameof(TokenUsage.CacheReadTokens));
        NotNegative(usage.CacheWriteTokens, nameof(TokenUsage.CacheWriteTokens));
        NotNegative(usage.CacheWrite1hTokens, nameof(TokenUsage.CacheWrite1hTokens));
        NotNegative(usage.OutputTokens, nameof(TokenUsage.OutputTokens));
        NotNegative(usage.ReasoningTokens, nameof(TokenUsage.ReasoningTokens));
        NotNegative(usage.AudioInputTokens, nameof(TokenUsage.AudioInputTokens));
        NotNegative(usage.AudioOutputTokens, nameof(TokenUsage.AudioOutputTokens));
        NotNegative(usage.ImageInputTokens, nameof(TokenUsage.ImageInputTokens));
        NotNegative(usage.ImageOutputTokens, nameof(TokenUsage.ImageOutputTokens));
        NotNegative(usage.AudioCacheReadTokens ?? 0, nameof(TokenUsage.AudioCacheReadTokens));
        NotNegative(usage.ImageCacheReadTokens ?? 0, nameof(TokenUsage.ImageCacheReadTokens));
        Within(usage.CacheReadTokens, usage.InputTokens, nameof(TokenUsage.CacheReadTokens), nameof(TokenUsage.InputTokens));
        Within(usage.CacheWriteTokens, usage.InputTokens - usage.CacheReadTokens, nameof(TokenUsage.CacheWriteTokens), "InputTokens less CacheReadTokens");
        Within(usage.CacheWrite1hTokens, usage.CacheWriteTokens, nameof(TokenUsage.CacheWrite1hTokens), nameof(TokenUsage.CacheWriteTokens));
        Within(usage.ReasoningTokens, usage.OutputTokens, nameof(TokenUsage.ReasoningTokens), nameof(TokenUsage.OutputTokens));
        Within(usage.AudioInputTokens, usage.InputTokens, nameof(TokenUsage.AudioInputTokens), nameof(TokenUsage.InputTokens));
        Within(usage.ImageInputTokens, usage.InputTokens - usage.AudioInputTokens, nameof(TokenUsage.ImageInputTokens), "InputTokens less AudioInputTokens");
        Within(usage.AudioOutputTokens, usage.OutputTokens - usage.ReasoningTokens, nameof(TokenUsage.AudioOutputTokens), "OutputTokens less ReasoningTokens");
        Within(usage.ImageOutputTokens, usage.OutputTokens - usage.ReasoningTokens - usage.AudioOutputTokens, nameof(TokenUsage.ImageOutputTokens), "OutputTokens less ReasoningTokens and AudioOutputTokens");
        CachedWithin(usage.AudioCacheReadTokens, usage.AudioInputTokens, usage.CacheReadTokens, nameof(TokenUsage.AudioCacheReadTokens), nameof(TokenUsage.AudioInputTokens));
        CachedWithin(usage.ImageCacheReadTokens, usage.ImageInputTokens, usage.CacheReadTokens - (usage.AudioCacheReadTokens ?? 0), nameof(TokenUsage.ImageCacheReadTokens), nameof(TokenUsage.ImageInputTokens));

        void NotNegative(long count, string field)
        {
            if (count < 0) throw new ArgumentException($"{field} is {count}; a number of tokens is 0 or more.", parameter);
        }

        void CachedWithin(long? cached, long tokens, long read, string field, string of)
        {
            Within(cached ?? 0, tokens, field, of);
            Within(cached ?? 0, read, field, nameof(TokenUsage.CacheReadTokens));
        }

        void Within(long part, long whole, string field, string of)
        {
            if (part > whole) throw new ArgumentException($"{field} ({part}) is larger than {of} ({whole}), which it is a part of.", parameter);
        }
    }
}
