using System.Collections.Immutable;
using LlmGateway.Configuration;
using LlmGateway.Providers;
using LlmGateway.Routing.Configuration;
using LlmGateway.Vendors;

namespace LlmGateway;

/// <summary>
/// The providers by name. A provider is a function that makes it, so one that is not used is never made.
/// Names are case-insensitive, and <c>-</c> is the same as <c>_</c>. Safe for concurrent use.
/// </summary>
public sealed class ProviderRegistry
{
    private ImmutableDictionary<string, Func<GatewayConfig, ProviderServices, ILlmProvider>> _factories = BuiltInProviders.Factories;

    /// <summary>The registry that clients use unless they are given another.</summary>
    public static ProviderRegistry Default { get; } = new();

    /// <summary>Adds a provider, or replaces the one of that name.</summary>
    /// <param name="name">The name for <c>LLM_PROVIDER</c>: letters, digits, <c>_</c> and <c>-</c>.</param>
    /// <param name="factory">Makes it from the configuration.</param>
    /// <exception cref="ArgumentException">The name is empty or has other characters.</exception>
    public void Register(string name, Func<GatewayConfig, ILlmProvider> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Register(name, (config, _) => factory(config));
    }

    /// <summary>Adds a provider, or replaces the one of that name.</summary>
    /// <param name="name">The name for <c>LLM_PROVIDER</c>: letters, digits, <c>_</c> and <c>-</c>.</param>
    /// <param name="factory">Makes it from the configuration, with the client's HTTP, clock and log.</param>
    /// <exception cref="ArgumentException">The name is empty or has other characters.</exception>
    public void Register(string name, Func<GatewayConfig, ProviderServices, ILlmProvider> factory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(factory);
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            throw new ArgumentException($"'{name}' is no provider's name: it may have letters, digits, _ and - only.", nameof(name));
        }

        ImmutableInterlocked.Update(ref _factories, (all, added) => all.SetItem(added.Name, added.Factory), (Name: Normalize(name), Factory: factory));
    }

    /// <summary>Makes the provider that the configuration names.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="services">HTTP, clock and log; null for the defaults.</param>
    /// <returns>The provider; the caller disposes it.</returns>
    /// <exception cref="ProviderNotFoundException">No provider has that name.</exception>
    /// <exception cref="ProviderInitException">A setting is invalid; the provider lacks something, such as a key; or its factory failed.</exception>
    /// <exception cref="CliNotFoundException">It runs a program that is not installed.</exception>
    public ILlmProvider Build(GatewayConfig config, ProviderServices? services = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        return Build(config, services ?? new ProviderServices(), GatewayFile.RowsOf(config));
    }

    /// <summary>The same of a checked configuration, with rows that go before what is registered.</summary>
    internal ILlmProvider Build(GatewayConfig config, ProviderServices services, IReadOnlyList<Vendor> rows)
    {
        var name = Normalize(config.Provider);
        var factory = rows.FirstOrDefault(vendor => vendor.Names.Any(known => Normalize(known) == name)) is { } row
            ? (own, with) => VendorProvider.Create(row, own, with)
            : _factories.GetValueOrDefault(name);
        if (factory is null)
        {
            IReadOnlyList<string> known = [.. List().Concat(rows.Select(vendor => vendor.Name)).Order(StringComparer.Ordinal)];
            throw new ProviderNotFoundException(config.Provider, known, NearestName.Find(config.Provider, known));
        }

        try
        {
            return factory(config, services)
                ?? throw new ProviderInitException($"The factory of provider '{config.Provider}' returned null.", config.Provider);
        }
        catch (Exception e) when (e is not GatewayException)
        {
            throw new ProviderInitException($"Provider '{config.Provider}' could not be made: {e.Message}", config.Provider, innerException: e);
        }
    }

    /// <summary>The names of all providers, sorted.</summary>
    /// <returns>The names.</returns>
    public IReadOnlyList<string> List() => [.. _factories.Keys.Order(StringComparer.Ordinal)];

    /// <summary>As names are compared.</summary>
    internal static string Normalize(string name) => name.Trim().Replace('-', '_').ToLowerInvariant();
}
