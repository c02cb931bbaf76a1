using LlmGateway.Dialects.OpenAI;
using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalCodex;

/// <summary>The CLI's arguments. Source: https://developers.openai.com/codex/cli/reference, and tried with version 0.169.0.</summary>
internal static class CodexArguments
{
    /// <exception cref="ProviderException">The schema is none that the CLI's way of asking can hold.</exception>
    public static IReadOnlyList<string> Of(LlmRequest request, CliFolder folder)
    {
        List<string> arguments = ["exec", "--json", "--skip-git-repo-check", "--ephemeral", "--ignore-rules", "--sandbox", "read-only", "--color", "never"];
        if (request.OutputSchema is { Mode: OutputMode.Native } output)
        {
            // The CLI always asks for strict mode, which the API refuses for such a schema.
            if (!OpenAISchema.IsStrict(output))
            {
                throw LocalCodexProvider.Codex.Refusal(ProviderErrorKind.InvalidRequest,
                    "the JSON schema does not keep the rules of strict mode, which is all the codex CLI asks for: each object lists all its properties in 'required' and has 'additionalProperties': false. Change the schema, or choose another provider, such as openai_responses.");
            }

            arguments.AddRange(["--output-schema", folder.AddFile("schema.json", output.Schema.GetRawText())]);
        }

        arguments.Add("-");
        return arguments;
    }
}
