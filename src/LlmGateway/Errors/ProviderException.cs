using LlmGateway.Relay;

namespace LlmGateway;

/// <summary>A provider failed to answer. <see cref="Kind"/> says how.</summary>
public class ProviderException : GatewayException
{
    private readonly bool? _isOutcomeUnknown;
    private LlmReply? _partialReply;

    /// <summary>A provider's failure.</summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">What went wrong and what to do; without secrets.</param>
    /// <param name="innerException">What caused it, or null.</param>
    public ProviderException(string provider, ProviderErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Provider = provider;
        Kind = kind;
    }

    /// <inheritdoc/>
    public override string Message => Attempts > 1 ? $"{base.Message} ({Attempts} requests were made.)" : base.Message;

    /// <summary>The provider's name.</summary>
    public string Provider { get; }

    /// <summary>What went wrong.</summary>
    public ProviderErrorKind Kind { get; }

    /// <summary>The HTTP status; null where there was none.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The vendor's own code for the error, such as <c>overloaded_error</c>; null where it gave none.</summary>
    public string? VendorCode { get; init; }

    /// <summary>The vendor's id of the request, to quote to its support; null where it gave none.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long the vendor asks to wait before another attempt; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What was received before the failure; null where nothing was. Its usage is billed.</summary>
    public LlmReply? PartialReply
    {
        get => _partialReply;
        init => _partialReply = value;
    }

    /// <summary>How many requests were made for this call, this one included; 0 before the client has counted them.</summary>
    public int Attempts => Record?.Attempts.Count ?? 0;

    /// <summary>
    /// Whether the request was sent and the vendor may have billed it, though it said nothing of that: then what was set
    /// aside for it counts as spent. Unless set: a timeout, a reply that was cut or not understood, and what is not classified,
    /// where there was no HTTP status of an error.
    /// </summary>
    public bool IsOutcomeUnknown
    {
        get => _isOutcomeUnknown ?? (HttpStatus is null or (>= 200 and < 300)
            && Kind is ProviderErrorKind.Timeout or ProviderErrorKind.Truncated or ProviderErrorKind.MalformedReply or ProviderErrorKind.Unknown);
        init => _isOutcomeUnknown = value;
    }

    /// <summary>Whether another attempt can help.</summary>
    public virtual bool IsTransient => Kind is ProviderErrorKind.RateLimited or ProviderErrorKind.Overloaded
        or ProviderErrorKind.ServerError or ProviderErrorKind.Timeout or ProviderErrorKind.Connection;

    /// <summary>
    /// What another target answered, where it was to go on with a stream that had died and said something else than what had
    /// been handed out (which is in <see cref="PartialReply"/>); null otherwise.
    /// </summary>
    public LlmReply? DivergentReply { get; init; }

    /// <summary>The vendor's error as it came, where the request was sent on as it came.</summary>
    internal WireReply? Wire { get; init; }

    /// <summary>The message without the count of requests.</summary>
    internal string Text => base.Message;

    /// <summary>The same error in other words.</summary>
    internal ProviderException With(string message) => Copy(message, PartialReply);

    /// <summary>The same error with what was handed out.</summary>
    internal ProviderException WithPartial(LlmReply partial) => Copy(Text, partial);

    private ProviderException Copy(string message, LlmReply? partial) => new(Provider, Kind, message, this)
    {
        HttpStatus = HttpStatus,
        VendorCode = VendorCode,
        RequestId = RequestId,
        RetryAfter = RetryAfter,
        PartialReply = partial,
        DivergentReply = DivergentReply,
        IsOutcomeUnknown = IsOutcomeUnknown,
        Wire = Wire,
    };

    /// <summary>What the client has received of a stream that a provider's error ended.</summary>
    internal void AddPartial(LlmReply received) => _partialReply ??= received;
}
