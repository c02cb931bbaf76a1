using LlmGateway.Vendors;

namespace LlmGateway.Routing.Configuration;

/// <summary>Which providers there are, and which names are one provider's. Immutable.</summary>
/// <param name="registry">What is registered.</param>
/// <param name="rows">Rows of files, which go before it.</param>
/// <param name="own">The client's own provider, which need not be registered; null for none.</param>
internal sealed class VendorNames(ProviderRegistry registry, IReadOnlyList<Vendor> rows, string? own = null)
{
    private readonly HashSet<string> _known = [.. registry.List(), .. rows.SelectMany(row => row.Names).Append(own ?? "").Where(name => name.Length > 0).Select(ProviderRegistry.Normalize)];

    public IReadOnlyList<Vendor> Rows => rows;

    /// <summary>One name for all the names of a provider.</summary>
    public string Canonical(string name) => (Find(rows, name) ?? Find(Vendor.All, name)) is { } vendor ? ProviderRegistry.Normalize(vendor.Name) : ProviderRegistry.Normalize(name);

    /// <summary>The row as it was written; null where the vendor is of no file that may change.</summary>
    public string? Written(string name) => Find(rows, name)?.Written;

    /// <exception cref="FormatException">There is no such provider.</exception>
    public void Check(RouteTarget target, string place)
    {
        if (_known.Contains(ProviderRegistry.Normalize(target.Vendor))) return;
        throw new FormatException($"{place}: there is no provider '{target.Vendor}'{SettingNode.Choices(target.Vendor, [.. _known.Order(StringComparer.Ordinal)])}.");
    }

    private static Vendor? Find(IReadOnlyList<Vendor> vendors, string name)
    {
        var asked = ProviderRegistry.Normalize(name);
        return vendors.FirstOrDefault(vendor => vendor.Names.Any(known => ProviderRegistry.Normalize(known) == asked));
    }
}
