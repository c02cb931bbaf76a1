using System.Text.Json;

namespace LlmGateway.StructuredOutput.Streaming;

/// <summary>A value, or the name of a member, in the order of the text: what is inside a value follows it.</summary>
/// <remarks>
/// What is not known when the node is added is written once, later. Snapshots of before see it too, and know by the
/// <see cref="End"/>, which lies behind what they hold, that for them it has not happened.
/// </remarks>
internal struct PartialNode(JsonValueKind kind, int start)
{
    /// <summary>Where a text must end for its places to fit beside the kind.</summary>
    public const int MaxLength = (1 << KindShift) - 1;

    private const int KindShift = 29;

    private readonly uint _kindAndStart = ((uint)kind << KindShift) | (uint)start;

    public readonly JsonValueKind Kind => (JsonValueKind)(_kindAndStart >> KindShift);

    public readonly int Start => (int)(_kindAndStart & MaxLength);

    /// <summary>Where the text of the value ends; 0 while it is not whole.</summary>
    public int End { get; set; }

    /// <summary>The first node behind an object or a list that is whole.</summary>
    public int Next { get; set; }
}
