namespace LlmGateway.StructuredOutput.Streaming;

/// <summary>A value, or the name of a member, in the order of the text: what is inside a value follows it.</summary>
/// <remarks>
/// What is not known when the node is added is written once, later. Snapshots of before see it too, and know by the
/// <see cref="End"/>, which lies behind what they hold, that for them it has not happened.
/// </remarks>
internal struct PartialNode(int start)
{
    public int Start = start;

    /// <summary>Where the text of the value ends; 0 while it is not whole.</summary>
    public int End;

    /// <summary>The first node behind an object or a list that is whole.</summary>
    public int Next;
}
