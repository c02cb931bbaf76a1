using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace LlmGateway.DependencyInjection;

/// <summary>Starts each named configuration from <c>.env</c>, the environment and its section, where the default factory would start from nothing.</summary>
internal sealed class GatewayConfigFactory(
    IEnumerable<IConfigureOptions<GatewayConfig>> setups,
    IEnumerable<IPostConfigureOptions<GatewayConfig>> postConfigures,
    IEnumerable<IValidateOptions<GatewayConfig>> validations,
    IEnumerable<GatewayConfigSource> sources)
    : OptionsFactory<GatewayConfig>(setups, postConfigures, validations)
{
    protected override GatewayConfig CreateInstance(string name)
        => sources.LastOrDefault(s => s.Name == name)?.Section is { } section ? GatewayConfig.Load(section) : GatewayConfig.Load();
}

/// <summary>Which section a named configuration reads; null for none.</summary>
internal sealed record GatewayConfigSource(string Name, IConfiguration? Section);

/// <summary>Checks values set by code, which no reader has seen.</summary>
internal sealed class GatewayConfigValidator : IValidateOptions<GatewayConfig>
{
    public ValidateOptionsResult Validate(string? name, GatewayConfig options)
    {
        try
        {
            options.Validate();
            return ValidateOptionsResult.Success;
        }
        catch (ProviderInitException e)
        {
            return ValidateOptionsResult.Fail(e.Message);
        }
    }
}
