using LlmGateway.Budgets;
using LlmGateway.Client;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Routing;

/// <summary>
/// Carries asks to the targets of a route, and tries again where that can help: the only layer that retries. Each attempt is
/// admitted by the budget, timed, settled and recorded, whatever comes of it.
/// </summary>
internal sealed partial class Router(GatewayConfig config, BudgetGate budget, RetryPolicy retries, TimeProvider time, ILogger logger)
{
    /// <summary>A stream's first token is waited for so long, where another target can be asked.</summary>
    public const int FirstTokenSeconds = 10;

    /// <summary>The longest silence between two tokens of a stream.</summary>
    public const int IdleSeconds = 15;

    public GatewayConfig Config => config;

    public BudgetGate Budget => budget;

    public RetryPolicy Retries => retries;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>The time for one attempt. A timer holds some 49 days; a longer time is as good as that.</summary>
    public TimeSpan AttemptTimeout { get; } = TimeSpan.FromMilliseconds(Math.Min(config.TimeoutSeconds * 1000d, uint.MaxValue - 1d));

    /// <exception cref="CostLimitExceededException">The budget refused an attempt.</exception>
    /// <exception cref="ProviderException">No attempt succeeded.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<LlmReply> AskAsync(Route route, Call call, Ask ask, CancellationToken cancellationToken)
    {
        var run = new RouteRun(this, route, call, ask, isStreamed: false, cancellationToken);
        var attempt = (WholeAttempt)await BeginAsync(run).ConfigureAwait(false);
        await using (attempt.ConfigureAwait(false))
        {
            run.Answers(attempt);
            call.SetReply(attempt.Reply!);
            return attempt.Reply!;
        }
    }

    /// <summary>Makes attempts until one has begun to answer.</summary>
    /// <returns>That attempt; the caller disposes it.</returns>
    private async Task<Attempt> BeginAsync(RouteRun run)
    {
        while (true)
        {
            var attempt = await StartAsync(run, await run.PickAsync().ConfigureAwait(false), default).ConfigureAwait(false);
            var (begun, error) = run.Route.Hedge is { } hedge && HedgeAfter(attempt.Target, hedge) is { } after
                ? await HedgeAsync(run, attempt, after).ConfigureAwait(false)
                : await BeginAsync(attempt).ConfigureAwait(false);
            if (error is null) return begun;
            await run.AfterAsync(begun, error).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for an attempt to begin. One that does not is disposed.</summary>
    private static async Task<(Attempt Attempt, ProviderException? Error)> BeginAsync(Attempt attempt)
    {
        var hasBegun = false;
        try
        {
            var error = await attempt.BeginAsync().ConfigureAwait(false);
            hasBegun = error is null;
            return (attempt, error);
        }
        finally
        {
            if (!hasBegun) await attempt.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>An admitted attempt at a target, not yet asked.</summary>
    /// <param name="run">The ask.</param>
    /// <param name="chosen">Where.</param>
    /// <param name="purpose">Why.</param>
    /// <param name="request">What is asked; null for the ask's own.</param>
    private async ValueTask<Attempt> StartAsync(RouteRun run, Chosen chosen, AttemptPurpose purpose, LlmRequest? request = null)
    {
        try
        {
            request ??= run.Ask.For(chosen.Target);
            var admission = await budget.AdmitAsync(run.Call, chosen.Target.Provider, request, run.CancellationToken).ConfigureAwait(false);
            run.Began(chosen.Target);
            return request.Stream ? new StreamAttempt(run, chosen, request, admission, purpose) : new WholeAttempt(run, chosen, request, admission, purpose);
        }
        catch
        {
            chosen.Target.Abandoned(chosen.Pass);
            throw;
        }
    }
}
