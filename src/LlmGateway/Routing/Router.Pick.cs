using LlmGateway.Routing.Targets;

namespace LlmGateway.Routing;

internal sealed partial class Router
{
    public ValueTask<Target> PickAsync(RouteRun run, Target? again)
    {
        if (again is not null) return new(again);
        // A model is shown its own mistake.
        if (run.IsFirst && run.Call.AnsweredBy is { } same && run.Route.Targets.Contains(same)) return new(same);
        foreach (var target in run.Route.Targets)
            if (!run.IsDone(target) && run.IsLargeEnough(target)) return new(target);
        throw new ProviderException(run.Route.First.Provider.Name, ProviderErrorKind.InvalidRequest, "none");
    }

    private static Target? TryPickNow(RouteRun run, Target except)
    {
        foreach (var target in run.Route.Targets)
            if (target != except && !run.IsDone(target)) return target;
        return null;
    }
}
