using System.Collections.Concurrent;
using LlmGateway.Routing.Configuration;
using LlmGateway.Vendors;

namespace LlmGateway.Server.Models;

/// <summary>
/// Says what a model's name means: a route, <c>vendor/model</c>, or a bare name, which goes to the vendor that has a key and
/// whose row claims it, and else to <c>LLM_PROVIDER</c>. Safe for concurrent use.
/// </summary>
/// <param name="book">The routes and vendors in force.</param>
/// <param name="config">The configuration.</param>
/// <param name="registry">The providers beside the vendors.</param>
/// <param name="prices">By which it is known what models a vendor has.</param>
/// <param name="hasOwn">Whether <c>LLM_PROVIDER</c> is set: else no model is asked of it that no row claims.</param>
internal sealed class ModelResolver(Func<RouteBook> book, GatewayConfig config, ProviderRegistry registry, PriceBook prices, bool hasOwn)
{
    /// <summary>Names that callers make up must not fill the memory.</summary>
    private const int MaxKept = 1_000;

    private readonly string _own = ProviderRegistry.Normalize(config.Provider);
    private volatile Known _known = new(null, []);

    /// <param name="name">The name, as the caller gave it.</param>
    /// <param name="dialect">What the caller speaks: of two rows for one vendor, the one of that dialect is asked, which loses nothing.</param>
    /// <exception cref="ModelNotFoundException">The name means nothing here.</exception>
    public ModelName Resolve(string name, string dialect)
    {
        var current = book();
        var known = _known;
        if (!ReferenceEquals(known.Book, current)) _known = known = new Known(current, []);
        if (known.Names.TryGetValue((name, dialect), out var resolved)) return resolved;
        resolved = Resolve(name, dialect, current);
        if (known.Names.Count < MaxKept) known.Names[(name, dialect)] = resolved;
        return resolved;
    }

    /// <summary>Whether a vendor's key is there, or it needs none and is the gateway's own.</summary>
    public bool HasKey(Vendor vendor) => IsOwn(vendor) || VendorSettings.FindKey(vendor, Others) is not null;

    /// <summary>The vendors, those of files first.</summary>
    public static IEnumerable<Vendor> Vendors(RouteBook of) => of.Vendors.Rows.Concat(Vendor.All);

    /// <summary>What is set for the own vendor alone is not another's.</summary>
    private GatewayConfig Others => field ??= config with { ApiKey = null, BaseUrl = null };

    private ModelName Resolve(string name, string dialect, RouteBook current)
    {
        if (current.Find(name) is { } route) return new ModelName(name, route, route.Targets);
        if (name == SimulatedProvider.ProviderName) return Target(name, SimulatedProvider.ProviderName, name);
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && slash < name.Length - 1 && VendorOf(name[..slash], current) is { } vendor)
        {
            if (vendor.IsUsable) return At(vendor.Row is { } row ? TwinOf(row, dialect, current).Name : vendor.Name, name, name[(slash + 1)..]);

            // A vendor that serves others' models has names like this.
            if (!hasOwn) throw new ModelNotFoundException($"The model '{name}' is of {vendor.Name}, which has no key here. Set {string.Join(" or ", vendor.Keys)} where the gateway runs, or ask for another model: GET /v1/models lists them.");
        }

        return Claimed(name, dialect, current) ?? (hasOwn ? Own(name) : throw Unknown(name));
    }

    private ModelName? Claimed(string name, string dialect, RouteBook current)
    {
        if (hasOwn && Vendors(current).FirstOrDefault(IsOwn) is { } own && Claims(own, name)) return At(TwinOf(own, dialect, current).Name, name, name);
        return Vendors(current).FirstOrDefault(vendor => !IsOwn(vendor) && VendorSettings.FindKey(vendor, Others) is not null && Claims(vendor, name)) is { } other
            ? At(TwinOf(other, dialect, current).Name, name, name)
            : null;
    }

    /// <summary>The same vendor by the caller's dialect, where it speaks it too, at the same place and with the same key. A row of a file is meant as it is.</summary>
    private Vendor TwinOf(Vendor vendor, string dialect, RouteBook current)
    {
        if (vendor.Dialect == dialect || vendor.Written is not null || (IsOwn(vendor) && (config.ApiKey is not null || config.BaseUrl is not null))) return vendor;
        return Vendors(current).FirstOrDefault(other => other.Dialect == dialect && other.Written is null && other.BaseUrl == vendor.BaseUrl && other.KeyVariables.SequenceEqual(vendor.KeyVariables)) ?? vendor;
    }

    private ModelName At(string vendor, string name, string model)
        => IsOwn(vendor) ? new ModelName(name, null, null) { OwnModel = model } : Target(name, vendor, model);

    /// <summary>A rule for all names claims none: the vendor's own are those that a rule names, that it is asked for by default, or that the price book knows.</summary>
    private bool Claims(Vendor vendor, string name)
        => vendor.DefaultModel == name
        || vendor.Models.Any(rule => rule.Match != "*" && System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(rule.Match, name, ignoreCase: false))
        || prices.Find(vendor.Name, name) is { MatchedName: not "*" };

    private (string Name, Vendor? Row, bool IsUsable, IReadOnlyList<string> Keys)? VendorOf(string name, RouteBook current)
    {
        var asked = ProviderRegistry.Normalize(name);
        foreach (var vendor in Vendors(current))
        {
            if (vendor.Names.Any(known => ProviderRegistry.Normalize(known) == asked)) return (vendor.Name, vendor, vendor.IsKeyOptional || HasKey(vendor), vendor.KeyVariables);
        }

        return registry.List().Contains(asked) ? (asked, null, true, []) : null;
    }

    private bool IsOwn(Vendor vendor) => vendor.Names.Any(IsOwn);

    private bool IsOwn(string name) => hasOwn && ProviderRegistry.Normalize(name) == _own;

    private static ModelName Own(string name) => new(name, null, null) { OwnModel = name };

    private static ModelName Target(string name, string vendor, string model) => new(name, null, [new RouteTarget { Vendor = vendor, Model = model }]);

    private static ModelNotFoundException Unknown(string name)
        => new($"There is no model '{name}' here: no route has the name, no vendor with a key claims it, and LLM_PROVIDER is not set. Name it as vendor/model, or see GET /v1/models.");

    private sealed record Known(RouteBook? Book, ConcurrentDictionary<(string Name, string Dialect), ModelName> Names);
}
