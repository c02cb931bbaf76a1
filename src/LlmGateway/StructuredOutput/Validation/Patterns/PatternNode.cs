namespace LlmGateway.StructuredOutput.Validation;

/// <summary>A part of an ECMA-262 pattern, in terms of code points.</summary>
internal abstract record PatternNode
{
    private PatternNode()
    {
    }

    /// <summary>One code point.</summary>
    internal sealed record One(CodePointSet Set) : PatternNode;

    internal sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode;

    internal sealed record Choice(IReadOnlyList<PatternNode> Branches) : PatternNode;

    /// <param name="Part">What is repeated.</param>
    /// <param name="Min">How often at least.</param>
    /// <param name="Max">How often at most; null for any number.</param>
    /// <param name="IsLazy">Whether fewer are tried first.</param>
    internal sealed record Repeat(PatternNode Part, int Min, int? Max, bool IsLazy) : PatternNode;

    /// <summary>A group that something may refer back to.</summary>
    internal sealed record Capture(PatternNode Part, int Number) : PatternNode;

    internal sealed record BackReference(int Number) : PatternNode;

    internal sealed record Look(PatternNode Part, bool IsAhead, bool IsNegative) : PatternNode;

    internal sealed record Start : PatternNode;

    internal sealed record End : PatternNode;

    internal sealed record WordBoundary(bool IsNegative) : PatternNode;
}
