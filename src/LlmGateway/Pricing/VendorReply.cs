namespace LlmGateway;

/// <summary>What a vendor's own reply says of its model, its tokens and how it is billed, normalised. Immutable.</summary>
public sealed record VendorReply
{
    /// <summary>The model that answered; null where the body names none.</summary>
    public string? Model { get; init; }

    /// <summary>The tokens, in this library's one definition; without costs.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>The tier, the region and the fees. Never null.</summary>
    public ReplyBilling Billing { get; init; } = ReplyBilling.None;
}
