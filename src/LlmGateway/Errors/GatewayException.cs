namespace LlmGateway;

/// <summary>The base of every error of the gateway. Its message says what went wrong, why, and what to do; it never holds a secret.</summary>
public class GatewayException : Exception
{
    /// <summary>An error.</summary>
    /// <param name="message">What went wrong, why, and what to do.</param>
    /// <param name="innerException">What caused it, or null.</param>
    public GatewayException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// The record of the call that failed: its attempts, tokens and cost. Null for an error outside a call,
    /// such as one of the configuration.
    /// </summary>
    public CallRecord? Record { get; internal set; }
}
