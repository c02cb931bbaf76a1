namespace LlmGateway.Relay;

/// <summary>
/// Bytes of a vendor's stream as they came: whole events, whose deltas come just before. Only where the request was sent on
/// as it came. Folding a reply passes over it.
/// </summary>
/// <param name="Bytes">The bytes. Valid until the next delta is asked for.</param>
internal sealed record WireDelta(ReadOnlyMemory<byte> Bytes) : LlmDelta
{
    /// <summary>Whether nothing in the bytes could be read, so that they are no sign that anything goes well.</summary>
    public bool IsNoise { get; init; }

    /// <summary>The same with memory of its own, to be kept.</summary>
    public WireDelta Kept() => this with { Bytes = Bytes.ToArray() };
}
