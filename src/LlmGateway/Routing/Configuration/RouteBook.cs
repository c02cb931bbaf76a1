using System.Collections.Frozen;
using LlmGateway.Vendors;

namespace LlmGateway.Routing.Configuration;

/// <summary>All routes by their names, of the configuration and its file, as they are at one time. Immutable: a call that took a book keeps it.</summary>
internal sealed class RouteBook
{
    private readonly FrozenDictionary<string, RouteConfig> _byName;

    private RouteBook(IReadOnlyList<RouteConfig> routes, VendorNames vendors)
    {
        Routes = routes;
        Vendors = vendors;
        _byName = routes.ToFrozenDictionary(route => route.Name, StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<RouteConfig> Routes { get; }

    /// <summary>The providers that its targets may be at.</summary>
    public VendorNames Vendors { get; }

    /// <summary>The route of that name, in any case; null where there is none.</summary>
    public RouteConfig? Find(string name) => _byName.GetValueOrDefault(name);

    /// <param name="config">The configuration, checked.</param>
    /// <param name="file">What its file says; null for no file.</param>
    /// <param name="ofVendorsFile">The rows of <c>LLM_VENDORS_FILE</c>.</param>
    /// <param name="registry">What else there is.</param>
    /// <param name="own">The vendor of the client's own provider, which need not be registered; null for none.</param>
    /// <exception cref="ProviderInitException">A route is in both, or a target's vendor is unknown.</exception>
    public static RouteBook Make(GatewayConfig config, GatewayFile? file, IReadOnlyList<Vendor> ofVendorsFile, ProviderRegistry registry, string? own = null)
    {
        var vendors = new VendorNames(registry, GatewayFile.Join(file?.Vendors ?? [], ofVendorsFile), own);
        IReadOnlyList<RouteConfig> ofFile = file?.Routes ?? [];
        RouteRules.Named("LLM_FALLBACKS", () => CheckVendors(config.Fallbacks, vendors, "target"));
        RouteRules.Named(nameof(GatewayConfig.Routes), () => CheckVendors(config.Routes, vendors));
        RouteRules.Named($"{GatewayFile.Setting}: {config.ConfigFile}", () =>
        {
            CheckVendors(ofFile, vendors);
            foreach (var route in ofFile)
            {
                if (config.Routes.Any(other => other.Name.Equals(route.Name, StringComparison.OrdinalIgnoreCase))) throw new FormatException($"route '{route.Name}': {nameof(GatewayConfig)}.{nameof(GatewayConfig.Routes)} has a route of this name too.");
            }
        });
        return new RouteBook([.. config.Routes, .. ofFile], vendors);
    }

    private static void CheckVendors(IReadOnlyList<RouteConfig> routes, VendorNames vendors)
    {
        foreach (var route in routes) CheckVendors(route.Targets, vendors, $"route '{route.Name}': targets");
    }

    private static void CheckVendors(IReadOnlyList<RouteTarget> targets, VendorNames vendors, string place)
    {
        for (var i = 0; i < targets.Count; i++) vendors.Check(targets[i], $"{place}[{i}]");
    }
}
