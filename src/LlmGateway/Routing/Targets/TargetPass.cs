namespace LlmGateway.Routing.Targets;

/// <summary>An attempt at a target, from <see cref="Target.TryBegin"/> or <see cref="Target.BeginAsync"/> to <see cref="Target.Ended"/> or <see cref="Target.Abandoned"/>: exactly one of these two, once.</summary>
/// <param name="StartedAt">When it began, by <see cref="MonotonicTime.Now"/>.</param>
/// <param name="Tokens">The tokens that it was counted at.</param>
/// <param name="Circuit">The circuit's own part.</param>
internal readonly record struct TargetPass(TimeSpan StartedAt, long Tokens, CircuitPass Circuit)
{
    /// <summary>Whether it is to find out if the target has recovered.</summary>
    public bool IsProbe => Circuit.Probe != 0;
}
