using LlmGateway.Routing.Policies;
using LlmGateway.Routing.Targets;

namespace LlmGateway.Routing;

/// <summary>Where a call may go, and by which rules. Immutable; how its targets fare is theirs to know.</summary>
internal sealed class Route(string? name, TargetSet targets, RouteConfig? config)
{
    /// <summary>The route's name; null for the plain way to the provider and its fallbacks.</summary>
    public string? Name => name;

    public TargetSet Targets => targets;

    /// <summary>Whether there is no choice.</summary>
    public bool HasOne => targets.Targets.Count == 1;

    /// <summary>The fallbacks that it was made with, by which it is known to be of date.</summary>
    public object? Source { get; init; }

    /// <summary>The one that telemetry names, and whose abilities are taken for the route's, while none has been asked.</summary>
    public Target First => targets.Targets[0];

    public IReadOnlyList<ProviderErrorKind> FallbackOn { get; } = config?.FallbackOn ?? [];

    /// <summary>Whether a reply that is a refusal is to be asked for elsewhere.</summary>
    public bool MovesOnRefusal { get; } = config is not null && (config.FallbackOn.Contains(ProviderErrorKind.Refusal) || config.FallbackOn.Contains(ProviderErrorKind.ContentFilter));

    public RouteHedge? Hedge => config?.Hedge;

    public StreamRescue? Rescue => config?.Rescue;
}
