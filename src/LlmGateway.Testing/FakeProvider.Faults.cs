namespace LlmGateway;

public sealed partial class FakeProvider
{
    private readonly Queue<Func<LlmRequest, Exception>> _faults = new();
    private readonly Queue<TimeSpan> _delays = new();

    /// <summary>Lets the next requests fail as a provider fails. They take no reply away.</summary>
    /// <param name="kind">What goes wrong; it decides whether the client tries again.</param>
    /// <param name="times">How many requests, at least 1.</param>
    /// <param name="retryAfter">How long the client is asked to wait; null for nothing said.</param>
    /// <returns>This provider.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="times"/> is less than 1.</exception>
    public FakeProvider FailNext(ProviderErrorKind kind, int times = 1, TimeSpan? retryAfter = null)
        => FailNext(_ => new ProviderException(Name, kind, $"{Name}: a fault of kind {kind}, injected by the test.") { RetryAfter = retryAfter }, times);

    /// <summary>Lets the next request fail with this exception. For a billed failure, give a <see cref="ProviderException"/> with a <see cref="ProviderException.PartialReply"/>.</summary>
    /// <param name="exception">What is thrown.</param>
    /// <returns>This provider.</returns>
    public FakeProvider FailNext(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return FailNext(_ => exception);
    }

    /// <summary>Lets the next requests fail with an exception made for each.</summary>
    /// <param name="makeException">Makes what is thrown.</param>
    /// <param name="times">How many requests, at least 1.</param>
    /// <returns>This provider.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="times"/> is less than 1.</exception>
    public FakeProvider FailNext(Func<LlmRequest, Exception> makeException, int times = 1)
    {
        ArgumentNullException.ThrowIfNull(makeException);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        lock (_lock)
        {
            for (var i = 0; i < times; i++) _faults.Enqueue(makeException);
        }

        return this;
    }

    /// <summary>Lets the next requests wait this much longer than <see cref="Delay"/>. A wait ends at once when its request is cancelled or runs out of time.</summary>
    /// <param name="delay">How long, by the clock that the provider was given.</param>
    /// <param name="times">How many requests, at least 1.</param>
    /// <returns>This provider.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is negative, or <paramref name="times"/> less than 1.</exception>
    public FakeProvider DelayNext(TimeSpan delay, int times = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        lock (_lock)
        {
            for (var i = 0; i < times; i++) _delays.Enqueue(delay);
        }

        return this;
    }
}
