namespace LlmGateway;

/// <summary>A validated answer, and the record of the call that brought it. Immutable.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public sealed record LlmResponse<T>
{
    /// <summary>A response. The client makes them; tests may.</summary>
    /// <param name="content">The answer.</param>
    /// <param name="metadata">The record of the call.</param>
    /// <exception cref="ArgumentNullException"><paramref name="metadata"/> is null.</exception>
    public LlmResponse(T content, CallRecord metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        Content = content;
        Metadata = metadata;
    }

    /// <summary>The answer, which satisfies its schema and its attributes.</summary>
    public T Content { get; }

    /// <summary>All that happened in the call: attempts, re-asks, losses, ids.</summary>
    public CallRecord Metadata { get; }

    /// <summary>The tokens of all attempts, and what they cost.</summary>
    public TokenUsage Usage => Metadata.Usage;

    /// <summary>The model that answered, where the vendor says; else the one asked.</summary>
    public string Model => Metadata.Model;

    /// <summary>The provider's name.</summary>
    public string Provider => Metadata.Provider;

    /// <summary>How long the call took, retries and validation included.</summary>
    public TimeSpan Latency => Metadata.Latency;
}
