using LlmGateway.Routing.Targets;

namespace LlmGateway.Routing.Policies;

/// <summary>One choice among a route's targets: who may be chosen, and who was looked at in vain.</summary>
internal ref struct TargetChoice(Target[] targets, in RequestNeeds needs, ReadOnlySpan<Target> tried, List<PassedOver>? passedOver)
{
    private readonly Target[] _targets = targets;
    private readonly ReadOnlySpan<Target> _tried = tried;
    private readonly List<PassedOver>? _passedOver = passedOver;

    public RequestNeeds Needs { get; } = needs;

    public TimeSpan Now { get; } = targets[0].Now;

    public readonly int Count => _targets.Length;

    public readonly Target this[int place] => _targets[place];

    /// <summary>Whether it was not tried in this call, can take the request, and nothing is in its way.</summary>
    public readonly bool Allows(int place)
    {
        var target = _targets[place];
        foreach (var tried in _tried)
            if (ReferenceEquals(tried, target)) return false;
        if (!TargetFit.Fits(target, Needs)) return PassOver(target, Obstacle.None);
        var obstacle = target.ObstacleTo(Needs, Now);
        return obstacle == Obstacle.None || PassOver(target, obstacle);
    }

    private readonly bool PassOver(Target target, Obstacle obstacle)
    {
        if (_passedOver is null) return false;
        foreach (var known in _passedOver)
            if (ReferenceEquals(known.Target, target)) return false;
        _passedOver.Add(new PassedOver(target, obstacle == Obstacle.None ? TargetFit.WhyNot(target, Needs)! : obstacle.InWords()));
        return false;
    }
}
