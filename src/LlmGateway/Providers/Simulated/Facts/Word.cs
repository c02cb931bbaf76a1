namespace LlmGateway.Providers.Simulated.Facts;

/// <summary>A word of a member's name or of a label, reduced so that "Invoice No." and <c>invoiceNumber</c> meet.</summary>
/// <param name="Stem">The word without its ending.</param>
/// <param name="Concept">The name of the group of near-synonyms it belongs to; null for a word of none.</param>
internal readonly record struct Word(string Stem, string? Concept)
{
    /// <summary>How alike two words are: 1 for the same, less for near-synonyms, 0 for others.</summary>
    public double Likeness(Word other) => Stem == other.Stem ? 1 : Concept is not null && Concept == other.Concept ? 0.9 : 0;
}
