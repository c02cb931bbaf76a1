namespace LlmGateway.Routing.Configuration;

/// <summary>What becomes of a dying stream, as one line of text.</summary>
internal static class RescueText
{
    public const string Allowed = "continue, splice or both (continue,splice), or buffer or off alone";

    /// <summary>The order says nothing: what is tried first is the same whichever is written first.</summary>
    public static bool TryRead(string text, out StreamRescue rescue)
    {
        rescue = StreamRescue.Off;
        var words = text.Split(',', StringSplitOptions.TrimEntries);
        foreach (var word in words)
        {
            StreamRescue? read = word.ToUpperInvariant() switch
            {
                "OFF" => StreamRescue.Off,
                "CONTINUE" => StreamRescue.Continue,
                "SPLICE" => StreamRescue.Splice,
                "BUFFER" => StreamRescue.Buffer,
                _ => null,
            };
            if (read is not { } one || (one == StreamRescue.Off && words.Length > 1) || (rescue & one) != 0) return false;
            rescue |= one;
        }

        return IsValid(rescue);
    }

    public static bool IsValid(StreamRescue rescue) => rescue is StreamRescue.Off or StreamRescue.Continue or StreamRescue.Splice or (StreamRescue.Continue | StreamRescue.Splice) or StreamRescue.Buffer;

    public static string Write(StreamRescue rescue) => rescue switch
    {
        StreamRescue.Off => "off",
        StreamRescue.Continue => "continue",
        StreamRescue.Splice => "splice",
        StreamRescue.Continue | StreamRescue.Splice => "continue,splice",
        StreamRescue.Buffer => "buffer",
        _ => rescue.ToString(),
    };
}
