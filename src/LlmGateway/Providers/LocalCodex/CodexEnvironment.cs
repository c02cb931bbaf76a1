using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalCodex;

/// <summary>
/// What the <c>codex</c> CLI finds in its environment. Names and their meaning: https://developers.openai.com/codex,
/// and tried with version 0.169.0.
/// </summary>
internal static class CodexEnvironment
{
    public const string Key = "CODEX_API_KEY";

    private static readonly string[] Prefixes = ["CODEX_", "OPENAI_"];

    /// <summary>
    /// What an enclosing session of the CLI sets for its children, what each run sets for itself, and what the CLI does not
    /// read: <c>OPENAI_API_KEY</c> counts with <c>codex login</c> alone.
    /// </summary>
    private static readonly HashSet<string> Stripped = new(StringComparer.OrdinalIgnoreCase)
    {
        "CODEX_HOME", "CODEX_SQLITE_HOME", "CODEX_THREAD_ID", "CODEX_TOOL_CALL_ID", "CODEX_URL", "CODEX_NON_INTERACTIVE", "CODEX_CI",
        "CODEX_MCP_PROTOCOL_VERSION", "OPENAI_API_KEY", "OPENAI_BASE_URL",
    };

    private static readonly string[] StrippedPrefixes = ["CODEX_SANDBOX", "CODEX_INTERNAL_", "CODEX_TUI_", "CODEX_SNAPSHOT_", "CODEX_MANAGED_", "CODEX_CLOUD_"];

    public static CliEnvironment Make(GatewayConfig config)
    {
        // Without a place to run commands, the CLI has no tool that touches the disk, whatever the model calls.
        var environment = new CliEnvironment(config.Variables, Prefixes, IsStripped).Set("CODEX_EXEC_SERVER_URL", "none");
        if (!string.IsNullOrEmpty(config.ApiKey)) environment.Set(Key, config.ApiKey);
        return environment;
    }

    private static bool IsStripped(string name)
        => Stripped.Contains(name) || StrippedPrefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase));
}
