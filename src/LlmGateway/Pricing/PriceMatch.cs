namespace LlmGateway;

/// <summary>What the price book found for a model: the price, and which row of which source it comes from. Immutable.</summary>
public sealed record PriceMatch
{
    /// <summary>The vendor whose row it is, by its one name (<c>gemini</c>, also where <c>google</c> was asked).</summary>
    public required string Provider { get; init; }

    /// <summary>The main name of the row; with <see cref="Provider"/> it identifies the row.</summary>
    public required string Row { get; init; }

    /// <summary>The row's name or pattern that the model matched, such as <c>claude-opus-4-5-YYYYMMDD</c>; <c>*</c> where the row is for every model.</summary>
    public required string MatchedName { get; init; }

    /// <summary>Where the row comes from: the price data's name and version, a file's path, or <c>registered</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The price at the time asked about.</summary>
    public required ModelPrice Price { get; init; }
}
