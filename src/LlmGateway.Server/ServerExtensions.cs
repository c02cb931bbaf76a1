using System.Diagnostics.Metrics;
using LlmGateway.Server.Admin;
using LlmGateway.Server.Calls;
using LlmGateway.Server.Health;
using LlmGateway.Server.Hosting;
using LlmGateway.Server.Metrics;
using LlmGateway.Server.Models;
using LlmGateway.Server.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LlmGateway;

/// <summary>The gateway as a part of an ASP.NET Core application.</summary>
public static class ServerExtensions
{
    /// <summary>Adds the gateway's services.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddLlmGatewayServer(this IServiceCollection services, Action<LlmGatewayServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new LlmGatewayServerOptions();
        configure?.Invoke(options);
        return services.AddLlmGatewayServer(options);
    }

    internal static IServiceCollection AddLlmGatewayServer(this IServiceCollection services, LlmGatewayServerOptions options)
    {
        services.AddRoutingCore();
        services.AddSingleton(options);
        services.AddSingleton(static provider => new Gateway(
            provider.GetRequiredService<LlmGatewayServerOptions>(),
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(static provider => new PrometheusExporter(
            ServerGauge.Of(provider.GetRequiredService<Gateway>()),
            provider.GetService<IMeterFactory>()));
        return services;
    }

    /// <summary>Maps the gateway's endpoints: the vendors' protocols, models, health, metrics, and the admin API where it has a token.</summary>
    /// <param name="endpoints">The application's endpoints, at whose root they stand.</param>
    /// <returns>The same endpoints.</returns>
    /// <exception cref="GatewayException">The configuration is wrong, or the data folder can't be used.</exception>
    public static IEndpointRouteBuilder MapLlmGateway(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var gateway = endpoints.ServiceProvider.GetRequiredService<Gateway>();
        ChatEndpoints.Map(endpoints, gateway);
        ModelEndpoints.Map(endpoints, new ModelCatalog(gateway), new RequestFrame(gateway), (caller, model) => gateway.Callers.IsAllowed(caller, model.Name));
        HealthEndpoints.Map(endpoints, ReadyChecks.Of(gateway));
        MetricsEndpoint.Map(endpoints, endpoints.ServiceProvider.GetRequiredService<PrometheusExporter>(), new MetricsGuard(gateway).MayRead);
        OpenApiEndpoint.Map(endpoints);
        if (gateway.Data is { } data) AdminEndpoints.Map(endpoints, data.Keys, data.Ledger, data.Ledger.Path, gateway.Options.AdminToken, gateway.Time);
        return endpoints;
    }
}
