using LlmGateway.Routing.Targets;

namespace LlmGateway.Routing;

internal sealed partial class Router
{
    /// <summary>Waits for the first of two: the attempt, and a second one at another target that is made when the first is slow.</summary>
    /// <returns>The one that has begun to answer; the other is ended and paid for. Where both failed, the later failure.</returns>
    private async Task<(Attempt Attempt, ProviderException? Error)> HedgeAsync(RouteRun run, Attempt first, TimeSpan after)
    {
        var one = BeginAsync(first);
        using (var wait = CancellationTokenSource.CreateLinkedTokenSource(run.CancellationToken))
        {
            var isSlow = await Task.WhenAny(one, Task.Delay(after, time, wait.Token)).ConfigureAwait(false) != one;
            await wait.CancelAsync().ConfigureAwait(false);
            if (!isSlow || !run.HasRetry || run.CancellationToken.IsCancellationRequested) return await one.ConfigureAwait(false);
        }

        Attempt second;
        try
        {
            if (TryPickNow(run, except: first.Target) is not { } chosen) return await one.ConfigureAwait(false);
            second = await StartAsync(run, chosen, new AttemptPurpose(IsHedge: true)).ConfigureAwait(false);
        }
        catch (GatewayException)
        {
            // A budget has no room for a second request beside the first: the first goes on alone.
            return await one.ConfigureAwait(false);
        }
        catch
        {
            first.Abandon();
            await SettleAsync(one).ConfigureAwait(false);
            throw;
        }

        return await RaceAsync(run, first, one, second, BeginAsync(second)).ConfigureAwait(false);
    }

    private static TimeSpan? HedgeAfter(Target target, RouteHedge hedge)
        => hedge.Percentile is { } percentile && target.Latency.Percentile(percentile) is { } known ? known : hedge.After;

    private static async Task<(Attempt Attempt, ProviderException? Error)> RaceAsync(RouteRun run, Attempt first, Task<(Attempt Attempt, ProviderException? Error)> one, Attempt second, Task<(Attempt Attempt, ProviderException? Error)> two)
    {
        var early = await Task.WhenAny(one, two).ConfigureAwait(false);
        var (late, lateAttempt) = early == one ? (two, second) : (one, first);
        if (early is { IsCompletedSuccessfully: true, Result.Error: { } error })
        {
            // It failed: the other may still answer.
            run.MoveOn(early.Result.Attempt, error, $"{lateAttempt.Target.Name} was asked beside it");
            return await late.ConfigureAwait(false);
        }

        lateAttempt.Abandon();
        await SettleAsync(late).ConfigureAwait(false);
        return await early.ConfigureAwait(false);
    }

    /// <summary>Ends one that is not wanted: also where it has just begun to answer.</summary>
    private static async Task SettleAsync(Task<(Attempt Attempt, ProviderException? Error)> unwanted)
    {
        try
        {
            var (attempt, error) = await unwanted.ConfigureAwait(false);
            if (error is null) await attempt.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or GatewayException)
        {
            // It is recorded; nobody waits for it.
        }
    }
}
