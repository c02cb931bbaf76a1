using System.Runtime.CompilerServices;

namespace LlmGateway.Reliability.Tests.Fakes;

/// <summary>Every vendor's key, and the vendor that has a package of its own, before any test.</summary>
internal static class Keys
{
    [ModuleInitializer]
    internal static void Set()
    {
        ProviderRegistry.Default.AddBedrock();
        foreach (var variable in (string[])["ANTHROPIC_API_KEY", "AWS_BEARER_TOKEN_BEDROCK", "GEMINI_API_KEY", "OPENAI_API_KEY"]) Environment.SetEnvironmentVariable(variable, "sk-canary-123456");
    }
}
