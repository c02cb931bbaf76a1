using System.Text;
using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalClaude;

/// <summary>The CLI's arguments. Source: https://code.claude.com/docs/en/cli-reference, and tried with version 2.1.197.</summary>
internal static class ClaudeArguments
{
    /// <summary>A longer system prompt goes into a file, well before any system's limit on a command line.</summary>
    private const int MaxInlineBytes = 8 * 1024;

    /// <summary>Linux: 128 KiB for one argument (MAX_ARG_STRLEN). Windows: 32767 characters for all, the others included (CreateProcess).</summary>
    private static readonly int MaxSchemaBytes = OperatingSystem.IsWindows() ? 20 * 1024 : (128 * 1024) - 1;

    /// <exception cref="ProviderException">The request cannot be said in arguments.</exception>
    public static IReadOnlyList<string> Of(LlmRequest request, string system, CliFolder folder)
    {
        List<string> arguments =
        [
            "-p", "--output-format", "json",

            // All messages and not the last alone: they hold the error's code, the request's id, where the key came from,
            // and an answer's first parts where the model was asked to go on.
            "--verbose",
            "--model", request.Model,
            "--tools", "",
            "--no-session-persistence",
            "--setting-sources", "",
            "--strict-mcp-config",
        ];

        // A system prompt of an argument is cut at a NUL.
        if (Encoding.UTF8.GetByteCount(system) <= MaxInlineBytes && !system.Contains('\0', StringComparison.Ordinal))
        {
            arguments.AddRange(["--system-prompt", system]);
        }
        else
        {
            arguments.AddRange(["--system-prompt-file", folder.AddFile("system.txt", system)]);
        }

        if (request.OutputSchema is { Mode: OutputMode.Native } output)
        {
            var schema = ClaudeSchema.Of(output);
            if (Encoding.UTF8.GetByteCount(schema) > MaxSchemaBytes)
            {
                throw LocalClaudeProvider.Claude.Refusal(ProviderErrorKind.RequestTooLarge, $"the JSON schema has more than the {MaxSchemaBytes} bytes that fit into an argument. Make the type smaller, or choose another provider, such as anthropic.");
            }

            arguments.AddRange(["--json-schema", schema]);
        }

        return arguments;
    }
}
