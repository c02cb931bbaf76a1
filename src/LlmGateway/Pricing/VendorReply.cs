namespace LlmGateway;

/// <summary>What a vendor's own reply says of its model and its tokens, normalised. Immutable.</summary>
public sealed record VendorReply
{
    /// <summary>The model that answered; null where the body names none.</summary>
    public string? Model { get; init; }

    /// <summary>The tokens, in this library's one definition; without costs.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>
    /// What in the reply is billed by other prices than the ones for tokens at the standard tier, each as field and value:
    /// a batch or priority tier, a web search, audio output. The cost of a reply with such is unknown. Never null.
    /// </summary>
    public IReadOnlyList<string> BilledApart { get; init; } = [];
}
