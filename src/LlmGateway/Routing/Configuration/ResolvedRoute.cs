namespace LlmGateway.Routing.Configuration;

/// <summary>A route with the providers of its targets. Immutable; the same object as long as its book is in force.</summary>
internal sealed record ResolvedRoute(RouteConfig Route, IReadOnlyList<ResolvedTarget> Targets);

/// <summary>A target with its provider.</summary>
/// <param name="Target">The target as it was written.</param>
/// <param name="Provider">Who answers; the catalog disposes it.</param>
/// <param name="Model">The model that is asked: the target's, or the provider's default. Never empty.</param>
/// <param name="Key">What the provider was made of. With the model, it is the same target before and after a change of the file.</param>
internal sealed record ResolvedTarget(RouteTarget Target, ILlmProvider Provider, string Model, ProviderKey Key);
