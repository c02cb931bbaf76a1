namespace LlmGateway.Providers.Simulated.Facts;

/// <summary>What kind of value a piece of text is.</summary>
internal enum FactKind
{
    /// <summary>The whole text behind a label.</summary>
    Text,
    Date,
    Time,
    Money,
    Percent,
    Number,
    Currency,
    Email,
    Url,
    Phone,

    /// <summary>A code such as <c>INV-2024-17</c>.</summary>
    Id,

    /// <summary>Capitalised words: a person, a company, a place.</summary>
    Name,
}

/// <summary>A value found in a text, and the words that say what it is.</summary>
/// <param name="Kind">What kind of value it is.</param>
/// <param name="Text">The value: as written, or in the form JSON wants it (a date as 2024-05-31, a time as 14:30:00).</param>
internal sealed record Fact(FactKind Kind, string Text)
{
    /// <summary>The value of a number, an amount or a percentage; else null.</summary>
    public decimal? Number { get; init; }

    /// <summary>The words of the label before it. Empty where it has none.</summary>
    public Word[] Label { get; init; } = [];

    /// <summary>The words around it in its sentence, which say less than a label. </summary>
    public Word[] Context { get; init; } = [];

    /// <summary>For a text: the kind of the value that fills it from end to end; else its own kind.</summary>
    public FactKind Covers { get; init; } = Kind;

    /// <summary>For a date, the first time in its line, and for a time itself: as 14:30:00, with the offset from UTC where one is written. Null for none.</summary>
    public string? TimeOfDay { get; init; }

    /// <summary>The label as written, for the keys of a dictionary; null for none.</summary>
    public string? LabelText { get; init; }
}
