namespace LlmGateway;

/// <summary>The model answered, was asked again as often as allowed, and still did not give what was asked for.</summary>
public sealed class ResponseValidationException : GatewayException
{
    internal ResponseValidationException(string message, string rawText, IReadOnlyList<ValidationError> errors)
        : base(message)
    {
        RawText = rawText;
        Errors = errors;
    }

    /// <summary>The last answer, as the model wrote it. It may hold what the prompt held: mind where you log it.</summary>
    public string RawText { get; }

    /// <summary>All that was wrong with the last answer.</summary>
    public IReadOnlyList<ValidationError> Errors { get; }

    /// <summary>How many requests were made for this call.</summary>
    public int Attempts => Record?.Attempts.Count ?? 0;

    /// <summary>The tokens and the cost of all attempts together.</summary>
    public TokenUsage Usage => Record?.Usage ?? TokenUsage.Zero;
}
