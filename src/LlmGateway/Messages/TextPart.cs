namespace LlmGateway;

/// <summary>Text.</summary>
/// <param name="Text">The text; not null.</param>
public sealed record TextPart(string Text) : LlmPart
{
    /// <summary>Where the text is taken from, as the model says. Never null.</summary>
    public IReadOnlyList<Citation> Citations { get; init => field = value.Count == 0 ? [] : value; } = []; // One empty list, so that equal texts are equal.
}

/// <summary>The words in which a model refuses, where its vendor keeps them apart from text (OpenAI does).</summary>
/// <param name="Text">The refusal; not null.</param>
public sealed record RefusalPart(string Text) : LlmPart;

/// <summary>A source that a text of the model names.</summary>
public sealed record Citation
{
    /// <summary>Where the source is; null where it has no address.</summary>
    public string? Url { get; init; }

    /// <summary>The source's title; null where it has none.</summary>
    public string? Title { get; init; }

    /// <summary>The words of the source; null where the vendor does not give them.</summary>
    public string? CitedText { get; init; }

    /// <summary>Where in the answer's text the citation begins, in the vendor's own unit; null where it stands for the whole part.</summary>
    public int? StartIndex { get; init; }

    /// <summary>Where in the answer's text it ends, exclusive, in the vendor's own unit; null where it stands for the whole part.</summary>
    public int? EndIndex { get; init; }

    /// <summary>The citation's exact JSON in the dialect it came from, which goes back unchanged to the same dialect; null where the caller made it.</summary>
    public RawPart? Raw { get; init; }
}
