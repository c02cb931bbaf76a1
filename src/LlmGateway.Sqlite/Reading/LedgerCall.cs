namespace LlmGateway.Sqlite;

/// <summary>A call as the ledger has it.</summary>
internal sealed record LedgerCall
{
    /// <summary>Its place in the order in which calls were written.</summary>
    public required long Sequence { get; init; }

    public required string Id { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public TimeSpan? Latency { get; init; }

    public TimeSpan? TimeToFirstToken { get; init; }

    public required string Operation { get; init; }

    public bool IsStreamed { get; init; }

    public required string Provider { get; init; }

    public required string RequestedModel { get; init; }

    public required string Model { get; init; }

    /// <summary>As <see cref="CallOutcome"/> in snake case; <c>unknown</c> where its process died.</summary>
    public required string Outcome { get; init; }

    public string? ErrorType { get; init; }

    public int Reasks { get; init; }

    public int Repairs { get; init; }

    public int Coercions { get; init; }

    public int Losses { get; init; }

    public int SkippedEvents { get; init; }

    /// <summary>The tokens; the costs stand apart.</summary>
    public required TokenUsage Usage { get; init; }

    public required LedgerCost Cost { get; init; }

    public string? InputCost { get; init; }

    public string? OutputCost { get; init; }

    public string? FeesCost { get; init; }

    public string? FinishReason { get; init; }

    public string? VendorFinishReason { get; init; }

    public string? ResponseId { get; init; }

    public string? RequestId { get; init; }

    public string? OutputMode { get; init; }

    public string? TraceId { get; init; }

    public bool IsRecovered { get; init; }

    public IReadOnlyList<LedgerAttempt> Attempts { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    public IReadOnlyList<string> Budgets { get; init; } = [];
}

/// <summary>One attempt of a call.</summary>
internal sealed record LedgerAttempt
{
    public required int Number { get; init; }

    public required int Ask { get; init; }

    public required string Provider { get; init; }

    public required string Model { get; init; }

    public string? AnsweredModel { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public TimeSpan? Latency { get; init; }

    public TimeSpan? TimeToFirstToken { get; init; }

    public required string Outcome { get; init; }

    public string? ErrorKind { get; init; }

    public int? HttpStatus { get; init; }

    public string? RequestId { get; init; }

    public required TokenUsage Usage { get; init; }

    /// <summary>As <see cref="CostBasis"/> in snake case.</summary>
    public required string Basis { get; init; }

    public string? Reserved { get; init; }

    public TimeSpan? RetryDelay { get; init; }

    /// <summary>Null where it is not known.</summary>
    public Usd? Cost { get; init; }

    public string? InputCost { get; init; }

    public string? OutputCost { get; init; }

    public string? FeesCost { get; init; }

    public string? PriceProvider { get; init; }

    public string? PriceRow { get; init; }

    public string? PriceName { get; init; }

    public string? PriceSource { get; init; }

    public string? ServiceTier { get; init; }

    public string? Region { get; init; }

    public string? UnpricedBecause { get; init; }

    public IReadOnlyList<LedgerCostPart> Costs { get; init; } = [];

    public bool IsEstimated => Usage.IsEstimated || Basis != "counted";
}

/// <summary>What of an attempt's cost was for what.</summary>
internal sealed record LedgerCostPart(string Kind, long Quantity, string UnitPrice, string Cost);

/// <summary>What is known of a cost: the part that has a price, and how many attempts have none, or an estimated one.</summary>
internal readonly record struct LedgerCost(Usd Known, long Unpriced, long Estimated)
{
    /// <summary>The whole; null where any of it is unknown.</summary>
    public Usd? Total => Unpriced == 0 ? Known : null;

    public static LedgerCost operator +(LedgerCost left, LedgerCost right) => new(left.Known + right.Known, left.Unpriced + right.Unpriced, left.Estimated + right.Estimated);
}

/// <summary>What a summary is by.</summary>
internal enum SummaryBy
{
    /// <summary>The day in UTC on which a call began.</summary>
    Day,

    /// <summary>Provider and model, by attempts.</summary>
    Model,

    /// <summary>The provider, by attempts.</summary>
    Vendor,

    /// <summary>A tag's value, or name and value.</summary>
    Tag,

    /// <summary>The budget that a call counted in; one in several counts in each.</summary>
    Budget,
}

/// <summary>One line of a summary.</summary>
internal sealed record SummaryRow(string Name, string? Value, long Calls, long Failed, long Attempts, TokenUsage Usage, LedgerCost Cost);
