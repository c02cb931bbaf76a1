namespace LlmGateway.Dialects;

/// <summary>Reads counts so that an answer is not lost because they cannot be read: they are estimated, and that is said.</summary>
internal static class UsageRead
{
    /// <summary>No reply can have used more. Without a bound, the sums of made-up counts would overflow.</summary>
    private const long MaxCount = 1_000_000_000_000;

    public static TokenUsage? OrNull(Func<TokenUsage?> read, List<string> losses)
    {
        try
        {
            if (read() is not { } usage) return null;
            if (Math.Max(usage.InputTokens, usage.OutputTokens) <= MaxCount) return usage;
            losses.Once("The reply's token counts are beyond belief, and are estimated.");
            return null;
        }
        catch (UsageFormatException e)
        {
            losses.Once($"The reply's token counts could not be read, and are estimated: {e.Message}");
            return null;
        }
    }
}
