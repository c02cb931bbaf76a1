using LlmGateway.Routing.Targets;

namespace LlmGateway.Routing;

internal sealed partial class Router
{
    /// <summary>The target to ask now, by the route's policy; it has begun, so that its place and its limits are taken.</summary>
    /// <param name="run">The ask.</param>
    /// <param name="again">The target to ask again; null for a choice.</param>
    /// <exception cref="ProviderException">None can be asked.</exception>
    /// <exception cref="OperationCanceledException">The caller left while it was waited for.</exception>
    public static async ValueTask<Chosen> PickAsync(RouteRun run, Target? again)
    {
        if (again is not null || run.Route.HasOne) return await WaitForAsync(run, again ?? run.Route.First).ConfigureAwait(false);

        // A model is shown its own mistake.
        if (run.IsFirst && run.Call.AnsweredBy is { } same && run.Route.Targets.Targets.Contains(same)) return await WaitForAsync(run, same).ConfigureAwait(false);
        while (run.Pick() is { } target)
        {
            if (TryBegin(run, target) is { } chosen) return chosen;
        }

        var needs = run.Needs;
        return run.Route.Targets.Soonest(needs, run.Excluded) is { } soonest ? await WaitForAsync(run, soonest).ConfigureAwait(false) : throw run.NobodyCan();
    }

    /// <summary>Another target that can be asked at once; null where there is none.</summary>
    private static Chosen? TryPickNow(RouteRun run, Target except)
    {
        while (run.Pick(except) is { } target)
        {
            if (TryBegin(run, target) is { } chosen) return chosen;
        }

        return null;
    }

    /// <summary>Null where another call was faster to take the last place.</summary>
    private static Chosen? TryBegin(RouteRun run, Target target)
    {
        var needs = run.Needs;
        return target.TryBegin(needs, run.AttemptTimeoutOf(target), out var pass) == Obstacle.None ? new Chosen(target, pass) : null;
    }

    private static async ValueTask<Chosen> WaitForAsync(RouteRun run, Target target)
    {
        var needs = target.IsLimited ? run.Needs : default;
        var atMost = run.AttemptTimeoutOf(target);
        if (target.TryBegin(needs, atMost, out var pass, isLastResort: true) == Obstacle.None) return new Chosen(target, pass);
        var remaining = run.Remaining();
        var patience = remaining < RetryPolicy.MaxRetryAfter ? remaining : RetryPolicy.MaxRetryAfter;
        if (await target.BeginAsync(needs, atMost, patience, run.CancellationToken).ConfigureAwait(false) is { } begun) return new Chosen(target, begun);

        var wait = target.MustWait(needs, target.Now);
        throw run.Final(new ProviderException(
            target.Provider.Name, ProviderErrorKind.RateLimited,
            $"{target.Name} can't be asked in time: {target.ObstacleTo(needs, target.Now).InWords()}. Nothing was sent. Try again later, raise its limit, or give the route another target.")
        {
            RetryAfter = wait > TimeSpan.Zero ? wait : null,
            IsOutcomeUnknown = false,
        });
    }
}

/// <summary>A target at which an attempt has begun.</summary>
/// <param name="Target">The target.</param>
/// <param name="Pass">What ends it.</param>
internal readonly record struct Chosen(Target Target, TargetPass Pass);
