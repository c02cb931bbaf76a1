using LlmGateway.Routing.Configuration;
using LlmGateway.Server.Hosting;
using LlmGateway.Vendors;

namespace LlmGateway.Server.Models;

/// <summary>
/// The routes of the configuration, and the models of each vendor that is set up: it has a key, is <c>LLM_PROVIDER</c>, stands
/// in a file of the user's without needing a key, or its address is set. A server of one's own that nothing points to may be
/// asked by name, but is not told of, since there may be none. Safe for concurrent use.
/// </summary>
/// <remarks>The list is kept until the routes change, and for a minute at most, as prices may depend on the time.</remarks>
/// <param name="book">The routes and vendors in force.</param>
/// <param name="config">The configuration.</param>
/// <param name="prices">What models cost, and which have a price.</param>
/// <param name="resolver">Says what a name means, and which vendors have a key.</param>
/// <param name="client">The gateway's own provider and model.</param>
/// <param name="time">The clock.</param>
internal sealed class ModelCatalog(Func<RouteBook> book, GatewayConfig config, PriceBook prices, ModelResolver resolver, LlmClient client, TimeProvider time) : IModelCatalog
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly Lock _making = new();
    private volatile Snapshot? _snapshot;

    public ModelCatalog(Gateway gateway)
        : this(() => gateway.Client.Routes.Book, gateway.Config, gateway.Prices, gateway.Models, gateway.Client, gateway.Time)
    {
    }

    public IReadOnlyList<ModelEntry> List() => Current().Entries;

    public ModelEntry? Find(string name)
    {
        var snapshot = Current();
        if (snapshot.Book.Find(name) is { } route) return snapshot.ById.GetValueOrDefault(route.Name);
        if (snapshot.ById.TryGetValue(name, out var known)) return known;
        try
        {
            var meant = resolver.Resolve(name, "");
            if (meant.Targets is [var target]) return Entry(name, target.Vendor, target.Model, snapshot.Book);

            // Any name may be asked of LLM_PROVIDER; it is told of only where something is known of it.
            var own = Entry(name, client.Provider, meant.OwnModel, snapshot.Book);
            return own.Price is not null || own.Capabilities.ContextWindow is not null || meant.OwnModel == client.Model ? own : null;
        }
        catch (Exception e) when (e is ModelNotFoundException or GatewayException)
        {
            return null;
        }
    }

    private Snapshot Current()
    {
        var current = book();
        if (_snapshot is { } kept && ReferenceEquals(kept.Book, current) && time.GetElapsedTime(kept.MadeAt) < Kept) return kept;
        lock (_making)
        {
            if (_snapshot is { } made && ReferenceEquals(made.Book, current) && time.GetElapsedTime(made.MadeAt) < Kept) return made;
            return _snapshot = Make(current);
        }
    }

    private Snapshot Make(RouteBook of)
    {
        var entries = new Dictionary<string, ModelEntry>(StringComparer.Ordinal);
        foreach (var route in of.Routes) entries.TryAdd(route.Name, Entry(route, of));
        Add(SimulatedProvider.ProviderName, SimulatedProvider.ProviderName, SimulatedProvider.ProviderName);
        var vendors = Shown(of);
        if (client.Model is { Length: > 0 } model && of.Find(model) is null) Add(client.Provider, model);
        foreach (var vendor in vendors)
            if (vendor.DefaultModel.Length > 0) Add(vendor.Name, vendor.DefaultModel);
        foreach (var vendor in vendors)
            foreach (var name in prices.ModelsOf(vendor.Name)) Add(vendor.Name, name);
        return new Snapshot(of, [.. entries.Values], entries, time.GetTimestamp());

        void Add(string vendor, string name, string? id = null)
        {
            id ??= vendor == SimulatedProvider.ProviderName ? vendor : $"{vendor}/{name}";
            if (!entries.ContainsKey(id)) entries[id] = Entry(id, vendor, name, of);
        }
    }

    /// <summary>Those that are set up, each once: a second row for the same place and key is the same vendor in another dialect.</summary>
    private List<Vendor> Shown(RouteBook of)
    {
        var shown = new List<Vendor>();
        foreach (var vendor in ModelResolver.Vendors(of))
        {
            if (shown.Any(other => other.Name == vendor.Name || (vendor.Written is null && other.Written is null && other.BaseUrl == vendor.BaseUrl && other.KeyVariables.SequenceEqual(vendor.KeyVariables)))) continue;
            if (IsSetUp(vendor)) shown.Add(vendor);
        }

        return shown;
    }

    private bool IsSetUp(Vendor vendor)
    {
        try
        {
            return resolver.HasKey(vendor) || (vendor.IsKeyOptional && (vendor.Written is not null || config.Variables.FindFirst(vendor.BaseUrlVariables) is not null));
        }
        catch (ProviderInitException)
        {
            // A key that no header can hold; asking says so.
            return false;
        }
    }

    private ModelEntry Entry(string id, string vendor, string model, RouteBook of)
    {
        var row = ModelResolver.Vendors(of).FirstOrDefault(one => one.Names.Any(name => ProviderRegistry.Normalize(name) == ProviderRegistry.Normalize(vendor)));
        var price = row?.Billing == ProviderBilling.Free || vendor == SimulatedProvider.ProviderName ? Free : prices.Find(vendor, model, time.GetUtcNow())?.Price;
        return new ModelEntry
        {
            Id = id,
            Vendor = vendor,
            Model = model,
            Dialect = row?.Dialect,
            Capabilities = row?.CapabilitiesOf(model) ?? (vendor == client.Provider ? client.CapabilitiesOf(model) : vendor == SimulatedProvider.ProviderName ? Simulated : ModelCapabilities.Basic),
            Price = price,
        };
    }

    private ModelEntry Entry(RouteConfig route, RouteBook of)
    {
        var targets = route.Targets.Select(target => Entry(target.ToString(), target.Vendor, target.Model, of)).ToList();
        var prices = targets.Select(target => target.Price).Distinct().ToList();
        var dialects = targets.Select(target => target.Dialect).Distinct().ToList();
        return new ModelEntry
        {
            Id = route.Name,
            Route = route,
            Dialect = dialects is [var one] ? one : null,
            Price = prices is [var same] ? same : null,
            Capabilities = new ModelCapabilities
            {
                NativeSchema = targets.Exists(static target => target.Capabilities.NativeSchema),
                ForcedTool = targets.Exists(static target => target.Capabilities.ForcedTool),
                Tools = Any(static can => can.Tools),
                StrictTools = Any(static can => can.StrictTools),
                Vision = Any(static can => can.Vision),
                Documents = Any(static can => can.Documents),
                Audio = Any(static can => can.Audio),
                Prefill = Any(static can => can.Prefill),
                Thinking = Any(static can => can.Thinking),
                Temperature = Any(static can => can.Temperature),
                ContextWindow = targets.Max(static target => target.Capabilities.ContextWindow),
                MaxOutputTokens = targets.Max(static target => target.Capabilities.MaxOutputTokens),
            },
        };

        bool? Any(Func<ModelCapabilities, bool?> can)
            => targets.Exists(target => can(target.Capabilities) == true) ? true : targets.TrueForAll(target => can(target.Capabilities) == false) ? false : null;
    }

    private static ModelPrice Free { get; } = new() { InputPerMillion = 0m, OutputPerMillion = 0m, CacheReadPerMillion = 0m, CacheWritePerMillion = 0m };

    private static ModelCapabilities Simulated { get; } = new SimulatedProvider().GetCapabilities(SimulatedProvider.ProviderName);

    private sealed record Snapshot(RouteBook Book, IReadOnlyList<ModelEntry> Entries, Dictionary<string, ModelEntry> ById, long MadeAt);
}
