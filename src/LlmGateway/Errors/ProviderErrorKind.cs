namespace LlmGateway;

/// <summary>What went wrong at a provider. Open to growth: treat a value you do not know as <see cref="Unknown"/>.</summary>
public enum ProviderErrorKind
{
    /// <summary>Not classified. Not retried.</summary>
    Unknown,

    /// <summary>Too many requests or tokens (HTTP 429). Retried.</summary>
    RateLimited,

    /// <summary>The vendor has too much to do (HTTP 503, 529). Retried.</summary>
    Overloaded,

    /// <summary>The vendor failed (other HTTP 5xx, 409). Retried.</summary>
    ServerError,

    /// <summary>No answer within the attempt's time, or HTTP 408. Retried.</summary>
    Timeout,

    /// <summary>The connection could not be made, or broke. Retried.</summary>
    Connection,

    /// <summary>The key is missing, wrong or not allowed to do this (HTTP 401, 403). Not retried.</summary>
    Authentication,

    /// <summary>The account has no credit (HTTP 402). Not retried.</summary>
    Billing,

    /// <summary>The model or the address does not exist (HTTP 404). Not retried.</summary>
    NotFound,

    /// <summary>The vendor does not accept the request (HTTP 400, 422). Not retried.</summary>
    InvalidRequest,

    /// <summary>The request is larger than the vendor accepts (HTTP 413). Not retried.</summary>
    RequestTooLarge,

    /// <summary>The conversation is longer than the model's context window. Not retried.</summary>
    ContextLength,

    /// <summary>The vendor's filter withheld the answer. Not retried.</summary>
    ContentFilter,

    /// <summary>The model refused to answer. Not retried.</summary>
    Refusal,

    /// <summary>The answer was cut: by the limit on its tokens, or because it broke off. Not retried.</summary>
    Truncated,

    /// <summary>The vendor answered with something that is not its protocol. Not retried.</summary>
    MalformedReply,

    /// <summary>The CLI of the provider is not installed or not found. Not retried.</summary>
    CliNotFound,
}
