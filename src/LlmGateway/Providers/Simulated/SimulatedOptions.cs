namespace LlmGateway;

/// <summary>How a <see cref="SimulatedProvider"/> behaves. The defaults answer at once and never fail. Immutable.</summary>
public sealed record SimulatedOptions
{
    /// <summary>How long an answer takes, on the provider's <see cref="System.TimeProvider"/>. Zero by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan Latency
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
        }
    }

    /// <summary>The clock that <see cref="Latency"/> is waited on. The system's by default; a test gives its own and waits for nothing.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The input tokens of every reply; null, the default, counts one for each 4 characters of the conversation, rounded up.</summary>
    public long? InputTokens { get; init; }

    /// <summary>The output tokens of every reply; null, the default, counts one for each 4 characters of the answer, rounded up.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>
    /// Asked before each answer with the number of the call (1 for the provider's first) and the request: the failure to
    /// throw, or null to answer. Return a new exception each time. Null by default: nothing fails. Called concurrently
    /// when the provider is.
    /// </summary>
    public Func<int, LlmRequest, ProviderException?>? Fault { get; init; }

    /// <summary>A <see cref="Fault"/> that fails the provider's first calls and then answers.</summary>
    /// <param name="calls">How many calls fail.</param>
    /// <param name="kind">How they fail.</param>
    /// <returns>The delegate.</returns>
    public static Func<int, LlmRequest, ProviderException?> FailFirst(int calls, ProviderErrorKind kind) => (call, _) => call > calls
        ? null
        : new ProviderException(SimulatedProvider.ProviderName, kind, $"Simulated failure {call} of {calls} ({kind}), as SimulatedOptions.Fault asks.");
}
