namespace LlmGateway.Relay;

/// <summary>
/// Bytes of a vendor's stream as they came: whole events, whose deltas come just before. Only where the request was sent on
/// as it came. Folding a reply passes over it.
/// </summary>
/// <param name="Bytes">The bytes. Valid until the next delta is asked for.</param>
internal sealed record WireDelta(ReadOnlyMemory<byte> Bytes) : LlmDelta;
