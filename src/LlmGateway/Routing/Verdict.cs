namespace LlmGateway.Routing;

/// <summary>What is done after an attempt that failed.</summary>
internal enum NextStep
{
    /// <summary>The error goes to the caller.</summary>
    GiveUp,

    /// <summary>The same target is asked again.</summary>
    Retry,

    /// <summary>Another target is asked, and this one no more in this ask.</summary>
    MoveOn,
}

/// <summary>What is done after an attempt that failed, and why.</summary>
/// <param name="Step">What.</param>
/// <param name="Delay">How long is waited before.</param>
/// <param name="Because">Why, in words, for the record.</param>
internal readonly record struct Verdict(NextStep Step, TimeSpan Delay, string Because);
