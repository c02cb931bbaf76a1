using LlmGateway.Routing.Configuration;

namespace LlmGateway.Configuration;

/// <summary>Turns variables into a configuration, by the table of settings.</summary>
internal static class ConfigReader
{
    public static GatewayConfig Read(VariableSet variables)
    {
        var config = new GatewayConfig { Variables = variables, Routes = variables.Routes };
        foreach (var row in ConfigVariable.All)
        {
            if (variables.Find(row.Name) is { } variable) row.Set(config, variable);
        }

        RouteRules.Check(config);
        config.Warnings = [.. variables.Warnings, .. UnknownNames(variables)];
        return config;
    }

    public static void Validate(GatewayConfig config)
    {
        foreach (var row in ConfigVariable.All) row.Check(config);
        RouteRules.Check(config);
    }

    /// <summary>The error names no value: an unknown variable may hold a secret.</summary>
    private static IEnumerable<string> UnknownNames(VariableSet variables)
        => from name in variables.Names
           where name.StartsWith(ConfigVariable.Prefix, StringComparison.Ordinal)
           where !ConfigVariable.AlsoKnown.Contains(name) && ConfigVariable.All.All(v => v.Name != name)
           orderby name
           select $"The variable {name} is not one of the gateway's{NearestName.Hint(name, ConfigVariable.All.Select(v => v.Name))}";
}
