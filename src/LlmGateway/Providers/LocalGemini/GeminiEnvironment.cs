using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalGemini;

/// <summary>
/// What the <c>gemini</c> CLI finds in its environment. Names and their meaning:
/// https://github.com/google-gemini/gemini-cli/blob/main/docs/reference/configuration.md, and tried with version 0.61.0.
/// </summary>
internal static class GeminiEnvironment
{
    public const string Key = "GEMINI_API_KEY";

    private const string BaseUrl = "GOOGLE_GEMINI_BASE_URL";

    private static readonly string[] Prefixes = ["GEMINI_", "GOOGLE_"];

    /// <summary>What a session of the CLI sets for its children, what each run sets for itself, and what makes another kind of session.</summary>
    private static readonly HashSet<string> Stripped = new(StringComparer.OrdinalIgnoreCase)
    {
        "GEMINI_CLI", "GEMINI_CLI_HOME", "GEMINI_SYSTEM_MD", "GEMINI_WRITE_SYSTEM_MD", "GEMINI_MODEL", "GEMINI_SANDBOX", "GEMINI_SESSION_ID",
        "GEMINI_CLI_SESSION_ID", "GEMINI_CLI_PROMPT_ID", "GEMINI_PROJECT_DIR", "GEMINI_CWD", "GEMINI_PLANS_DIR", "GEMINI_CLI_SURFACE",
        "GEMINI_CLI_TRUSTED_FOLDERS_PATH", "GEMINI_DEBUG_LOG_FILE", "GEMINI_CLI_ACTIVITY_LOG_TARGET", "DEBUG", "DEBUG_MODE",
    };

    private static readonly string[] StrippedPrefixes = ["GEMINI_TELEMETRY_", "GEMINI_CLI_IDE_", "GEMINI_CLI_EXTENSION_", "GEMINI_SANDBOX_", "OTEL_"];

    public static CliEnvironment Make(GatewayConfig config)
    {
        var environment = new CliEnvironment(config.Variables, Prefixes, IsStripped)

            // The CLI starts itself once more to have more memory: a second process and a second of waiting.
            .Set("GEMINI_CLI_NO_RELAUNCH", "true")

            // It refuses to run in a folder that nobody has called trusted. This one is empty.
            .Set("GEMINI_CLI_TRUST_WORKSPACE", "true")
            .Set("NO_COLOR", "1");
        if (!string.IsNullOrEmpty(config.ApiKey)) environment.Set(Key, config.ApiKey);
        if (config.BaseUrl is { } url) environment.Set(BaseUrl, WithoutVersion(url.AbsoluteUri.TrimEnd('/')));
        return environment;
    }

    /// <summary>The CLI adds the version to the address by itself.</summary>
    private static string WithoutVersion(string url) => url.EndsWith("/v1beta", StringComparison.Ordinal) ? url[..^"/v1beta".Length] : url;

    private static bool IsStripped(string name)
        => Stripped.Contains(name) || StrippedPrefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase));
}
