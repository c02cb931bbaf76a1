namespace LlmGateway.PriceData;

/// <summary>The input of a call by what its tokens are priced as, in the order in which they stand in the prompt.</summary>
internal readonly record struct InputSplit(long Read, long AudioRead, long ImageRead, long Write1h, long Write, long Fresh, long Audio, long Image)
{
    /// <summary>Splits the input; sound and images count apart only where the price does so.</summary>
    /// <param name="usage">The counts.</param>
    /// <param name="price">The price.</param>
    /// <param name="because">Why the counts do not tell.</param>
    internal static InputSplit? Of(TokenUsage usage, ModelPrice price, out string? because)
    {
        because = null;
        var (audio, audioRead) = price.HasAudioPrice ? (usage.AudioInputTokens, usage.AudioCacheReadTokens) : (0, 0);
        var (image, imageRead) = price.HasImagePrice ? (usage.ImageInputTokens, usage.ImageCacheReadTokens) : (0, 0);
        // Where all of the input was read, or all of it is of one kind, there is nothing to tell.
        if (audioRead is null && image == 0) audioRead = Forced(audio, usage);
        if (imageRead is null && audio == 0) imageRead = Forced(image, usage);
        if (audioRead is not { } heard || imageRead is not { } seen) because = "the reply does not say how much of what was read from a cache was audio or images, which are priced apart";
        else if (audio - heard + image - seen > 0 && usage.CacheWriteTokens > 0) because = "the reply does not say how much of what was written to a cache was audio or images, which are priced apart";
        else if (usage.InputTokens - usage.CacheReadTokens - usage.CacheWriteTokens - (audio - heard) - (image - seen) is var fresh && fresh < 0)
            because = "the counts of cached, audio and image tokens do not fit together";
        else return new InputSplit(usage.CacheReadTokens - heard - seen, heard, seen, usage.CacheWrite1hTokens, usage.CacheWriteTokens - usage.CacheWrite1hTokens, fresh, audio - heard, image - seen);
        return null;
    }

    /// <summary>The part of one kind's tokens that was read, where the counts leave one possibility.</summary>
    private static long? Forced(long tokens, TokenUsage usage)
    {
        var (least, most) = (Math.Max(0, tokens + usage.CacheReadTokens - usage.InputTokens), Math.Min(tokens, usage.CacheReadTokens));
        return least == most ? least : null;
    }
}
