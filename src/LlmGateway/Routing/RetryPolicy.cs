namespace LlmGateway.Routing;

/// <summary>What is done after an attempt that failed: the table of <c>docs/reliability.md</c>, in code.</summary>
/// <remarks>
/// Invariants. One ask makes at most <c>1 + LLM_MAX_RETRIES</c> requests over all its targets, and at most
/// <see cref="MaxOnOneTarget"/> on one. A target that kept silent is not asked again in the ask. The last request that is
/// allowed goes to a target that has not been asked yet, where there is one. No wait is shorter than what the vendor asked for.
/// </remarks>
internal sealed class RetryPolicy(int maxRetries, Func<double> randomizer)
{
    /// <summary>More would hammer a vendor that has already failed twice.</summary>
    public const int MaxOnOneTarget = 3;

    /// <summary>A vendor that asks for more is not waited for: the caller should know instead.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(60);

    /// <summary>The same where another target can answer at once.</summary>
    public static readonly TimeSpan MaxRetryAfterWithOthers = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(30);

    /// <summary>How many retries a call has, over all its asks: re-asks do not multiply them.</summary>
    public int MaxRetries => maxRetries;

    public static bool IsTooLong(ProviderException error) => error.RetryAfter > MaxRetryAfter;

    /// <param name="error">What went wrong.</param>
    /// <param name="on">How many attempts this ask has made on the target.</param>
    /// <param name="left">How many retries the call has left.</param>
    /// <param name="others">Whether another target can be asked.</param>
    /// <param name="isSick">Whether the target's circuit is not closed: one request finds out whether it has recovered, no more.</param>
    /// <param name="fallbackOn">What else moves the call to another target.</param>
    /// <param name="remaining">The time that the call has left.</param>
    public Verdict After(ProviderException error, int on, int left, bool others, bool isSick, IReadOnlyList<ProviderErrorKind> fallbackOn, TimeSpan remaining)
    {
        if (left <= 0) return GiveUp($"no retry is left of {maxRetries} (LLM_MAX_RETRIES)");
        if (!error.IsTransient) return others && (MovesOn(error.Kind) || fallbackOn.Contains(error.Kind)) ? MoveOn($"another target may answer where this one gave {Words(error)}") : GiveUp($"{Words(error)} would come again");
        if (IsSilence(error)) return others ? MoveOn("a target that kept silent is not asked again") : GiveUp("a target that kept silent is not asked again, and there is no other");
        if (others && (left == 1 || on >= MostOn(error.Kind))) return MoveOn(left == 1 ? "the last retry goes to a target that was not asked yet" : $"{Words(error)} after {on} request(s)");
        if (others && isSick) return MoveOn($"{Words(error)}, and it failed too often of late");
        if (on >= MaxOnOneTarget) return GiveUp($"{on} requests were made to it, and there is no other target");

        var delay = error.RetryAfter ?? BackOff(on);
        if (delay > (others ? MaxRetryAfterWithOthers : MaxRetryAfter)) return others ? MoveOn($"it asks to wait {delay.TotalSeconds} s") : GiveUp($"it asks to wait {delay.TotalSeconds} s, longer than a call waits");
        if (delay >= remaining) return others ? MoveOn("the wait does not fit the deadline") : GiveUp("the wait does not fit the deadline (LLM_DEADLINE_SECONDS)");
        return new Verdict(NextStep.Retry, delay, error.RetryAfter is null ? $"{Words(error)} may pass" : "the vendor said when to ask again");
    }

    /// <summary>Nothing came back: not even a status that says to try later.</summary>
    private static bool IsSilence(ProviderException error) => error is { Kind: ProviderErrorKind.Timeout, HttpStatus: null or (>= 200 and < 300) };

    /// <summary>What another target may do better, whatever the route says.</summary>
    private static bool MovesOn(ProviderErrorKind kind) => kind is ProviderErrorKind.ContextLength or ProviderErrorKind.MalformedReply or ProviderErrorKind.Truncated;

    /// <summary>How often a target is asked before another is.</summary>
    private static int MostOn(ProviderErrorKind kind) => kind switch
    {
        ProviderErrorKind.Connection => 1,
        ProviderErrorKind.ServerError or ProviderErrorKind.Timeout => 2,
        _ => MaxOnOneTarget,
    };

    /// <summary>Full jitter: from 0 to a ceiling that doubles, so that callers that failed together do not return together.</summary>
    private TimeSpan BackOff(int attempt)
        => TimeSpan.FromSeconds(Math.Min(FirstDelay.TotalSeconds * Math.Pow(2, attempt - 1), MaxDelay.TotalSeconds) * randomizer());

    private static string Words(ProviderException error) => error.HttpStatus is >= 300 ? $"{error.Kind} (HTTP {error.HttpStatus})" : error.Kind.ToString();

    private static Verdict GiveUp(string because) => new(NextStep.GiveUp, TimeSpan.Zero, because);

    private static Verdict MoveOn(string because) => new(NextStep.MoveOn, TimeSpan.Zero, because);
}
