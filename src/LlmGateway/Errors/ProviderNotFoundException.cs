namespace LlmGateway;

/// <summary>No provider of this name is registered.</summary>
public sealed class ProviderNotFoundException : GatewayException
{
    internal ProviderNotFoundException(string providerName, IReadOnlyList<string> knownProviders, string? nearestMatch)
        : base($"There is no provider '{providerName}'."
            + (nearestMatch is null ? "" : $" Did you mean '{nearestMatch}'?")
            + $" Known: {string.Join(", ", knownProviders)}. Set LLM_PROVIDER to one of them, or register your own with ProviderRegistry.Register.")
    {
        ProviderName = providerName;
        KnownProviders = knownProviders;
        NearestMatch = nearestMatch;
    }

    /// <summary>The name that was asked for.</summary>
    public string ProviderName { get; }

    /// <summary>The names that are registered, sorted.</summary>
    public IReadOnlyList<string> KnownProviders { get; }

    /// <summary>The registered name most like the one asked for; null where none is like it.</summary>
    public string? NearestMatch { get; }
}
