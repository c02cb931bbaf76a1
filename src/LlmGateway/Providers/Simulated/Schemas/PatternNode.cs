namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>A part of a regular expression, as far as texts are made from it.</summary>
internal abstract record PatternNode
{
    /// <summary>Matches no text of its own: an anchor, a look-around. What it asks is left to the check of the made text.</summary>
    internal sealed record Nothing : PatternNode;

    /// <summary>One character of several.</summary>
    internal sealed record Characters(string Choices) : PatternNode;

    /// <summary>One after the other.</summary>
    internal sealed record Sequence(IReadOnlyList<PatternNode> Nodes) : PatternNode;

    /// <summary>One of several.</summary>
    internal sealed record Either(IReadOnlyList<PatternNode> Nodes) : PatternNode;

    /// <summary>Several times.</summary>
    internal sealed record Repeat(PatternNode Node, int Minimum, int Maximum) : PatternNode;
}
