namespace LlmGateway;

/// <summary>Texts whose meaning is to be put in numbers. Immutable.</summary>
public sealed record LlmEmbeddingRequest
{
    /// <summary>The model's name; empty for the provider's own embedding model.</summary>
    public string Model { get; init; } = "";

    /// <summary>The texts; at least one, none empty.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>How many numbers a vector is to have; null for the model's own.</summary>
    public int? Dimensions { get; init; }

    /// <summary>
    /// What the vectors are for, which some models want to know: <c>document</c>, <c>query</c>, <c>similarity</c>,
    /// <c>classification</c>, <c>clustering</c>; null for nothing said.
    /// </summary>
    public string? Purpose { get; init; }
}
