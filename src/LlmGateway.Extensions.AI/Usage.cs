using Microsoft.Extensions.AI;

namespace LlmGateway.ExtensionsAI;

/// <summary>Counts in both forms. Both count cached and reasoning tokens in their wholes.</summary>
internal static class Usage
{
    private const string CacheWrite = "llm_gateway.cache_write_tokens";
    private const string AudioInput = "llm_gateway.audio_input_tokens";
    private const string AudioOutput = "llm_gateway.audio_output_tokens";
    private const string ImageInput = "llm_gateway.image_input_tokens";
    private const string ImageOutput = "llm_gateway.image_output_tokens";

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
        Add(ImageInput, usage.ImageInputTokens);
        Add(ImageOutput, usage.ImageOutputTokens);
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
        var reasoning = Math.Min(details.ReasoningTokenCount ?? 0, output);
        var (heard, spoken) = (Math.Min(Count(AudioInput), input), Math.Min(Count(AudioOutput), output - reasoning));
        return new TokenUsage
        {
            InputTokens = input,
            OutputTokens = output,
            CacheReadTokens = Math.Min(details.CachedInputTokenCount ?? 0, input),
            CacheWriteTokens = Count(CacheWrite),
            ReasoningTokens = reasoning,
            AudioInputTokens = heard,
            AudioOutputTokens = spoken,
            ImageInputTokens = Math.Min(Count(ImageInput), input - heard),
            ImageOutputTokens = Math.Min(Count(ImageOutput), output - reasoning - spoken),
        };

        long Count(string name) => details.AdditionalCounts?.TryGetValue(name, out var count) == true ? count : 0;
    }
}
