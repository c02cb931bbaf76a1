using System.Collections.Concurrent;

namespace LlmGateway.Routing.Targets;

/// <summary>
/// Makes targets, and keeps their health by who they are (vendor, model, key's variable and address), so that a reload of the
/// configuration forgets nothing and two routes share what they know. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="circuitChanged">Told of each change of a circuit, on the thread of the attempt that changed it. Must not throw.</param>
internal sealed class TargetPool(TimeProvider time, Action<Target, CircuitState>? circuitChanged = null)
{
    private readonly ConcurrentDictionary<Identity, TargetHealth> _healths = new();
    private readonly ConcurrentDictionary<(Identity Identity, int MaxConcurrency, int MaxQueue), Bulkhead> _bulkheads = new();

    /// <summary>The target, with the health of all that were and are the same place. The most at once are counted together where their limits are the same.</summary>
    /// <param name="options">The target's configuration.</param>
    /// <param name="provider">Its provider.</param>
    public Target Get(RouteTarget options, ILlmProvider provider)
    {
        var identity = new Identity(options.Vendor.ToLowerInvariant(), options.Model.Length > 0 ? options.Model : provider.DefaultModel, options.KeyVariable, options.BaseUrl?.AbsoluteUri);
        var bulkhead = options.MaxConcurrency is { } most
            ? _bulkheads.GetOrAdd((identity, most, options.MaxQueue), key => new Bulkhead(key.MaxConcurrency, key.MaxQueue, time))
            : null;
        return new Target(options, provider, _healths.GetOrAdd(identity, static _ => new TargetHealth()), bulkhead, time, circuitChanged);
    }

    private readonly record struct Identity(string Vendor, string Model, string? KeyVariable, string? BaseUrl);
}
