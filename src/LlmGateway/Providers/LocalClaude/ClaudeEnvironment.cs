using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalClaude;

/// <summary>
/// What the <c>claude</c> CLI finds in its environment. Names and their meaning:
/// https://code.claude.com/docs/en/env-vars, and tried with version 2.1.197.
/// </summary>
internal static class ClaudeEnvironment
{
    /// <summary><c>ANTHROPIC_*</c> and the CLI's own variables come from the configuration, so that <c>.env</c> may hold them.</summary>
    private static readonly string[] Prefixes = ["ANTHROPIC_", "CLAUDE"];

    /// <summary>
    /// What an enclosing session of the CLI sets for its children, and what would make the child another kind of session.
    /// What a user sets on purpose stays: login, cloud, proxy, certificates, limits.
    /// </summary>
    private static readonly HashSet<string> Stripped = new(StringComparer.OrdinalIgnoreCase)
    {
        "CLAUDECODE", "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_EXECPATH", "CLAUDE_CODE_SSE_PORT", "CLAUDE_CODE_CHILD_SESSION",
        "CLAUDE_CODE_ACTION", "CLAUDE_CODE_AGENT", "CLAUDE_CODE_CONTAINER_ID", "CLAUDE_CODE_SIMPLE", "CLAUDE_CODE_SAFE_MODE",
        "CLAUDE_CODE_SUPERVISED", "CLAUDE_CODE_TASK_LIST_ID", "CLAUDE_CODE_TEAMMATE_COMMAND", "CLAUDE_CODE_MAX_TURNS",
        "CLAUDE_CODE_INCLUDE_PARTIAL_MESSAGES", "CLAUDE_CODE_TEE_SDK_STDOUT", "CLAUDE_CODE_FORCE_SESSION_PERSISTENCE",
        "CLAUDE_CODE_ADDITIONAL_DIRECTORIES_CLAUDE_MD", "CLAUDE_CODE_ENABLE_TELEMETRY", "CLAUDE_CODE_PROACTIVE", "CLAUDE_CODE_REPL",
        "CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR", "CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR", "CLAUDE_CODE_WEBSOCKET_AUTH_FILE_DESCRIPTOR",
        "CLAUDE_CODE_USE_CCR_V2", "CLAUDE_ENV_FILE", "CLAUDE_JOB_DIR", "CLAUDE_PROJECT_DIR", "CLAUDE_EFFORT",
    };

    private static readonly string[] StrippedPrefixes =
    [
        "CLAUDE_CODE_SESSION_", "CLAUDE_CODE_REMOTE", "CLAUDE_CODE_RESUME_", "CLAUDE_CODE_SYNC_", "CLAUDE_CODE_EMIT_", "CLAUDE_CODE_BRIEF",
        "CLAUDE_CODE_COORDINATOR_", "CLAUDE_AGENT", "CLAUDE_BG_", "CLAUDE_BRIDGE_", "CLAUDE_PLUGIN_", "CLAUDE_SESSION_",
    ];

    /// <summary>With one of these the CLI runs on a key that is paid by the token, and not on a subscription.</summary>
    private static readonly string[] Keys =
        ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_IDENTITY_TOKEN", "ANTHROPIC_IDENTITY_TOKEN_FILE", "ANTHROPIC_FEDERATION_RULE_ID"];

    private static readonly string[] CloudSwitches =
    [
        "CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY", "CLAUDE_CODE_USE_ANTHROPIC_AWS",
        "CLAUDE_CODE_USE_MANTLE", "CLAUDE_CODE_USE_GATEWAY",
    ];

    public static CliEnvironment Make(GatewayConfig config)
    {
        var environment = new CliEnvironment(config.Variables, Prefixes, IsStripped)

            // Retries are the client's. Left to itself the CLI makes up to 11 requests where one fails, sends a stream
            // that broke once more without streaming, and asks again up to 5 times for an answer that fits the schema.
            .Set("CLAUDE_CODE_MAX_RETRIES", "0")
            .Set("CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK", "1")
            .Set("MAX_STRUCTURED_OUTPUT_RETRIES", "0")

            // Without this the CLI reads every file that a prompt names as @path, and sends it to the model.
            .Set("CLAUDE_CODE_DISABLE_ATTACHMENTS", "1")

            // No updates, no telemetry: nothing but the question leaves.
            .Set("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
        if (!string.IsNullOrEmpty(config.ApiKey)) environment.Set("ANTHROPIC_API_KEY", config.ApiKey);
        if (config.BaseUrl is { } url) environment.Set("ANTHROPIC_BASE_URL", url.AbsoluteUri.TrimEnd('/'));
        return environment;
    }

    public static bool IsMetered(CliEnvironment environment)
        => Keys.Any(environment.Has) || CloudSwitches.Any(s => environment.Has(s) && IsOn(environment.Variables[s]));

    private static bool IsStripped(string name)
        => Stripped.Contains(name) || StrippedPrefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase));

    private static bool IsOn(string value) => value.Trim().ToUpperInvariant() is not ("0" or "FALSE" or "NO" or "OFF");
}
