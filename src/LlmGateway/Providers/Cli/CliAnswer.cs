namespace LlmGateway.Providers.Cli;

/// <summary>An answer of a program.</summary>
/// <param name="Reply">What the model said.</param>
/// <param name="CostUsd">What the program says it costs at the API's prices, in US dollars, whoever pays; null where it does not say.</param>
/// <param name="KeySource">Where the program says its key came from; null where it does not say.</param>
internal sealed record CliAnswer(LlmReply Reply, decimal? CostUsd = null, string? KeySource = null);

/// <summary>An output of a program that is no answer. The parsers throw nothing else, whatever the text.</summary>
internal sealed class CliOutputException(ProviderErrorKind kind, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public ProviderErrorKind Kind { get; } = kind;

    /// <summary>The status of the API, where the program tells it.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The program's own code, such as <c>rate_limit</c> or <c>error_max_turns</c>.</summary>
    public string? Code { get; init; }

    public string? RequestId { get; init; }

    /// <summary>When the limit that was reached ends.</summary>
    public DateTimeOffset? ResetsAt { get; init; }

    /// <summary>How long to wait, where the program says that and not until when.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What was used before the failure; null where nothing was.</summary>
    public CliAnswer? Partial { get; init; }

    /// <summary>Whether the output held no message of the program at all, so that its other signs count: exit code and standard error.</summary>
    public bool HasNoMessage { get; init; }
}
