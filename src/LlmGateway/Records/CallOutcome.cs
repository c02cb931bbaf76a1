namespace LlmGateway;

/// <summary>How a call, or one attempt of it, ended.</summary>
public enum CallOutcome
{
    /// <summary>With an answer.</summary>
    Succeeded,

    /// <summary>With a provider's error.</summary>
    Failed,

    /// <summary>With an answer that did not satisfy what was asked.</summary>
    Invalid,

    /// <summary>Before it was sent: a cost limit forbade it.</summary>
    Refused,

    /// <summary>By the caller's cancellation.</summary>
    Cancelled,
}
