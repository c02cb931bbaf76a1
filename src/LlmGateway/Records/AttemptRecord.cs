namespace LlmGateway;

/// <summary>What happened in one request to a provider. Immutable.</summary>
public sealed record AttemptRecord
{
    /// <summary>Its number in the call, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Which ask it was made for: 0 for the first, 1 for the first re-ask (or the one with a larger limit of tokens), and so on. Retries share their ask's number.</summary>
    public required int Ask { get; init; }

    /// <summary>The provider's name.</summary>
    public required string Provider { get; init; }

    /// <summary>The model that was asked.</summary>
    public required string Model { get; init; }

    /// <summary>The target, as the route has it: <c>vendor/model</c>, and the key's variable behind <c>#</c> where one is named.</summary>
    public string Target { get; init; } = "";

    /// <summary>When it was sent.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>How long until the first piece of a streamed answer came; null where none did, and where the answer was not streamed.</summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>How it ended.</summary>
    public required CallOutcome Outcome { get; init; }

    /// <summary>What went wrong; null where nothing did, and on cancellation.</summary>
    public ProviderErrorKind? ErrorKind { get; init; }

    /// <summary>The HTTP status of an error; null on success and where there was none.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The vendor's id of the request; null where it gave none.</summary>
    public string? RequestId { get; init; }

    /// <summary>The tokens used and their cost. An attempt that the vendor does not bill has none.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>The model that answered, where the vendor says; else null.</summary>
    public string? AnsweredModel { get; init; }

    /// <summary>What was set aside for it before it was sent, in US dollars; null where nothing was, or it could not be bounded.</summary>
    public decimal? ReservedUsd { get; init; }

    /// <summary>What <see cref="Usage"/> and its cost rest on.</summary>
    public CostBasis CostBasis { get; init; }

    /// <summary>What the cost is made of, which adds up to it exactly; empty where it is not by the price book, or unknown. Never null.</summary>
    public IReadOnlyList<CostPart> CostParts { get; init; } = [];

    /// <summary>The price that it was billed at, with the row and the source it comes from; null where it is not by the price book.</summary>
    public PriceMatch? PriceMatch { get; init; }

    /// <summary>The tier that it was billed by, in the price book's word; null where neither request nor reply says.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>The region that it was billed by; null for none.</summary>
    public string? BillingRegion { get; init; }

    /// <summary>Why its cost is unknown, in words; null where it is known, and where it was not billed.</summary>
    public string? UnpricedBecause { get; init; }

    /// <summary>Whether it was made beside a slow one, to be faster.</summary>
    public bool IsHedge { get; init; }

    /// <summary>How it went on with a stream that had died; null where it did not.</summary>
    public StreamRescue? Rescue { get; init; }

    /// <summary>Why it ended, in words and without secrets; null where it answered.</summary>
    public string? EndedBecause { get; init; }

    /// <summary>Why the next attempt was made, or none, in words; null where it answered.</summary>
    public string? NextBecause { get; init; }

    /// <summary>How long was waited after it before the next one; null where none followed, or at once.</summary>
    public TimeSpan? RetryDelay { get; init; }
}
