namespace LlmGateway.Relay;

/// <summary>
/// A request as it came over the wire, beside what it was decoded to. A provider of the same dialect sends these bytes on,
/// with nothing changed but the model's name, as long as what is asked is still what they say.
/// </summary>
internal sealed class WireRequest
{
    private LlmRequest? _decoded;

    /// <summary>The dialect's name.</summary>
    public required string Dialect { get; init; }

    /// <summary>The body. It stays as it is until the call is over.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The query behind the path, without its question mark, as far as it may reach the vendor; empty for none.</summary>
    public string Query { get; init; } = "";

    /// <summary>The headers that may reach the vendor. Never null.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Puts the bytes beside what they were decoded to: only such a request is sent on as it came.</summary>
    /// <param name="decoded">What the dialect read from <see cref="Body"/>.</param>
    /// <returns>The request to give to the client.</returns>
    public LlmRequest AttachTo(LlmRequest decoded)
    {
        _decoded = decoded with { Wire = this };
        return _decoded;
    }

    /// <summary>
    /// Whether the bytes still say what is asked, but for the model. Whoever changes a request on its way (a schema put
    /// another way, an answer to go on with, a larger limit) makes a copy that takes the bytes along, and they say it no more.
    /// What is never sent does not count.
    /// </summary>
    public bool Says(LlmRequest request)
        => _decoded is { } decoded
            && request.Stream == decoded.Stream
            && (ReferenceEquals(request, decoded) || decoded.Equals(request with { Model = decoded.Model, Tags = decoded.Tags, OutputType = decoded.OutputType, MaxTokensIsDefault = decoded.MaxTokensIsDefault, Wire = this }));
}
