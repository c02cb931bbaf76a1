namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>A place in an answer where a value stands, or seems to.</summary>
internal sealed class Candidate
{
    /// <summary>Where it begins, in UTF-16 units.</summary>
    public required int Start { get; init; }

    /// <summary>Behind its end.</summary>
    public required int End { get; set; }

    /// <summary>Where its JSON stands in the output.</summary>
    public (int Start, int End) Json { get; init; }

    /// <summary>What was mended in it.</summary>
    public List<Repair> Repairs { get; init; } = [];

    /// <summary>Whether it is rather a part of a sentence, as a footnote's <c>[1]</c> is. It never stands before one that is not.</summary>
    public bool IsWeak { get; set; }

    /// <summary>Whether it is weak, and may be the value all the same: no footnote, no box to tick, no placeholder.</summary>
    public bool IsDoubtful { get; set; }

    /// <summary>Why it cannot be read; null where it can.</summary>
    public string? Failure { get; set; }

    /// <summary>Where the reason stands.</summary>
    public int FailureAt { get; set; }

    /// <summary>Whether it is meant as JSON. What is, and cannot be read, is not passed over in favour of an earlier value.</summary>
    public bool IsMeant { get; set; }

    /// <summary>Whether nothing stands before it on its line.</summary>
    public bool IsFirstOnLine { get; set; }

    /// <summary>Whether the text ended before it did.</summary>
    public bool IsTruncated { get; init; }
}
