namespace LlmGateway;

/// <summary>What a provider made of texts: a vector for each, in their order. Immutable.</summary>
/// <param name="Vectors">The vectors, one for each input.</param>
public sealed record LlmEmbeddings(IReadOnlyList<ReadOnlyMemory<float>> Vectors)
{
    /// <summary>The model that answered, where the vendor says; else null.</summary>
    public string? Model { get; init; }

    /// <summary>The vendor's id of the request; null where it gives none.</summary>
    public string? RequestId { get; init; }

    /// <summary>The tokens used; null where the vendor does not say, and the client estimates them.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>What of the request could not be passed on, each in words. Never null.</summary>
    public IReadOnlyList<string> Losses { get; init; } = [];
}
