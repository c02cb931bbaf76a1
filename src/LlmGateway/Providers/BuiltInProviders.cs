using System.Collections.Immutable;
using LlmGateway.Providers.LocalClaude;
using LlmGateway.Providers.LocalCodex;
using LlmGateway.Providers.LocalGemini;
using LlmGateway.Vendors;

namespace LlmGateway.Providers;

/// <summary>The providers that come with the core: one for each row of the vendors' table, and those that are no vendor's API.</summary>
internal static class BuiltInProviders
{
    public static ImmutableDictionary<string, Func<GatewayConfig, ProviderServices, ILlmProvider>> Factories { get; } = Make();

    private static ImmutableDictionary<string, Func<GatewayConfig, ProviderServices, ILlmProvider>> Make()
    {
        var all = ImmutableDictionary.CreateBuilder<string, Func<GatewayConfig, ProviderServices, ILlmProvider>>(StringComparer.Ordinal);
        foreach (var vendor in Vendor.All)
        {
            foreach (var name in (IEnumerable<string>)[vendor.Name, .. vendor.Aliases]) all[name] = (config, services) => VendorProvider.Create(vendor, config, services);
        }

        all[LocalClaudeProvider.ProviderName] = LocalClaudeProvider.Create;
        all[LocalCodexProvider.ProviderName] = LocalCodexProvider.Create;
        all[LocalGeminiProvider.ProviderName] = LocalGeminiProvider.Create;
        all[SimulatedProvider.ProviderName] = (_, services) => new SimulatedProvider(new SimulatedOptions { TimeProvider = services.TimeProvider });
        return all.ToImmutable();
    }
}
