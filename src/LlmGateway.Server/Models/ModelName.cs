namespace LlmGateway.Server.Models;

/// <summary>What a model's name that a caller gave means here.</summary>
/// <param name="Name">The name as it was given.</param>
/// <param name="Route">The route that it names; null for none.</param>
/// <param name="Targets">The target that it names, or the route's; null for a model of the gateway's own provider, with its fallbacks.</param>
internal sealed record ModelName(string Name, RouteConfig? Route, IReadOnlyList<RouteTarget>? Targets)
{
    /// <summary>The model of the gateway's own provider; empty where it is another's.</summary>
    public string OwnModel { get; init; } = "";
}
