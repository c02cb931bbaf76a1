namespace LlmGateway;

/// <summary>The ledger, or a budget's store, can't be used: it can't be opened, read or written. Where it comes of a call, nothing was sent.</summary>
public sealed class LedgerException : GatewayException
{
    /// <summary>An error.</summary>
    /// <param name="message">What went wrong, why, and what to do.</param>
    /// <param name="innerException">What caused it, or null.</param>
    public LedgerException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
