using System.Text;

namespace LlmGateway.Providers.Simulated;

/// <summary>The text of a conversation: what values may be taken from.</summary>
internal static class PromptText
{
    /// <summary>How much is searched: enough for a long document, little enough that a hostile prompt costs milliseconds.</summary>
    public const int SearchedCharacters = 100_000;

    /// <summary>What the user and the tools said; not the instructions, which speak of values rather than hold them.</summary>
    public static string Of(LlmRequest request)
    {
        var text = new StringBuilder();
        foreach (var message in request.Messages)
        {
            if (message.Role is not (LlmRole.User or LlmRole.Tool)) continue;
            foreach (var part in message.Parts)
            {
                var piece = part switch
                {
                    TextPart { Text: var said } => said,
                    ToolResultPart { Content: var result } => result,
                    _ => null,
                };
                if (piece is null) continue;
                text.Append(piece, 0, Math.Min(piece.Length, SearchedCharacters - text.Length));
                if (text.Length == SearchedCharacters) return WithoutSchemas(text.ToString());
                text.Append('\n');
                if (text.Length == SearchedCharacters) return WithoutSchemas(text.ToString());
            }
        }

        return WithoutSchemas(text.ToString());
    }

    public static string LastAsked(LlmRequest request) =>
        request.Messages.LastOrDefault(message => message.Role == LlmRole.User)?.Content ?? "";

    public static long Length(LlmRequest request)
    {
        var length = 0L;
        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts)
            {
                length += part switch
                {
                    TextPart text => text.Text.Length,
                    ThinkingPart thought => thought.Text.Length,
                    ToolCallPart call => call.Name.Length + call.ArgumentsJson.Length,
                    ToolResultPart result => result.Content.Length,
                    RawPart raw => raw.Json.Length,
                    _ => 0,
                };
            }
        }

        return length;
    }

    /// <summary>Drops blocks of JSON that are schemas: in prompt mode the schema itself stands in the text, and its words are no values.</summary>
    private static string WithoutSchemas(string text)
    {
        if (!text.Contains("\"properties\"", StringComparison.Ordinal)) return text;

        var kept = new StringBuilder(text.Length);
        var depth = 0;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '{' && depth++ == 0)
            {
                kept.Append(text, start, i - start);
                start = i;
            }
            else if (text[i] == '}' && depth > 0 && --depth == 0)
            {
                if (!text.AsSpan(start, i - start).Contains("\"properties\"", StringComparison.Ordinal)) kept.Append(text, start, i + 1 - start);
                start = i + 1;
            }
        }

        return kept.Append(text, start, text.Length - start).ToString();
    }
}
