namespace LlmGateway;

/// <summary>How a reply says that it is billed, beyond its tokens. Immutable.</summary>
public sealed record ReplyBilling
{
    /// <summary>Nothing is said: the standard tier, no region, no fees.</summary>
    public static ReplyBilling None { get; } = new();

    /// <summary>The tier that served the request, in the price book's word: <c>standard</c>, <c>batch</c>, <c>flex</c>, <c>priority</c>, <c>fast</c> or the vendor's own in lower case; null where it does not say.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>The region by which it is billed, in lower case (Anthropic's <c>inference_geo</c>); null where it does not say.</summary>
    public string? Region { get; init; }

    /// <summary>What is billed by the piece. Never null.</summary>
    public IReadOnlyList<BilledFee> Fees { get; init; } = [];

    /// <summary>What has prices that no row can hold, each as field and value: the cost of such a reply is unknown. Never null.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>Whether nothing is said.</summary>
    internal bool IsNone => ServiceTier is null && Region is null && Fees.Count == 0 && Unknown.Count == 0;

    /// <summary>Both together: the later word wins, of counts of one kind the larger, as streams repeat what they said with more.</summary>
    internal ReplyBilling Then(ReplyBilling later)
    {
        if (IsNone) return later;
        if (later.IsNone) return this;
        return new ReplyBilling
        {
            ServiceTier = later.ServiceTier ?? ServiceTier,
            Region = later.Region ?? Region,
            Fees = [.. Fees.Concat(later.Fees).GroupBy(static fee => fee.Kind).Select(static kind => new BilledFee(kind.Key, kind.Max(static fee => fee.Count)))],
            Unknown = [.. Unknown.Union(later.Unknown)],
        };
    }
}

/// <summary>Something that a reply says was used, and that is billed by the piece.</summary>
/// <param name="Kind">
/// What: <c>web_search</c>, <c>file_search</c> (calls), <c>code_interpreter</c> (containers), <c>grounding</c> (prompts that Google
/// grounded) and <c>grounding_query</c> (the searches it made for them: a row prices one of the two), <c>maps_grounding</c>,
/// <c>x_search</c>, <c>document_search</c>, <c>image_generation</c>, <c>live_search_source</c>, <c>citation_token</c>, and
/// <c>request</c>, or <c>request_low</c>, <c>request_medium</c> and <c>request_high</c> where its price depends on how much was searched.
/// </param>
/// <param name="Count">How many; 0 or more.</param>
public sealed record BilledFee(string Kind, long Count);
