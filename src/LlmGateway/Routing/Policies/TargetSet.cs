using LlmGateway.Routing.Targets;

namespace LlmGateway.Routing.Policies;

/// <summary>The targets of one route with its policy. Immutable but for whose turn it is; a reload makes a new one.</summary>
internal sealed class TargetSet
{
    private readonly Target[] _targets;
    private readonly ITargetPolicy _policy;

    /// <param name="targets">At least one, in the order written.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="prices">What the lowest cost goes by, as it is at <paramref name="at"/>.</param>
    /// <param name="random">Chance: at least 0, below 1.</param>
    /// <param name="at">Now.</param>
    public TargetSet(IReadOnlyList<Target> targets, RoutePolicy policy, PriceBook prices, Func<double> random, DateTimeOffset at)
    {
        ArgumentOutOfRangeException.ThrowIfZero(targets.Count);
        _targets = [.. targets];
        _policy = policy switch
        {
            RoutePolicy.Priority => new PriorityPolicy(),
            RoutePolicy.Weighted => new WeightedPolicy([.. targets.Select(static t => t.Options.Weight)], random),
            RoutePolicy.LeastLatency => new LeastLatencyPolicy(random),
            RoutePolicy.LowestCost => new LowestCostPolicy([.. targets.Select(t => LinearPrice.Of(t, prices, at))]),
            RoutePolicy.RoundRobin => new RoundRobinPolicy(),
            _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "No such policy."),
        };
    }

    public IReadOnlyList<Target> Targets => _targets;

    /// <summary>The target to ask next: not tried yet, able to take the request, and nothing in its way. Null where there is none.</summary>
    /// <param name="needs">The request.</param>
    /// <param name="tried">Those that are out of the question in this call.</param>
    /// <param name="passedOver">Takes those that were looked at in vain, each once; null where nobody asks.</param>
    public Target? Pick(in RequestNeeds needs, ReadOnlySpan<Target> tried, List<PassedOver>? passedOver = null)
    {
        var choice = new TargetChoice(_targets, needs, tried, passedOver);
        var place = _policy.Pick(ref choice);
        return place < 0 ? null : _targets[place];
    }

    /// <summary>Where <see cref="Pick"/> finds none: the one that can take the request and should be asked soonest, of equals the first written. Null where none can take it.</summary>
    public Target? Soonest(in RequestNeeds needs, ReadOnlySpan<Target> tried)
    {
        var now = _targets[0].Now;
        var (best, least) = ((Target?)null, TimeSpan.MaxValue);
        foreach (var target in _targets)
        {
            if (tried.Contains(target) || !TargetFit.Fits(target, needs)) continue;
            var wait = target.ShouldWait(needs, now);
            if (wait < least) (best, least) = (target, wait);
        }

        return best;
    }
}
