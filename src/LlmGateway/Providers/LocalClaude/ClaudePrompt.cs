using System.Text;

namespace LlmGateway.Providers.LocalClaude;

/// <summary>A conversation as the CLI takes it: one system prompt and one prompt.</summary>
/// <param name="System">The system prompt; never blank, so that the CLI does not take its own.</param>
/// <param name="Text">The prompt.</param>
/// <param name="Losses">What could not be said, each in words.</param>
internal sealed record ClaudePrompt(string System, string Text, IReadOnlyList<string> Losses)
{
    private const string NeutralSystem = "Answer the user's message.";

    /// <exception cref="ProviderException">The conversation cannot be said to the CLI.</exception>
    public static ClaudePrompt Of(LlmRequest request)
    {
        if (request.Tools.Count > 0) throw Refusal("it cannot offer the caller's tools to the model. Leave the tools out, or choose a provider that has them, such as anthropic");

        var losses = new List<string>();
        var system = new List<string>();
        var turns = new List<(LlmRole Role, string Text)>();
        foreach (var message in request.Messages)
        {
            var text = TextOf(message, losses);
            if (string.IsNullOrWhiteSpace(text)) continue;
            if (message.Role == LlmRole.System)
            {
                if (turns.Count > 0) losses.Add("A system message that stood later in the conversation was moved to its beginning: the claude CLI has one system prompt.");
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

        if (turns.Count == 0) throw Refusal("the conversation has no user message with text in it: add one");
        if (request is { MaxTokens: { } max, MaxTokensIsDefault: false }) losses.Add($"max_tokens {max} was not passed on: the claude CLI has no setting for it.");
        if (request.Temperature is not null) losses.Add("The temperature was not passed on: the claude CLI has no setting for it.");

        var prompt = turns is [(LlmRole.User, var only)] ? only : Transcript(turns, losses);

        // A prompt that begins with a slash is a command to the CLI; one that begins with a line break is not.
        if (prompt[0] == '/') prompt = "\n" + prompt;
        return new ClaudePrompt(system.Count == 0 ? NeutralSystem : string.Join("\n\n", system), prompt, losses);
    }

    private static string TextOf(LlmMessage message, List<string> losses)
    {
        foreach (var part in message.Parts)
        {
            switch (part)
            {
                case TextPart:
                    break;
                case ToolCallPart or ToolResultPart:
                    throw Refusal("it takes no tool calls and no tool results. Leave them out of the conversation, or choose a provider that has tools, such as anthropic");
                default:
                    losses.Add($"A {part.GetType().Name} was left out: the claude CLI takes text only.");
                    break;
            }
        }

        return message.Content;
    }

    /// <summary>The CLI takes one message of the user, so earlier turns are told in it, between marks that occur in none of them.</summary>
    private static string Transcript(List<(LlmRole Role, string Text)> turns, List<string> losses)
    {
        losses.Add($"The conversation of {turns.Count} turns was given to the model as a transcript in one message: the claude CLI takes a single prompt.");
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

    private static ProviderException Refusal(string why)
        => new(LocalClaudeProvider.ProviderName, ProviderErrorKind.InvalidRequest, $"{LocalClaudeProvider.ProviderName} cannot send this request: {why}.");
}
