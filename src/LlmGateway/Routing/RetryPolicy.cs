namespace LlmGateway.Routing;

/// <summary>When another attempt is made, and how long before it.</summary>
internal sealed class RetryPolicy(int maxRetries, Func<double> randomizer)
{
    /// <summary>A vendor that asks for more is not waited for: the caller should know instead.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(30);

    /// <summary>The wait before the next attempt; null where there is none.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="attempt">How many attempts this ask has made, from 1.</param>
    /// <param name="retries">How many retries the call has made, over all its asks: re-asks do not multiply them.</param>
    public TimeSpan? DelayAfter(ProviderException error, int attempt, int retries)
    {
        if (!error.IsTransient || retries >= maxRetries || IsTooLong(error)) return null;
        return error.RetryAfter is { } asked ? asked : BackOff(attempt);
    }

    public static bool IsTooLong(ProviderException error) => error.RetryAfter > MaxRetryAfter;

    /// <summary>Doubles each time; half of it is left to chance, so that callers that failed together do not return together.</summary>
    private TimeSpan BackOff(int attempt)
    {
        var ceiling = Math.Min(FirstDelay.TotalSeconds * Math.Pow(2, attempt - 1), MaxDelay.TotalSeconds);
        return TimeSpan.FromSeconds(ceiling * (0.5 + (0.5 * randomizer())));
    }
}
