using LlmGateway;
using LlmGateway.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds <see cref="LlmClient"/> to an application's services.</summary>
/// <remarks>
/// The client is a singleton that the container disposes. It logs to the application's <see cref="ILoggerFactory"/>, and
/// takes its clock, HTTP client, registry and prices from an <see cref="LlmClientOptions"/> among the services, where
/// there is one. An <see cref="ILedger"/> and an <see cref="IBudgetStore"/> among the services are used unless those options
/// name others. An invalid setting stops the application's start with <see cref="OptionsValidationException"/> or
/// <see cref="ProviderInitException"/>.
/// </remarks>
public static class LlmGatewayServiceCollectionExtensions
{
    /// <summary>Adds a client configured by <c>.env</c>, the environment and code, of which the later wins.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">What code sets; null for nothing.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddLlmGateway(this IServiceCollection services, Action<GatewayConfig>? configure = null)
        => Add(services, Options.Options.DefaultName, section: null, configure);

    /// <summary>Adds a client configured by <c>.env</c>, the environment, a section of configuration and code, of which the later wins.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">A section with the properties of <see cref="GatewayConfig"/> as keys, such as <c>Model</c>.</param>
    /// <param name="configure">What code sets; null for nothing.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddLlmGateway(this IServiceCollection services, IConfiguration section, Action<GatewayConfig>? configure = null)
        => Add(services, Options.Options.DefaultName, section ?? throw new ArgumentNullException(nameof(section)), configure);

    /// <summary>Adds a further client under a key, for <c>[FromKeyedServices(key)] LlmClient</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The key; also the name of its options.</param>
    /// <param name="configure">What code sets on top of <c>.env</c> and the environment; null for nothing.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddKeyedLlmGateway(this IServiceCollection services, string key, Action<GatewayConfig>? configure = null)
        => Add(services, NotEmpty(key), section: null, configure);

    /// <summary>Adds a further client under a key, for <c>[FromKeyedServices(key)] LlmClient</c>, with a section of configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The key; also the name of its options.</param>
    /// <param name="section">A section with the properties of <see cref="GatewayConfig"/> as keys.</param>
    /// <param name="configure">What code sets; null for nothing.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddKeyedLlmGateway(this IServiceCollection services, string key, IConfiguration section, Action<GatewayConfig>? configure = null)
        => Add(services, NotEmpty(key), section ?? throw new ArgumentNullException(nameof(section)), configure);

    private static IServiceCollection Add(IServiceCollection services, string name, IConfiguration? section, Action<GatewayConfig>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<IOptionsFactory<GatewayConfig>, GatewayConfigFactory>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GatewayConfig>, GatewayConfigValidator>());
        services.AddSingleton(new GatewayConfigSource(name, section));
        var options = services.AddOptions<GatewayConfig>(name).ValidateOnStart();
        if (configure is not null) options.Configure(configure);

        if (name == Options.Options.DefaultName) services.TryAddSingleton(provider => CreateClient(provider, name));
        else services.TryAddKeyedSingleton(name, (provider, _) => CreateClient(provider, name));
        return services;
    }

    private static LlmClient CreateClient(IServiceProvider provider, string name)
    {
        var options = provider.GetService<LlmClientOptions>() ?? new LlmClientOptions
        {
            Services = new ProviderServices
            {
                LoggerFactory = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
                TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System,
            },
        };
        options = options with { Ledger = options.Ledger ?? provider.GetService<ILedger>(), BudgetStore = options.BudgetStore ?? provider.GetService<IBudgetStore>() };
        return new LlmClient(provider.GetRequiredService<IOptionsMonitor<GatewayConfig>>().Get(name), options);
    }

    private static string NotEmpty(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return key;
    }
}
