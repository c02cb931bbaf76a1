using System.Collections.Concurrent;
using LlmGateway.Routing.Targets;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Routing;

/// <summary>What a model's name means: a route, or a model of the provider with its fallbacks behind it.</summary>
internal sealed class RouteTable : IAsyncDisposable
{
    /// <summary>Names of models that callers make up must not fill the memory.</summary>
    private const int MaxKept = 1_000;

    private readonly GatewayConfig _config;
    private readonly LlmClientOptions _options;
    private readonly ILlmProvider _provider;
    private readonly bool _owns;
    private readonly IReadOnlyList<Target> _fallbacks;
    private readonly ConcurrentDictionary<string, Route> _routes = new(StringComparer.Ordinal);

    public RouteTable(GatewayConfig config, LlmClientOptions options, ILlmProvider? provider, PriceBook prices, ILogger logger)
    {
        (_config, _options, _owns) = (config, options, provider is null);
        _provider = provider ?? options.Registry.Build(config, options.Services);
        First = TargetOf(config.Model ?? _provider.DefaultModel);
        _fallbacks = [.. config.Fallbacks.Select(TargetOf)];
    }

    /// <summary>The target that the client stands for.</summary>
    public Target First { get; }

    public Route Of(string model, string operation = TelemetryNames.OperationChat)
    {
        if (operation == TelemetryNames.OperationEmbeddings) return new Route(null, [TargetOf(model)], null);
        if (_routes.TryGetValue(model, out var known)) return known;
        var route = new Route(null, [model == First.Model ? First : TargetOf(model), .. _fallbacks], null);
        if (_routes.Count < MaxKept) _routes.TryAdd(model, route);
        return route;
    }

    public async ValueTask DisposeAsync()
    {
        if (_owns) await _provider.DisposeAsync().ConfigureAwait(false);
    }

    private Target TargetOf(string model) => new(new RouteTarget { Vendor = _provider.Name, Model = model }, _provider, model);

    private Target TargetOf(RouteTarget target)
        => new(target, _options.Registry.Build(_config with { Provider = target.Vendor, ApiKey = null, BaseUrl = target.BaseUrl, Model = target.Model }, _options.Services), target.Model);
}
