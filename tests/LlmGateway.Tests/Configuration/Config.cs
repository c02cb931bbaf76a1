using LlmGateway.Configuration;

namespace LlmGateway.Tests.Configuration;

/// <summary>Configurations of variables that the test gives, never of the process's.</summary>
internal static class Config
{
    public static GatewayConfig Of(params (string Name, string Value)[] environment) => ConfigReader.Read(Variables(environment));

    public static VariableSet Variables(params (string Name, string Value)[] environment)
        => VariableSet.Merge(null, environment.ToDictionary(v => v.Name, v => v.Value));

    public static VariableSet Variables(string envFile, params (string Name, string Value)[] environment)
        => VariableSet.Merge(EnvFile.Parse(envFile, "/x/.env"), environment.ToDictionary(v => v.Name, v => v.Value));

    public static ConfigSetting Setting(this GatewayConfig config, string variable) => config.Describe().Single(s => s.Variable == variable);
}
