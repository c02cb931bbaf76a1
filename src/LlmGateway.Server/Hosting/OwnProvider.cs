
namespace LlmGateway.Server.Hosting;

/// <summary>Which provider is the gateway's own, where <c>LLM_PROVIDER</c> says nothing: a server starts without any configuration.</summary>
internal static class OwnProvider
{
    /// <returns>The configuration, and whether unknown models are to be asked of its provider.</returns>
    public static (GatewayConfig Config, bool HasOwn) Of(GatewayConfig config)
    {
        var isDefault = ProviderRegistry.Normalize(config.Provider) == ProviderRegistry.Normalize(new GatewayConfig().Provider);
        if (!isDefault || config.Describe().Any(static setting => setting is { Variable: "LLM_PROVIDER" or "LLM_API_KEY" or "LLM_BASE_URL", Source: not "default" })) return (config, true);
        return (config with { Provider = SimulatedProvider.ProviderName }, false);
    }
}
