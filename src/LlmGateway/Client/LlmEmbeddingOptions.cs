namespace LlmGateway;

/// <summary>What is wanted of embeddings, beyond the texts. Null for the provider's own choice.</summary>
public sealed record LlmEmbeddingOptions
{
    /// <summary>The model. Default null: the provider's own embedding model, not <c>LLM_MODEL</c>, which answers questions.</summary>
    public string? Model { get; init; }

    /// <summary>How many numbers a vector is to have, at least 1.</summary>
    public int? Dimensions { get; init; }

    /// <summary>What the vectors are for: <c>document</c>, <c>query</c>, <c>similarity</c>, <c>classification</c>, <c>clustering</c>.</summary>
    public string? Purpose { get; init; }

    /// <summary>Labels of the call, such as user, team and feature, for budgets and the ledger; they go over the configuration's. Never sent to a vendor.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
}
