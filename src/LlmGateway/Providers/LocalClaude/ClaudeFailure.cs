namespace LlmGateway.Providers.LocalClaude;

/// <summary>An answer of the CLI.</summary>
/// <param name="Reply">What the model said.</param>
/// <param name="CostUsd">What the CLI says it costs at the API's prices, in US dollars, whoever pays; null where it does not say.</param>
/// <param name="KeySource">Where the CLI says its key came from; null where it does not say.</param>
internal sealed record ClaudeAnswer(LlmReply Reply, decimal? CostUsd, string? KeySource);

/// <summary>An output of the CLI that is no answer. The parser throws nothing else, whatever the text.</summary>
internal sealed class ClaudeOutputException(ProviderErrorKind kind, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public ProviderErrorKind Kind { get; } = kind;

    /// <summary>The status of the API, where the CLI tells it.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The CLI's own code, such as <c>rate_limit</c> or <c>error_max_turns</c>.</summary>
    public string? Code { get; init; }

    public string? RequestId { get; init; }

    /// <summary>When the limit that was reached ends.</summary>
    public DateTimeOffset? ResetsAt { get; init; }

    /// <summary>What was used before the failure; null where nothing was.</summary>
    public ClaudeAnswer? Partial { get; init; }

    /// <summary>Whether the output held no message of the CLI at all, so that its other signs count: exit code and standard error.</summary>
    public bool HasNoMessage { get; init; }
}
