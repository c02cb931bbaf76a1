namespace LlmGateway.Routing.Configuration;

/// <summary>What a target's provider is made of: targets that agree in it share one.</summary>
/// <param name="Vendor">The vendor's one name.</param>
/// <param name="KeyVariable">The variable that holds the key; null for the usual one.</param>
/// <param name="BaseUrl">Where the vendor's API is; null for the usual place.</param>
/// <param name="Row">The vendor's row, where it is of a file that may change; else null.</param>
internal sealed record ProviderKey(string Vendor, string? KeyVariable, Uri? BaseUrl, string? Row)
{
    public static ProviderKey Of(RouteTarget target, VendorNames vendors)
        => new(vendors.Canonical(target.Vendor), target.KeyVariable, target.BaseUrl, vendors.Written(target.Vendor));
}
