using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Routing.Configuration;

/// <summary>What a client asks for its routes and fallbacks, as they are in force. Safe for concurrent use.</summary>
internal sealed class RouteCatalog : IAsyncDisposable
{
    private readonly GatewayConfig _config;
    private readonly ProviderPool _pool;
    private readonly RouteSource _source;
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _changing = new();
    private readonly ILlmProvider? _given;
    private readonly LlmClientOptions _options;
    private readonly Lazy<ILlmProvider> _own;
    private volatile ResolvedBook _resolved;

    /// <param name="config">The configuration, checked; it is not changed afterwards.</param>
    /// <param name="options">Registry, HTTP, clock.</param>
    /// <param name="given">The client's own provider, where it was made elsewhere: the catalog does not dispose it. Null for the one that <c>LLM_PROVIDER</c> names.</param>
    /// <param name="logger">Where changes of the file are told.</param>
    /// <exception cref="ProviderInitException">A route or fallback is wrong, or the provider of a fallback, or of what <c>LLM_MODEL</c> names, lacks something.</exception>
    /// <exception cref="ProviderNotFoundException">No provider has the name that <c>LLM_PROVIDER</c> gives.</exception>
    /// <exception cref="CliNotFoundException">One of them runs a program that is not installed.</exception>
    public RouteCatalog(GatewayConfig config, LlmClientOptions options, ILlmProvider? given, ILogger logger)
    {
        (_config, _options, _given) = (config, options, given);
        _pool = new ProviderPool(config, options.Registry, options.Services);
        _source = new RouteSource(config, options.Registry, options.Services.TimeProvider, logger, given?.Name, Check);
        var book = _source.Current;
        _own = new Lazy<ILlmProvider>(() => MakeOwn(book));

        // A client of a route needs no provider beside it, nor its key.
        if (config.Model is null || book.Find(config.Model) is null) _ = _own.Value;
        _resolved = new ResolvedBook(book, config.Fallbacks, _pool);
        Know(book);
        if (config.Model is { } model) _resolved.Find(model);
    }

    /// <summary>The client's own provider. Targets of its vendor share it, unless they name another key or address.</summary>
    /// <exception cref="ProviderInitException">It lacks something, such as a key.</exception>
    public ILlmProvider Own => _own.Value;

    /// <summary>The targets of <c>LLM_FALLBACKS</c>, in their order.</summary>
    public IReadOnlyList<ResolvedTarget> Fallbacks => Current.Fallbacks;

    /// <summary>The routes in force.</summary>
    public RouteBook Book => Current.Book;

    private ResolvedBook Current
    {
        get
        {
            var book = _source.Current;
            var resolved = _resolved;
            return ReferenceEquals(resolved.Book, book) ? resolved : Change();
        }
    }

    /// <summary>The route of that name; null where the name is no route's, and so a model's.</summary>
    /// <exception cref="ProviderInitException">A target's provider lacks something, such as a key; or the name was a route's, which the file has no more.</exception>
    /// <exception cref="CliNotFoundException">A target runs a program that is not installed.</exception>
    public ResolvedRoute? Find(string model)
    {
        var current = Current;
        if (current.Find(model) is { } route) return route;

        // Else a route that is gone would be sent to a vendor as a model's name.
        if (_known.ContainsKey(model)) throw new ProviderInitException($"There is no route '{model}' any more in {_config.ConfigFile}. Put it back, or ask for another.", setting: GatewayFile.Setting);
        return null;
    }

    /// <summary>A target that is of no route, with its provider.</summary>
    /// <exception cref="ProviderInitException">It lacks something, such as a key.</exception>
    /// <exception cref="ProviderNotFoundException">There is no such provider.</exception>
    public ResolvedTarget Resolve(RouteTarget target) => Current.Resolve(target, "The model");

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private ILlmProvider MakeOwn(RouteBook book)
    {
        var vendor = _given?.Name ?? _config.Provider;
        var key = ProviderKey.Of(new RouteTarget { Vendor = vendor, Model = "" }, book.Vendors);
        if (_given is not null) return _pool.Add(key, _given, isGiven: true);
        return _pool.Add(key, _options.Registry.Build(_config, _options.Services, book.Vendors.Rows), isGiven: false);
    }

    /// <summary>A file is taken only where all that is in use can go on with it.</summary>
    private void Check(RouteBook book)
    {
        if (_resolved is not { } inForce) return; // The constructor has not come so far; it looks itself.
        var resolved = new ResolvedBook(book, _config.Fallbacks, _pool);
        foreach (var name in inForce.Used) resolved.Find(name);
        if (_config.Model is { } model && inForce.Book.Find(model) is not null && book.Find(model) is null)
        {
            throw new ProviderInitException($"{GatewayFile.Setting}: {_config.ConfigFile}: route '{model}' is not there any more, and LLM_MODEL names it.", setting: GatewayFile.Setting);
        }
    }

    private ResolvedBook Change()
    {
        lock (_changing)
        {
            var book = _source.Current;
            if (ReferenceEquals(_resolved.Book, book)) return _resolved;
            var changed = new ResolvedBook(book, _config.Fallbacks, _pool);
            foreach (var name in _resolved.Used) changed.Find(name);
            Know(book);
            return _resolved = changed;
        }
    }

    private void Know(RouteBook book)
    {
        foreach (var route in book.Routes) _known[route.Name] = true;
    }
}
