using System.Text;

namespace LlmGateway.Providers.Cli;

/// <summary>A conversation as a program takes it: one system prompt and one prompt.</summary>
/// <param name="System">The system prompt; never blank, so that the program does not take its own.</param>
/// <param name="Text">The prompt.</param>
/// <param name="Losses">What could not be said, each in words.</param>
internal sealed record CliPrompt(string System, string Text, IReadOnlyList<string> Losses)
{
    private const string NeutralSystem = "Answer the user's message.";

    /// <exception cref="ProviderException">The conversation cannot be said to the program.</exception>
    public static CliPrompt Of(LlmRequest request, CliProgram program, CliSettings known)
    {
        if (request.Tools.Count > 0) throw Refusal(program, $"it cannot offer the caller's tools to the model. Leave the tools out, or choose a provider that has them, such as {program.Alternative}.");
        if (request.Model.Contains('\0', StringComparison.Ordinal)) throw Refusal(program, "the model's name holds a NUL character.");

        var losses = new List<string>();
        var system = new List<string>();
        var turns = new List<(LlmRole Role, string Text)>();
        foreach (var message in request.Messages)
        {
            var text = TextOf(message, program, losses);
            if (string.IsNullOrWhiteSpace(text)) continue;
            if (message.Role is LlmRole.System or LlmRole.Developer)
            {
                if (turns.Count > 0) losses.Add($"A system message that stood later in the conversation was moved to its beginning: {program.Words} has one system prompt.");
                system.Add(text);
            }
            else if (turns.Count > 0 && turns[^1].Role == message.Role)
            {
                turns[^1] = (message.Role, turns[^1].Text + "\n\n" + text);
            }
            else
            {
                turns.Add((message.Role, text));
            }
        }

        if (turns.Count == 0) throw Refusal(program, "the conversation has no user message with text in it: add one.");
        CliLosses.Add(losses, request, program, known);

        var prompt = turns is [(LlmRole.User, var only)] ? only : Transcript(turns, program, losses);

        // A prompt that begins with a slash is a command to some programs; one that begins with a line break is not.
        if (prompt[0] == '/') prompt = "\n" + prompt;
        return new CliPrompt(system.Count == 0 ? NeutralSystem : string.Join("\n\n", system), prompt, losses);
    }

    private static string TextOf(LlmMessage message, CliProgram program, List<string> losses)
    {
        foreach (var part in message.Parts)
        {
            switch (part)
            {
                case TextPart:
                    break;
                case ToolCallPart or ToolResultPart:
                    throw Refusal(program, $"it takes no tool calls and no tool results. Leave them out of the conversation, or choose a provider that has tools, such as {program.Alternative}.");
                default:
                    losses.Add($"A {part.GetType().Name} was left out: {program.Words} takes text only.");
                    break;
            }
        }

        return message.Content;
    }

    /// <summary>A program takes one message of the user, so earlier turns are told in it, between marks that occur in none of them.</summary>
    private static string Transcript(List<(LlmRole Role, string Text)> turns, CliProgram program, List<string> losses)
    {
        losses.Add($"The conversation of {turns.Count} turns was given to the model as a transcript in one message: {program.Words} takes a single prompt.");
        var mark = "turn";
        for (var n = 2; turns.Exists(t => t.Text.Contains(mark + ">", StringComparison.Ordinal)); n++) mark = $"turn-{n}";

        var text = new StringBuilder("This is a conversation between the user and you, the assistant, oldest turn first.\n\n");
        foreach (var (role, words) in turns)
        {
            text.Append($"<{mark} role=\"{(role == LlmRole.Assistant ? "assistant" : "user")}\">\n{words}\n</{mark}>\n\n");
        }

        return text.Append(turns[^1].Role == LlmRole.Assistant
            ? "Continue the assistant's last turn from where it ends. Write only what comes next, without marks."
            : "Write the assistant's next turn. Write only its content, without marks.").ToString();
    }

    private static ProviderException Refusal(CliProgram program, string why) => program.Refusal(ProviderErrorKind.InvalidRequest, why);
}
