namespace LlmGateway.Relay;

/// <summary>A vendor's reply, or error, as it came over the wire.</summary>
/// <param name="Dialect">The dialect's name.</param>
/// <param name="Body">The body, decompressed.</param>
/// <param name="ContentType">Its type, as the vendor says; null where it does not.</param>
internal sealed record WireReply(string Dialect, ReadOnlyMemory<byte> Body, string? ContentType);
