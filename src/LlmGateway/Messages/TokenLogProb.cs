namespace LlmGateway;

/// <summary>How likely the model held a token of its answer to be.</summary>
/// <param name="Token">The token's text.</param>
/// <param name="LogProb">The natural logarithm of its probability, at most 0.</param>
public sealed record TokenLogProb(string Token, double LogProb)
{
    /// <summary>The token's UTF-8 bytes; null where the vendor does not give them.</summary>
    public IReadOnlyList<byte>? Bytes { get; init; }

    /// <summary>The vendor's number of the token; null where it gives none.</summary>
    public long? TokenId { get; init; }

    /// <summary>The likeliest tokens in its place. Never null.</summary>
    public IReadOnlyList<TokenLogProb> Top { get; init; } = [];
}
