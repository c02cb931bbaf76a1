namespace LlmGateway.Relay;

/// <summary>
/// A request as it came over the wire, beside what it was decoded to. A provider of the same dialect sends these bytes on,
/// with nothing changed but the model's name, as long as what is asked is still what they say.
/// </summary>
internal sealed class WireRequest
{
    /// <summary>The dialect's name.</summary>
    public required string Dialect { get; init; }

    /// <summary>The body. It stays as it is until the call is over.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The query behind the path, without its question mark, as far as it may reach the vendor; empty for none.</summary>
    public string Query { get; init; } = "";

    /// <summary>The headers that may reach the vendor. Never null.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}
