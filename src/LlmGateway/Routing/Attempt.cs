using LlmGateway.Budgets;
using LlmGateway.Routing.Targets;

namespace LlmGateway.Routing;

/// <summary>
/// One request to one target. It has begun to answer when something of the answer can be handed out: until then a failure
/// costs the caller nothing but time.
/// </summary>
/// <remarks>Whatever ends it, it is recorded once. Its limit of time, its place at the target and what was set aside for it end with it.</remarks>
internal abstract class Attempt : IAsyncDisposable
{
    private readonly TargetPass _pass;

    protected Attempt(RouteRun run, Chosen chosen, LlmRequest request, Admission admission, AttemptPurpose purpose)
    {
        (Run, Target, Request, _pass) = (run, chosen.Target, request, chosen.Pass);
        Limit = new AttemptLimit(run.Router.Time, run.Remaining, run.CancellationToken);
        Book = new RouteAttempt(Target, run.Router.Budget, admission, run.Call, request, run.Router.Time) { IsHedge = purpose.IsHedge, Rescue = purpose.Rescue };
    }

    public Target Target { get; }

    public LlmRequest Request { get; }

    public RouteAttempt Book { get; }

    protected RouteRun Run { get; }

    protected AttemptLimit Limit { get; }

    /// <summary>Asks, and waits for the first of the answer.</summary>
    /// <returns>Null where it has begun to answer; else why it failed.</returns>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public abstract Task<ProviderException?> BeginAsync();

    /// <summary>Another attempt answered first: this one ends at once, and is paid for.</summary>
    public void Abandon() => Limit.Abandon();

    public async ValueTask DisposeAsync()
    {
        try
        {
            await CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            Limit.Dispose();
            if (Book.IsCancelled) Target.Abandoned(_pass, Book.TimeToFirstToken);
            else Target.Ended(_pass, Book.Error, Book.TimeToFirstToken, Book.Usage);
            await Book.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends what is still under way, and records it.</summary>
    protected abstract ValueTask CloseAsync();

    /// <summary>A cancellation that is not the caller's is a time limit: the attempt's, or one of the provider's own.</summary>
    protected ProviderException Classify(Exception e) => e switch
    {
        ProviderException known => known,
        OperationCanceledException or TimeoutException => new ProviderException(Target.Provider.Name, ProviderErrorKind.Timeout, Limit.Describe(Target.Provider.Name), e),
        // Something that the provider lacks, such as a key: nothing was sent.
        GatewayException => new ProviderException(Target.Provider.Name, ProviderErrorKind.Unknown, e.Message, e) { IsOutcomeUnknown = false },
        _ => new ProviderException(Target.Provider.Name, ProviderErrorKind.Unknown, $"{Target.Provider.Name} failed: {e.GetType().Name}: {e.Message}", e),
    };
}

/// <summary>Why an attempt is made that is not the plain next one.</summary>
/// <param name="IsHedge">Whether beside a slow one.</param>
/// <param name="Rescue">How it goes on with a stream that died; null where it does not.</param>
internal readonly record struct AttemptPurpose(bool IsHedge = false, StreamRescue? Rescue = null);
