using System.Collections.Concurrent;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Budgets;

/// <summary>What becomes of what has no price.</summary>
internal sealed class UnknownPrices(GatewayConfig config, ILogger logger)
{
    private readonly ConcurrentDictionary<(string Provider, string Model), bool> _warned = new();

    public bool IsRefused(bool isLimited) => (config.UnknownPrice ?? (isLimited ? UnknownPrice.Refuse : UnknownPrice.Warn)) == UnknownPrice.Refuse;

    /// <summary>One warning for each model.</summary>
    public void Warn(string provider, string model)
    {
        if (config.UnknownPrice != UnknownPrice.Allow && _warned.TryAdd((provider, model), true)) logger.UnknownPrice(provider, model);
    }
}
