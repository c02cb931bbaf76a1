using LlmGateway.Relay;

namespace LlmGateway;

/// <summary>What a provider answered: what the model said and what it used, before any validation or pricing. Immutable.</summary>
public sealed record LlmReply
{
    /// <summary>A reply without parts, to be filled by an initializer.</summary>
    public LlmReply()
    {
    }

    /// <summary>A finished reply of plain text.</summary>
    /// <param name="text">What the model said.</param>
    /// <param name="usage">The tokens it used; null where the provider does not know, and the client estimates them.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public LlmReply(string text, TokenUsage? usage = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        Parts = [new TextPart(text)];
        Usage = usage;
    }

    /// <summary>What the model said, in order. Never null.</summary>
    public IReadOnlyList<LlmPart> Parts { get; init; } = [];

    /// <summary>The text of the reply: its <see cref="TextPart"/>s joined. Never null.</summary>
    public string Text => LlmMessage.TextOf(Parts);

    /// <summary>The model that answered, where the vendor says; else null.</summary>
    public string? Model { get; init; }

    /// <summary>The vendor's id of the reply; null where it gives none.</summary>
    public string? Id { get; init; }

    /// <summary>The vendor's id of the request, to quote to its support; null where it gives none.</summary>
    public string? RequestId { get; init; }

    /// <summary>Why the model stopped.</summary>
    public FinishReason FinishReason { get; init; } = FinishReason.Stop;

    /// <summary>The vendor's own word for <see cref="FinishReason"/>; null where it gave none.</summary>
    public string? VendorFinishReason { get; init; }

    /// <summary>The tokens used; null where the provider does not know, and the client estimates them (about 4 characters a token).</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>What the vendor itself says the reply cost, in US dollars; null where it does not say and the price book decides.</summary>
    public decimal? ReportedCostUsd { get; init; }

    /// <summary>How the reply is billed beyond its tokens: its tier, its region, web searches. Never null.</summary>
    public ReplyBilling Billing { get; init; } = ReplyBilling.None;

    /// <summary>What of the request the provider could not pass on, each in words. Never null.</summary>
    public IReadOnlyList<string> Losses { get; init; } = [];

    /// <summary>The stop sequence that was met; null where none was, or the vendor does not say.</summary>
    public string? StopSequence { get; init; }

    /// <summary>When the vendor made the reply; null where it does not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The tier that served the request, in the vendor's word; null where it does not say.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>The log-probabilities of the answer's tokens, where they were asked for. Never null.</summary>
    public IReadOnlyList<TokenLogProb> LogProbs { get; init; } = [];

    /// <summary>How many malformed events of the stream were passed over.</summary>
    public int SkippedEvents { get; init; }

    /// <summary>What the reply says in its own dialect that the middle has no name for; null for nothing.</summary>
    public LlmExtensions? Extensions { get; init; }

    /// <summary>The bytes that it was decoded from, where the request was sent on as it came.</summary>
    internal WireReply? Wire { get; init; }
}
