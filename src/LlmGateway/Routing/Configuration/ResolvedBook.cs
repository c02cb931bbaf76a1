using System.Collections.Concurrent;

namespace LlmGateway.Routing.Configuration;

/// <summary>A book's routes with their providers, each made when it is first asked for: a route that is not used needs no keys.</summary>
internal sealed class ResolvedBook
{
    private readonly ConcurrentDictionary<string, ResolvedRoute> _routes = new(StringComparer.OrdinalIgnoreCase);
    private readonly ProviderPool _pool;

    /// <exception cref="ProviderInitException">A fallback's provider lacks something.</exception>
    public ResolvedBook(RouteBook book, IReadOnlyList<RouteTarget> fallbacks, ProviderPool pool)
    {
        Book = book;
        _pool = pool;
        Fallbacks = Resolve(fallbacks, "LLM_FALLBACKS");
    }

    public RouteBook Book { get; }

    public IReadOnlyList<ResolvedTarget> Fallbacks { get; }

    /// <summary>The names of the routes that were asked for.</summary>
    public IEnumerable<string> Used => _routes.Keys;

    /// <exception cref="ProviderInitException">A target's provider lacks something; the message names the route.</exception>
    public ResolvedRoute? Find(string name)
    {
        if (_routes.TryGetValue(name, out var known)) return known;
        return Book.Find(name) is { } route ? _routes.GetOrAdd(route.Name, new ResolvedRoute(route, Resolve(route.Targets, $"Route '{route.Name}'"))) : null;
    }

    private List<ResolvedTarget> Resolve(IReadOnlyList<RouteTarget> targets, string place) => [.. targets.Select(target => Resolve(target, place))];

    public ResolvedTarget Resolve(RouteTarget target, string place)
    {
        var provider = _pool.Get(target, Book.Vendors, place);
        var model = target.Model.Length > 0 ? target.Model : provider.DefaultModel;
        return model.Length > 0
            ? new ResolvedTarget(target, provider, model, ProviderKey.Of(target, Book.Vendors))
            : throw new ProviderInitException($"{place} ({target}): the target names no model, and {provider.Name} has no default one.", provider.Name);
    }
}
