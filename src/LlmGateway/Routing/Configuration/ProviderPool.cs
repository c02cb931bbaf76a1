using LlmGateway.Configuration;

namespace LlmGateway.Routing.Configuration;

/// <summary>
/// Makes the providers of targets, one for each vendor, key and address, and disposes them. One that no route names any
/// more is kept until then, since calls may be under way with it. Safe for concurrent use.
/// </summary>
internal sealed class ProviderPool(GatewayConfig config, ProviderRegistry registry, ProviderServices services) : IAsyncDisposable
{
    private readonly Dictionary<ProviderKey, ILlmProvider> _providers = [];
    private readonly List<ILlmProvider> _others = [];
    private readonly HashSet<ILlmProvider> _given = new(ReferenceEqualityComparer.Instance);
    private readonly Lock _making = new();
    private bool _isDisposed;

    /// <summary>Puts in a provider that is there already. One that was given from outside the pool does not dispose.</summary>
    public ILlmProvider Add(ProviderKey key, ILlmProvider provider, bool isGiven)
    {
        lock (_making)
        {
            // A target of the same vendor may have been first: then each has its own.
            if (!_providers.TryAdd(key, provider)) _others.Add(provider);
            if (isGiven) _given.Add(provider);
        }

        return provider;
    }

    /// <summary>The target's provider, made where it is not there yet.</summary>
    /// <exception cref="ProviderInitException">Its key is missing, or something else that it needs; the message names the place.</exception>
    /// <exception cref="CliNotFoundException">It runs a program that is not installed.</exception>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    public ILlmProvider Get(RouteTarget target, VendorNames vendors, string place)
    {
        var key = ProviderKey.Of(target, vendors);
        lock (_making)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_providers.TryGetValue(key, out var known)) return known;
            return _providers[key] = Make(target, vendors, place);
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<ILlmProvider> made;
        lock (_making)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            made = [.. _providers.Values.Concat(_others).Where(provider => !_given.Contains(provider))];
        }

        List<Exception> errors = [];
        foreach (var provider in made)
        {
            try
            {
                await provider.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                errors.Add(e);
            }
        }

        if (errors.Count > 0) throw new AggregateException(errors);
    }

    private ILlmProvider Make(RouteTarget target, VendorNames vendors, string place)
    {
        try
        {
            return registry.Build(ConfigOf(target, vendors), services, vendors.Rows);
        }
        catch (ProviderInitException e)
        {
            throw new ProviderInitException($"{place} ({target}): {e.Message}", e.Provider, e.Setting, e);
        }
    }

    /// <summary>What is set for the one vendor that <c>LLM_PROVIDER</c> names is never another's: a key least of all.</summary>
    private GatewayConfig ConfigOf(RouteTarget target, VendorNames vendors)
    {
        var isOwn = vendors.Canonical(target.Vendor) == vendors.Canonical(config.Provider);
        return config with
        {
            Provider = target.Vendor,
            Model = null,
            ApiKey = target.KeyVariable is { } variable ? Key(target, variable) : isOwn ? config.ApiKey : null,
            KeySetting = target.KeyVariable ?? (isOwn ? config.KeySetting : null),
            BaseUrl = target.BaseUrl ?? (isOwn ? config.BaseUrl : null),
            Fallbacks = [],
            Routes = [],
            ConfigFile = null,
            VendorsFile = null,
        };
    }

    private string Key(RouteTarget target, string variable)
    {
        var found = config.Variables.Find(variable)
            ?? throw new ProviderInitException($"{variable} is not set, which holds the key. Set it, in the environment or in .env.", target.Vendor, variable);
        var key = found.Value.Trim();
        return ConfigVariable.IsHeaderSafe(key)
            ? key
            : throw new ProviderInitException($"{variable}, from {found.Source}, holds white space or control characters, which no key has.", target.Vendor, variable);
    }
}
