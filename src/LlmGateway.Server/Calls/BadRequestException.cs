namespace LlmGateway.Server.Calls;

/// <summary>The gateway itself refuses a request, before a model is asked. The message says what and why.</summary>
internal class BadRequestException(ProviderErrorKind kind, string message) : Exception(message)
{
    public ProviderErrorKind Kind { get; } = kind;

    /// <summary>The HTTP status, where it is not the one of the caller's dialect for the kind.</summary>
    public int? Status { get; init; }

    /// <summary>How long to wait before another try; null where waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Headers that go with the refusal. Never null.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}
