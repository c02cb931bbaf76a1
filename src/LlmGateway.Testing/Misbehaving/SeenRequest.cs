namespace LlmGateway;

/// <summary>What <see cref="MisbehavingServer"/> saw of one request, and what became of it. Immutable.</summary>
public sealed record SeenRequest
{
    /// <summary>When it had arrived whole, by the server's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The path it asked for, with the query.</summary>
    public required string Path { get; init; }

    /// <summary>The dialect it was read as; null where its path is of none.</summary>
    public string? Dialect { get; init; }

    /// <summary>The model it asks; null where it could not be read.</summary>
    public string? Model { get; init; }

    /// <summary>Whether it asks for a stream.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>The bytes of its body.</summary>
    public required int Bytes { get; init; }

    /// <summary>The text of its last message where that is the assistant's, for the model to go on from; null where it is not.</summary>
    public string? Prefill { get; init; }

    /// <summary>Which key it showed, without showing it: the first 8 hexadecimal digits of the SHA-256 of the key (with signed requests, of the key's id). Null for none.</summary>
    public string? KeyHash { get; init; }

    /// <summary>What became of it.</summary>
    public SeenOutcome Outcome { get; init; }

    /// <summary>The status that was answered; null for none.</summary>
    public int? Status { get; init; }

    /// <summary>The bytes of body that were written to the caller.</summary>
    public long BytesSent { get; init; }

    /// <summary>The input tokens a vendor would bill: 4 characters are a token. 0 before the model has begun to write, and for an error.</summary>
    public long BilledInputTokens { get; init; }

    /// <summary>The output tokens a vendor would bill: what the model wrote, whether or not the caller read it; 4 characters are a token.</summary>
    public long BilledOutputTokens { get; init; }
}

/// <summary>What became of a request to <see cref="MisbehavingServer"/>.</summary>
public enum SeenOutcome
{
    /// <summary>It is still being answered.</summary>
    UnderWay,

    /// <summary>It got a whole answer.</summary>
    Answered,

    /// <summary>It got an error, as a status or in the stream.</summary>
    Failed,

    /// <summary>It got something that is no answer: nothing, a page, a part of one.</summary>
    Broken,

    /// <summary>The caller closed its connection before all was said.</summary>
    CallerLeft,

    /// <summary>The server was disposed.</summary>
    Stopped,
}
