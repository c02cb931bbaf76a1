namespace LlmGateway;

/// <summary>One part of a message or of a reply. The known kinds derive from it; more may come. Immutable.</summary>
public abstract record LlmPart
{
    private protected LlmPart()
    {
    }

    /// <summary>Asks the vendor to cache the conversation up to and including this part; null for no mark.</summary>
    public CacheMark? Cache { get; init; }

    /// <summary>
    /// The vendor's signature over the part (Anthropic signs thinking; Gemini text and tool calls too), kept byte for byte
    /// for the next turn; null where there is none.
    /// </summary>
    public string? Signature { get; init; }

    /// <summary>
    /// The dialect that <see cref="Signature"/> and <see cref="ThinkingPart.EncryptedContent"/> are of, such as <c>anthropic</c>;
    /// no other can use them. Null where there are none, or where the caller made the part and vouches for it.
    /// </summary>
    public string? Origin { get; init; }

    /// <summary>What the part says in its own dialect that the middle has no name for; null for nothing.</summary>
    public LlmExtensions? Extensions { get; init; }
}
