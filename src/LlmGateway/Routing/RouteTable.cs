using System.Collections.Concurrent;
using LlmGateway.Routing.Configuration;
using LlmGateway.Routing.Targets;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Routing;

/// <summary>What a model's name means: a route, or a model of the provider with its fallbacks behind it.</summary>
internal sealed class RouteTable : IAsyncDisposable
{
    /// <summary>Names of models that callers make up must not fill the memory.</summary>
    private const int MaxKept = 1_000;

    private readonly RouteCatalog _catalog;
    private readonly GatewayConfig _config;
    private readonly ConcurrentDictionary<string, Route> _plain = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ResolvedRoute, Route> _named = new(ReferenceEqualityComparer.Instance);
    private readonly Lazy<Target> _first;

    public RouteTable(GatewayConfig config, LlmClientOptions options, ILlmProvider? provider, PriceBook prices, ILogger logger)
    {
        _config = config;
        _catalog = new RouteCatalog(config, options, provider, logger);
        _first = new Lazy<Target>(() => config.Model is { } model && _catalog.Find(model) is not null ? Of(model).First : PlainTarget(config.Model ?? _catalog.Own.DefaultModel));
        _ = _first.Value;
    }

    /// <summary>The target that the client stands for.</summary>
    public Target First => _first.Value;

    /// <summary>The route of a model's name, as it is now. What is under way with an older one ends with that.</summary>
    /// <exception cref="ProviderInitException">A target lacks something, such as a key.</exception>
    public Route Of(string model, string operation = TelemetryNames.OperationChat)
    {
        if (operation == TelemetryNames.OperationEmbeddings) return new Route(null, [PlainTarget(model)], null);
        if (_catalog.Find(model) is { } named) return _named.GetOrAdd(named, static (resolved, table) => new Route(resolved.Route.Name, [.. resolved.Targets.Select(TargetOf)], resolved.Route), this);
        var fallbacks = _catalog.Fallbacks;
        if (_plain.TryGetValue(model, out var known) && ReferenceEquals(known.Source, fallbacks)) return known;
        var first = model == (_config.Model ?? _catalog.Own.DefaultModel) && _first.IsValueCreated ? First : PlainTarget(model);
        var route = new Route(null, [first, .. fallbacks.Select(TargetOf)], null) { Source = fallbacks };
        if (_plain.Count < MaxKept || _plain.ContainsKey(model)) _plain[model] = route;
        return route;
    }

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    private Target PlainTarget(string model) => new(new RouteTarget { Vendor = _catalog.Own.Name, Model = model }, _catalog.Own, model);

    private static Target TargetOf(ResolvedTarget target) => new(target.Target, target.Provider, target.Model);
}
