using System.Collections.Concurrent;
using LlmGateway.Routing.Configuration;
using LlmGateway.Routing.Policies;
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
    private readonly ConcurrentDictionary<string, Route> _chosen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ResolvedRoute, Route> _named = new(ReferenceEqualityComparer.Instance);
    private readonly Lazy<Target> _first;
    private readonly TargetPool _targets;
    private readonly LlmClientOptions _options;
    private readonly PriceBook _prices;
    private readonly Action<Target, CircuitState> _circuitChanged;

    public RouteTable(GatewayConfig config, LlmClientOptions options, ILlmProvider? provider, PriceBook prices, ILogger logger)
    {
        (_config, _options, _prices) = (config, options, prices);
        _circuitChanged = (target, state) =>
        {
            logger.CircuitChanged(target.Name, CallTelemetry.Word(state));
            CallTelemetry.CountCircuit(target.Name, CallTelemetry.Word(state));
        };
        _targets = new TargetPool(options.Services.TimeProvider, _circuitChanged);
        _catalog = new RouteCatalog(config, options, provider, logger);
        _first = new Lazy<Target>(() => config.Model is { } model && _catalog.Find(model) is not null ? Of(model).First : PlainTarget(config.Model ?? _catalog.Own.DefaultModel));
        _ = _first.Value;
    }

    /// <summary>The routes and vendors in force.</summary>
    public RouteBook Book => _catalog.Book;

    /// <summary>The target that the client stands for.</summary>
    public Target First => _first.Value;

    /// <summary>The route of a model's name, as it is now. What is under way with an older one ends with that.</summary>
    /// <exception cref="ProviderInitException">A target lacks something, such as a key.</exception>
    public Route Of(string model, string operation = TelemetryNames.OperationChat)
    {
        if (operation == TelemetryNames.OperationEmbeddings) return Plain(model, []);
        if (_catalog.Find(model) is { } named) return _named.GetOrAdd(named, static (resolved, table) => table.Named(resolved), this);
        var fallbacks = _catalog.Fallbacks;
        if (_plain.TryGetValue(model, out var known) && ReferenceEquals(known.Source, fallbacks)) return known;
        var route = Plain(model, fallbacks);
        if (_plain.Count < MaxKept || _plain.ContainsKey(model)) _plain[model] = route;
        return route;
    }

    /// <summary>The route of a request: of the targets that a server chose for it, else of its model's name.</summary>
    /// <exception cref="ProviderInitException">A target lacks something, such as a key.</exception>
    public Route Of(LlmRequest request, string operation = TelemetryNames.OperationChat)
    {
        if (request.Scope?.Targets is not { } targets) return Of(request.Model, operation);
        if (operation == TelemetryNames.OperationEmbeddings) targets = [targets[0]];
        var book = _catalog.Book;
        var name = string.Join('\n', targets.Select(target => $"{target}@{target.BaseUrl}"));
        if (_chosen.TryGetValue(name, out var known) && ReferenceEquals(known.Source, book)) return known;
        var route = new Route(null, Set(targets.Select(target => TargetOf(_catalog.Resolve(target))), RoutePolicy.Priority), null) { Source = book };
        if (_chosen.Count < MaxKept || _chosen.ContainsKey(name)) _chosen[name] = route;
        return route;
    }

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    private Route Named(ResolvedRoute resolved) => new(resolved.Route.Name, Set(resolved.Targets.Select(TargetOf), resolved.Route.Policy), resolved.Route);

    private Route Plain(string model, IReadOnlyList<ResolvedTarget> fallbacks)
    {
        var isOwn = _first.IsValueCreated && model == First.Model;
        var others = fallbacks.Where(other => !(ReferenceEquals(other.Provider, _catalog.Own) && other.Model == model));
        return new Route(null, Set([isOwn ? First : PlainTarget(model), .. others.Select(TargetOf)], RoutePolicy.Priority), null) { Source = fallbacks };
    }

    private TargetSet Set(IEnumerable<Target> targets, RoutePolicy policy)
        => new([.. targets], policy, _prices, _options.Services.Randomizer, _options.Services.TimeProvider.GetUtcNow());

    private Target PlainTarget(string model)
    {
        var target = new RouteTarget { Vendor = _catalog.Own.Name, Model = model };
        return _plain.Count < MaxKept ? _targets.Get(target, _catalog.Own) : new Target(target, _catalog.Own, new TargetHealth(), null, _options.Services.TimeProvider, _circuitChanged);
    }

    private Target TargetOf(ResolvedTarget target) => _targets.Get(target.Target, target.Provider);
}
