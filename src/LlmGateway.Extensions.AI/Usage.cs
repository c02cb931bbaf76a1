using Microsoft.Extensions.AI;

namespace LlmGateway.ExtensionsAI;

/// <summary>Counts in both forms. Both count cached and reasoning tokens in their wholes.</summary>
internal static class Usage
{
    private const string CacheWrite = "llm_gateway.cache_write_tokens";
    private const string AudioInput = "llm_gateway.audio_input_tokens";
    private const string AudioOutput = "llm_gateway.audio_output_tokens";

    public static UsageDetails ToDetails(TokenUsage usage)
    {
        var details = new UsageDetails
        {
            InputTokenCount = usage.InputTokens,
            OutputTokenCount = usage.OutputTokens,
            TotalTokenCount = usage.TotalTokens,
            CachedInputTokenCount = usage.CacheReadTokens,
            ReasoningTokenCount = usage.ReasoningTokens,
        };
        Add(CacheWrite, usage.CacheWriteTokens);
        Add(AudioInput, usage.AudioInputTokens);
        Add(AudioOutput, usage.AudioOutputTokens);
        return details;

        void Add(string name, long count)
        {
            if (count > 0) (details.AdditionalCounts ??= [])[name] = count;
        }
    }

    /// <summary>Null where either whole is not said: then the gateway estimates.</summary>
    public static TokenUsage? FromDetails(UsageDetails? details)
    {
        if (details is not { InputTokenCount: { } input, OutputTokenCount: { } output }) return null;
        return new TokenUsage
        {
            InputTokens = input,
            OutputTokens = output,
            CacheReadTokens = Math.Min(details.CachedInputTokenCount ?? 0, input),
            CacheWriteTokens = Count(CacheWrite),
            ReasoningTokens = Math.Min(details.ReasoningTokenCount ?? 0, output),
            AudioInputTokens = Count(AudioInput),
            AudioOutputTokens = Count(AudioOutput),
        };

        long Count(string name) => details.AdditionalCounts?.TryGetValue(name, out var count) == true ? count : 0;
    }
}
