using System.Runtime.CompilerServices;

namespace LlmGateway.Server.Tests;

internal static class AssemblyInfo
{
    /// <summary>A developer's own settings and keys must not reach the tests.</summary>
    [ModuleInitializer]
    internal static void Forget()
    {
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (name.StartsWith("LLM_", StringComparison.Ordinal) && name != "LLM_GATEWAY_CI" || name.EndsWith("_API_KEY", StringComparison.Ordinal) || name.EndsWith("_TOKEN", StringComparison.Ordinal)) Environment.SetEnvironmentVariable(name, null);
        }

        Environment.SetEnvironmentVariable("SERVER_TESTS_KEY", "sk-of-the-vendor-0123456789");
        ProviderRegistry.Default.AddBedrock();
    }
}
