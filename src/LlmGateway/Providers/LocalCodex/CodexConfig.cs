using System.Globalization;
using System.Text;

namespace LlmGateway.Providers.LocalCodex;

/// <summary>
/// The <c>config.toml</c> of a run, in a home of its own: no retries, no tools, nothing of this machine in the prompt, and
/// nothing sent but the question. Names: https://developers.openai.com/codex/config-reference, and tried with version
/// 0.169.0, which ignores the names that it does not know.
/// </summary>
internal static class CodexConfig
{
    /// <summary>What would offer tools to the model, or add to the prompt, or go on asking.</summary>
    private static readonly string[] FeaturesOff =
    [
        "shell_tool", "unified_exec", "goals", "apps", "plugins", "hooks", "view_image", "image_generation", "shell_snapshot",
        "tool_suggest", "skill_search", "browser_use", "computer_use", "in_app_browser", "memories", "unbounded_connection_retries",
        "enable_request_compression",
    ];

    /// <param name="request">What is asked.</param>
    /// <param name="models">The path of the list of models.</param>
    /// <param name="baseUrl">The API's address; null for the vendor's own, which the CLI chooses by the login.</param>
    /// <param name="losses">What cannot be said, in words.</param>
    public static string Of(LlmRequest request, string models, Uri? baseUrl, List<string> losses)
    {
        var text = new StringBuilder();
        Set("model", Quoted(request.Model));
        Set("model_provider", Quoted("llm_gateway"));
        Set("model_catalog_json", Quoted(models));
        Reasoning(request.Reasoning);
        Set("approval_policy", Quoted("never"));
        Set("sandbox_mode", Quoted("read-only"));
        Set("web_search", Quoted("disabled"));
        Set("project_doc_max_bytes", "0");
        Set("include_permissions_instructions", "false");
        Set("include_environment_context", "false");
        Set("include_apps_instructions", "false");
        Set("include_collaboration_mode_instructions", "false");
        Set("check_for_update_on_startup", "false");
        Set("cli_auth_credentials_store", Quoted("file"));
        Table("skills");
        Set("include_instructions", "false");
        Table("history");
        Set("persistence", Quoted("none"));
        Table("analytics");
        Set("enabled", "false");
        Table("agents");
        Set("enabled", "false");
        Table("tools.experimental_request_user_input");
        Set("enabled", "false");
        Table("features");
        foreach (var feature in FeaturesOff) Set(feature, "false");

        // The built-in provider's retries cannot be set, so this is it once more, without them.
        Table("model_providers.llm_gateway");
        Set("name", Quoted("OpenAI"));
        if (baseUrl is not null) Set("base_url", Quoted(Address(baseUrl)));
        Set("wire_api", Quoted("responses"));
        Set("requires_openai_auth", "true");
        Set("request_max_retries", "0");
        Set("stream_max_retries", "0");
        Set("supports_websockets", "false");
        Set("env_http_headers", """{ "OpenAI-Organization" = "OPENAI_ORGANIZATION", "OpenAI-Project" = "OPENAI_PROJECT" }""");
        return text.ToString();

        void Table(string name) => text.Append(CultureInfo.InvariantCulture, $"\n[{name}]\n");
        void Set(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name} = {value}\n");

        void Reasoning(LlmReasoning? reasoning)
        {
            if (reasoning is null) return;
            var effort = reasoning.Effort ?? (reasoning.Enabled == false ? "none" : null);
            if (effort is not null) Set("model_reasoning_effort", Quoted(effort));
            if (reasoning.Summary is { } summary) Set("model_reasoning_summary", Quoted(summary));
            if (reasoning.BudgetTokens is { } budget) losses.Add(string.Create(CultureInfo.InvariantCulture, $"The budget of {budget} tokens to think with was not passed on: the codex CLI takes an effort only."));
        }
    }

    /// <summary>An address without a path means the API's usual one.</summary>
    private static string Address(Uri baseUrl) => baseUrl.AbsolutePath == "/" ? new Uri(baseUrl, "v1").AbsoluteUri : baseUrl.AbsoluteUri.TrimEnd('/');

    /// <summary>A basic string of TOML: https://toml.io/en/v1.0.0#string.</summary>
    private static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (char.IsControl(c)) text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else text.Append(c);
        }

        return text.Append('"').ToString();
    }
}
