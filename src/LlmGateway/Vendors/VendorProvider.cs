using LlmGateway.Dialects;
using LlmGateway.Providers.Http;

namespace LlmGateway.Vendors;

/// <summary>Makes the provider of a vendor's row.</summary>
internal static class VendorProvider
{
    /// <exception cref="ProviderInitException">The vendor's key is missing, or one of its settings is invalid.</exception>
    public static ILlmProvider Create(Vendor vendor, GatewayConfig config, ProviderServices services)
    {
        var settings = $"LLM_API_KEY or {string.Join(" or ", vendor.KeyVariables)}";
        var key = VendorSettings.FindKey(vendor, config)
            ?? throw new ProviderInitException($"Provider '{vendor.Name}' needs a key. Set {settings}, in the environment or in .env.", vendor.Name, "LLM_API_KEY");
        return new HttpProvider(
            new HttpTarget
            {
                Name = vendor.Name,
                DefaultModel = vendor.DefaultModel,
                BaseUrl = VendorSettings.BaseUrl(vendor, config),
                Dialect = vendor.Dialect,
                Authorizer = new KeyAuthorizer(vendor.KeyHeader, "", key),
                PeerOf = model => new WirePeer { Vendor = vendor.Name, Model = vendor.CapabilitiesOf(model) },
                KeySettings = settings,
            },
            services);
    }
}
