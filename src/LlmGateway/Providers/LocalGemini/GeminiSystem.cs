using System.Text.RegularExpressions;

namespace LlmGateway.Providers.LocalGemini;

/// <summary>
/// What the CLI puts in the place of variables in a system prompt's file:
/// https://github.com/google-gemini/gemini-cli/blob/main/docs/cli/system-prompt.md.
/// </summary>
internal static partial class GeminiSystem
{
    public static bool IsChanged(string system) => Variables().IsMatch(system);

    [GeneratedRegex(@"\$\{(AgentSkills|SubAgents|AvailableTools|[A-Za-z0-9_]+_ToolName)\}")]
    private static partial Regex Variables();
}
