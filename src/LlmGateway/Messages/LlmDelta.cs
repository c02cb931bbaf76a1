namespace LlmGateway;

/// <summary>
/// A piece of a reply while it is streamed. Folded in order, the deltas make the reply that would have come in one piece.
/// The known kinds derive from it; more may come: pass over what you do not know.
/// </summary>
public abstract record LlmDelta
{
    private protected LlmDelta()
    {
    }
}

/// <summary>What is known of the reply apart from its parts. May come more than once: what is not null replaces what was, lists grow.</summary>
public sealed record HeaderDelta : LlmDelta
{
    /// <summary>Says only that the stream lives: a ping, a comment, an event that brings nothing. One instance, told by reference; the route keeps it to itself.</summary>
    internal static HeaderDelta Alive { get; } = new();

    /// <summary>Whether the vendor's bytes come with the deltas, each as a <see cref="Relay.WireDelta"/>.</summary>
    internal bool IsRelayed { get; init; }

    /// <summary>The vendor's id of the reply.</summary>
    public string? Id { get; init; }

    /// <summary>The model that answers.</summary>
    public string? Model { get; init; }

    /// <summary>The vendor's id of the request.</summary>
    public string? RequestId { get; init; }

    /// <summary>The tier that served the request, in the vendor's word.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>When the vendor made the reply.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>What the vendor itself says the reply cost, in US dollars.</summary>
    public decimal? ReportedCostUsd { get; init; }

    /// <summary>See <see cref="LlmReply.Billing"/>: what this piece says of it, counts from the beginning on. Never null.</summary>
    public ReplyBilling Billing { get; init; } = ReplyBilling.None;

    /// <summary>See <see cref="LlmReply.Losses"/>. Never null.</summary>
    public IReadOnlyList<string> Losses { get; init; } = [];

    /// <summary>How many malformed events of the stream have been passed over; 0 keeps what was.</summary>
    public int SkippedEvents { get; init; }

    /// <summary>What the reply says in its own dialect that the middle has no name for.</summary>
    public LlmExtensions? Extensions { get; init; }
}

/// <summary>More text of a text part.</summary>
/// <param name="Index">The part's place in <see cref="LlmReply.Parts"/>.</param>
/// <param name="Text">The text that is added.</param>
public sealed record TextDelta(int Index, string Text) : LlmDelta;

/// <summary>More text of a refusal.</summary>
/// <param name="Index">The part's place in <see cref="LlmReply.Parts"/>.</param>
/// <param name="Text">The text that is added.</param>
public sealed record RefusalDelta(int Index, string Text) : LlmDelta;

/// <summary>More of a thought.</summary>
/// <param name="Index">The part's place in <see cref="LlmReply.Parts"/>.</param>
/// <param name="Text">The text that is added; empty where the thought only begins.</param>
public sealed record ThinkingDelta(int Index, string Text) : LlmDelta;

/// <summary>What a part carries beside its text, when it becomes known. Null keeps what was.</summary>
/// <param name="Index">The part's place in <see cref="LlmReply.Parts"/>; the part has begun before.</param>
public sealed record PartDetailDelta(int Index) : LlmDelta
{
    /// <summary>More of <see cref="LlmPart.Signature"/>, which may come in pieces.</summary>
    public string? Signature { get; init; }

    /// <summary>See <see cref="ThinkingPart.EncryptedContent"/>.</summary>
    public string? EncryptedContent { get; init; }

    /// <summary>See <see cref="LlmPart.Origin"/>.</summary>
    public string? Origin { get; init; }

    /// <summary>One more citation of a text.</summary>
    public Citation? Citation { get; init; }

    /// <summary>See <see cref="LlmPart.Extensions"/>; replaces what was.</summary>
    public LlmExtensions? Extensions { get; init; }
}

/// <summary>A tool call that begins, or more of its arguments.</summary>
/// <param name="Index">The part's place in <see cref="LlmReply.Parts"/>.</param>
/// <param name="Id">The call's id, with its first delta; null in later ones.</param>
/// <param name="Name">The tool's name, with the first delta; null in later ones.</param>
/// <param name="ArgumentsJson">The text that is added to the arguments; empty where the call only begins.</param>
public sealed record ToolCallDelta(int Index, string? Id, string? Name, string ArgumentsJson) : LlmDelta;

/// <summary>A part that came whole.</summary>
/// <param name="Index">Its place in <see cref="LlmReply.Parts"/>.</param>
/// <param name="Part">The part.</param>
public sealed record PartDelta(int Index, LlmPart Part) : LlmDelta;

/// <summary>The log-probabilities of more tokens.</summary>
/// <param name="LogProbs">The tokens, in order.</param>
public sealed record LogProbsDelta(IReadOnlyList<TokenLogProb> LogProbs) : LlmDelta;

/// <summary>The tokens used so far; replaces what was said before.</summary>
/// <param name="Usage">The tokens, without costs.</param>
public sealed record UsageDelta(TokenUsage Usage) : LlmDelta;

/// <summary>The model stopped. Parts do not change after it; usage may follow.</summary>
/// <param name="Reason">Why.</param>
/// <param name="VendorReason">The vendor's own word for it; null where it gave none.</param>
public sealed record FinishDelta(FinishReason Reason, string? VendorReason) : LlmDelta
{
    /// <summary>The stop sequence that was met; null where none was, or the vendor does not say.</summary>
    public string? StopSequence { get; init; }
}

/// <summary>
/// The stream broke, and another target goes on from what was handed out: nothing of that is taken back. Thoughts that were
/// handed out are not part of the answer any more. A provider does not send it.
/// </summary>
/// <param name="Provider">The provider that goes on.</param>
/// <param name="Model">The model that goes on.</param>
public sealed record ContinuedDelta(string Provider, string Model) : LlmDelta;

/// <summary>
/// The stream broke, and another target answers: the parts from an index on are void, and come again. What was before them
/// stands, but for thoughts. A provider does not send it.
/// </summary>
/// <param name="FromIndex">The first part that is void.</param>
/// <param name="Provider">The provider that answers.</param>
/// <param name="Model">The model that answers.</param>
public sealed record RestartedDelta(int FromIndex, string Provider, string Model) : LlmDelta;

/// <summary>The last of a client's stream: the whole reply, and the record of the call. A provider does not send it.</summary>
/// <param name="Response">The reply that the deltas before it make, and what happened.</param>
public sealed record ResponseDelta(LlmResponse<LlmReply> Response) : LlmDelta;
