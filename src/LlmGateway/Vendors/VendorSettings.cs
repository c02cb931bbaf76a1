using LlmGateway.Configuration;

namespace LlmGateway.Vendors;

/// <summary>Where a vendor's key and address come from: the gateway's own setting, else the vendor's usual variable, else its row.</summary>
internal static class VendorSettings
{
    /// <exception cref="ProviderInitException">The key cannot stand in an HTTP header.</exception>
    public static string? FindKey(Vendor vendor, GatewayConfig config)
    {
        if (!string.IsNullOrEmpty(config.ApiKey)) return config.ApiKey;
        if (config.Variables.FindFirst(vendor.KeyVariables) is not { } found) return null;
        var key = found.Variable.Value.Trim();
        return ConfigVariable.IsHeaderSafe(key)
            ? key
            : throw new ProviderInitException($"{found.Name}, from {found.Variable.Source}, holds white space or control characters, which no key has.", vendor.Name, found.Name);
    }

    /// <exception cref="ProviderInitException">The vendor's variable holds something else than an http URL.</exception>
    public static Uri BaseUrl(Vendor vendor, GatewayConfig config)
    {
        if (config.BaseUrl is { } set) return set;
        if (config.Variables.FindFirst(vendor.BaseUrlVariables) is not { } found) return vendor.BaseUrl;
        return Uri.TryCreate(found.Variable.Value.Trim(), UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" }
            ? url
            : throw new ProviderInitException(
                $"{found.Name}, from {found.Variable.Source}, is not an absolute http or https URL without user name, password, query or fragment.",
                vendor.Name, found.Name);
    }
}
