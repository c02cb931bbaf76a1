using Microsoft.Extensions.Configuration;

namespace LlmGateway.Routing.Configuration;

/// <summary>Reads the section <c>Routes</c> of <c>IConfiguration</c>.</summary>
internal static class RouteSection
{
    /// <exception cref="ProviderInitException">Something is wrong; the message names the route and the field.</exception>
    public static IReadOnlyList<RouteConfig> Read(IConfigurationSection section)
    {
        IReadOnlyList<RouteConfig> routes = [];
        if (SectionSetting.IsSet(section)) RouteRules.Named(section.Path, () => routes = RouteReader.Read(new SectionSetting(section, "")));
        return routes;
    }
}
