namespace LlmGateway;

/// <summary>What the model thought before it answered. Vendors want it back unchanged in the next turn.</summary>
public sealed record ThinkingPart : LlmPart
{
    /// <summary>A thought.</summary>
    /// <param name="text">The thought, possibly a summary, possibly empty.</param>
    /// <param name="signature">The vendor's signature over it; null where there is none.</param>
    public ThinkingPart(string text, string? signature = null)
    {
        Text = text;
        Signature = signature;
    }

    /// <summary>The thought, possibly a summary, possibly empty. Not null.</summary>
    public string Text { get; init; }

    /// <summary>
    /// The thought as the vendor alone can read it (Anthropic's redacted thinking, OpenAI's encrypted content), byte for
    /// byte; null where there is none.
    /// </summary>
    public string? EncryptedContent { get; init; }
}
