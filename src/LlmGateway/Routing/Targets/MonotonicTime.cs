namespace LlmGateway.Routing.Targets;

/// <summary>Health goes by a clock that nobody sets: a wall clock put back would hold a circuit open.</summary>
internal static class MonotonicTime
{
    /// <summary>The time since a moment that stays the same, exact to the tick.</summary>
    public static TimeSpan Now(this TimeProvider time)
    {
        var (seconds, rest) = Math.DivRem(time.GetTimestamp(), time.TimestampFrequency);
        return new TimeSpan((seconds * TimeSpan.TicksPerSecond) + (rest * TimeSpan.TicksPerSecond / time.TimestampFrequency));
    }
}
