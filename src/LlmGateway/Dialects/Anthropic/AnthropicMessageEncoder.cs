using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>Writes the conversation of a request: the system's blocks, and turns that alternate.</summary>
internal static class AnthropicMessageEncoder
{
    private const string Name = AnthropicDialect.DialectName;

    /// <summary>All system messages go to the one place the API has for them, each part as a block of its own.</summary>
    public static void WriteSystem(Utf8JsonWriter json, IReadOnlyList<LlmMessage> messages, List<string> losses)
    {
        var isOpen = false;
        var hasTurns = false;
        foreach (var message in messages)
        {
            if (message.Role is not (LlmRole.System or LlmRole.Developer))
            {
                hasTurns = true;
                continue;
            }

            losses.Own(message.Extensions, Name, "messages[]");
            foreach (var part in message.Parts)
            {
                if (part is TextPart { Text: var text } && string.IsNullOrWhiteSpace(text)) continue;
                if (part is not (TextPart or RawPart { Dialect: Name }))
                {
                    losses.NoPlace($"a {part.GetType().Name} in a system message", Name);
                    continue;
                }

                if (hasTurns) losses.Once("A system message that stood later in the conversation was moved to its beginning: the Messages API's system field has no other place.");
                if (!isOpen)
                {
                    json.WriteStartArray("system"u8);
                    isOpen = true;
                }

                AnthropicBlockEncoder.Write(json, part, losses);
            }
        }

        if (isOpen) json.WriteEndArray();
    }

    /// <summary>
    /// Neighbours that become the same role on the wire are joined into one turn: the API wants turns to alternate, and
    /// all results of one turn's tool calls first in the turn behind it.
    /// </summary>
    public static void WriteMessages(Utf8JsonWriter json, IReadOnlyList<LlmMessage> messages, WirePeer peer, List<string> losses)
    {
        var turns = Turns(messages, losses);
        if (turns.Count == 0) throw new DialectException(ProviderErrorKind.InvalidRequest, "The conversation has no user message with text in it: add one.");
        if (turns[^1].IsAssistant)
        {
            if (peer.Model.Prefill == false) throw new DialectException(ProviderErrorKind.InvalidRequest, "The last message is the assistant's, which this model does not go on with: end with a message of the user's.");
            TrimEnd(turns[^1].Parts);
        }

        var calls = new HashSet<string>();
        json.WriteStartArray("messages"u8);
        foreach (var (isAssistant, parts) in turns)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, isAssistant ? "assistant"u8 : "user"u8);
            json.WriteStartArray("content"u8);
            foreach (var part in parts.OrderBy(part => part is ToolResultPart ? 0 : 1))
            {
                if (part is ToolCallPart call) calls.Add(call.Id);
                if (part is ToolResultPart result && !calls.Contains(result.CallId))
                {
                    throw new DialectException(ProviderErrorKind.InvalidRequest, $"The result of tool call '{result.CallId}' has no call before it in the conversation: send the assistant's message with the call too.");
                }

                AnthropicBlockEncoder.Write(json, part, losses);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static List<(bool IsAssistant, List<LlmPart> Parts)> Turns(IReadOnlyList<LlmMessage> messages, List<string> losses)
    {
        var turns = new List<(bool IsAssistant, List<LlmPart> Parts)>();
        foreach (var message in messages)
        {
            if (message.Role is LlmRole.System or LlmRole.Developer) continue;
            if (message.Name is not null) losses.NoPlace("name of a message", Name);
            losses.Own(message.Extensions, Name, "messages[]");
            var isAssistant = message.Role == LlmRole.Assistant;
            foreach (var part in message.Parts)
            {
                if (part is TextPart { Text: var text } && string.IsNullOrWhiteSpace(text)) continue; // The API refuses blank text blocks.
                if (!HasPlace(part, losses)) continue;
                if (turns.Count == 0 || turns[^1].IsAssistant != isAssistant) turns.Add((isAssistant, []));
                turns[^1].Parts.Add(part);
            }
        }

        return turns;
    }

    /// <summary>Asked before a turn is opened for it: the API refuses a turn without content.</summary>
    private static bool HasPlace(LlmPart part, List<string> losses)
    {
        switch (part)
        {
            case TextPart or ToolCallPart or ToolResultPart or ImagePart or DocumentPart or RefusalPart or RawPart { Dialect: Name }:
                return true;
            case ThinkingPart thinking when thinking.Origin is null or Name && (thinking.Signature ?? thinking.EncryptedContent) is not null:
                return true;
            case ThinkingPart:
                losses.NoPlace("thinking that this vendor has not signed", Name);
                return false;
            case RawPart raw:
                losses.NoPlace($"{raw.Dialect}'s part of a message", Name);
                return false;
            default:
                losses.NoPlace($"a {part.GetType().Name}", Name);
                return false;
        }
    }

    /// <summary>The API refuses an answer to be gone on with that ends in white space.</summary>
    private static void TrimEnd(List<LlmPart> parts)
    {
        if (parts[^1] is TextPart text) parts[^1] = text with { Text = text.Text.TrimEnd() };
    }
}
