namespace LlmGateway.Routing.Targets;

/// <summary>What a circuit makes of its target.</summary>
internal enum CircuitState
{
    /// <summary>It is asked.</summary>
    Closed,

    /// <summary>It failed too often: it is not asked before its time is up, unless nothing else is left.</summary>
    Open,

    /// <summary>One attempt is under way that tells whether it has recovered.</summary>
    HalfOpen,
}
