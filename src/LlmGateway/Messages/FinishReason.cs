namespace LlmGateway;

/// <summary>Why the model stopped. What a vendor says beyond these is <see cref="Other"/>, with the vendor's own word beside it.</summary>
public enum FinishReason
{
    /// <summary>The model was done, or met a stop sequence.</summary>
    Stop,

    /// <summary>The limit on output tokens, or the context window, was reached: the answer is cut.</summary>
    Length,

    /// <summary>The model wants tools called.</summary>
    ToolCalls,

    /// <summary>The vendor's filter withheld the answer.</summary>
    ContentFilter,

    /// <summary>The model refused to answer.</summary>
    Refusal,

    /// <summary>Something else, or nothing was said.</summary>
    Other,
}
