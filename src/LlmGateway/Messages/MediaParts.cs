namespace LlmGateway;

/// <summary>An image.</summary>
/// <param name="Source">Where its bytes are; not null.</param>
public sealed record ImagePart(MediaSource Source) : LlmPart
{
    /// <summary>How closely the model is to look: <c>low</c>, <c>high</c>, <c>auto</c>, or a word of the vendor's; null for its default.</summary>
    public string? Detail { get; init; }
}

/// <summary>A document, such as a PDF.</summary>
/// <param name="Source">Where its bytes or its text are; not null.</param>
public sealed record DocumentPart(MediaSource Source) : LlmPart
{
    /// <summary>Its title or file name; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>What the model should know about it, apart from its text; null for nothing.</summary>
    public string? Context { get; init; }

    /// <summary>Whether the model is to cite it; null for the vendor's default.</summary>
    public bool? Citations { get; init; }
}

/// <summary>Sound, as input.</summary>
/// <param name="Source">Where its bytes are; not null.</param>
public sealed record AudioPart(MediaSource Source) : LlmPart;

/// <summary>A video, as input.</summary>
/// <param name="Source">Where its bytes are; not null.</param>
public sealed record VideoPart(MediaSource Source) : LlmPart;
