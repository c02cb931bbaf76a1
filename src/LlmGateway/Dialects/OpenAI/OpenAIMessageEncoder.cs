using System.Text.Json;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>Writes the conversation of a request.</summary>
internal static class OpenAIMessageEncoder
{
    private const string Name = OpenAIDialect.DialectName;

    public static void Write(Utf8JsonWriter json, IReadOnlyList<LlmMessage> messages, WirePeer peer, List<string> losses)
    {
        if (peer.Model.Prefill == false && messages.Count > 0 && messages[^1].Role == LlmRole.Assistant)
        {
            throw new DialectException(ProviderErrorKind.InvalidRequest, "The last message is the assistant's, which this model does not go on with: end with a message of the user's.");
        }

        var calls = new HashSet<string>();
        json.WriteStartArray("messages"u8);
        foreach (var message in messages)
        {
            if (message.Role == LlmRole.Assistant)
            {
                WriteAssistant(json, message, peer, losses);
                calls.UnionWith(message.Parts.Select(part => part is ToolCallPart call ? call.Id : CustomCallId(part)).OfType<string>());
                continue;
            }

            // A vendor that has results in the user's turn puts them first there; here they are messages of their own.
            var results = message.Parts.OfType<ToolResultPart>().ToList();
            foreach (var result in results) WriteResult(json, result, calls, losses);
            var rest = message.Parts.Where(part => part is not ToolResultPart).Concat(results.SelectMany(result => result.Parts.Where(IsMedia))).ToList();
            if (rest.Count > 0 || results.Count == 0) WriteTurn(json, message, rest, peer, losses);
        }

        json.WriteEndArray();
    }

    private static bool IsMedia(LlmPart part) => part is ImagePart or AudioPart or DocumentPart or VideoPart;

    private static void WriteTurn(Utf8JsonWriter json, LlmMessage message, List<LlmPart> parts, WirePeer peer, List<string> losses)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, message.Role switch
        {
            LlmRole.System => "system"u8,
            LlmRole.Developer => peer.Refuses.Contains("developer") ? "system"u8 : "developer"u8,
            _ => "user"u8,
        });
        WriteContent(json, parts, peer, losses);
        WriteNameAndBag(json, message, losses);
        json.WriteEndObject();
    }

    private static void WriteNameAndBag(Utf8JsonWriter json, LlmMessage message, List<string> losses)
    {
        if (message.Name is { } name) json.WriteString("name"u8, name);
        json.WriteBag(losses.Own(message.Extensions, Name, "messages[]"));
    }

    /// <summary>One plain text is a string, which every compatible server reads; anything else a list of parts.</summary>
    private static void WriteContent(Utf8JsonWriter json, List<LlmPart> parts, WirePeer peer, List<string> losses)
    {
        if (parts is [TextPart { Extensions: null, Cache: null } only])
        {
            CheckText(only, losses);
            json.WriteString("content"u8, only.Text);
            return;
        }

        json.WriteStartArray("content"u8);
        foreach (var part in parts) OpenAIPartEncoder.Write(json, part, peer, losses);
        json.WriteEndArray();
    }

    internal static void CheckText(TextPart text, List<string> losses)
    {
        if (text.Citations.Count > 0) losses.NoPlace("citations", Name);
        if (text.Signature is not null) losses.NoPlace($"{text.Origin ?? "another"}'s signature of a text", Name);
    }

    private static void WriteAssistant(Utf8JsonWriter json, LlmMessage message, WirePeer peer, List<string> losses)
    {
        var calls = new List<LlmPart>();
        var content = new List<LlmPart>();
        var thoughts = new List<ThinkingPart>();
        foreach (var part in message.Parts)
        {
            if (part is ToolCallPart || CustomCallId(part) is not null) calls.Add(part);
            else if (part is ThinkingPart thinking) AddThought(thinking);
            else if (part is TextPart { Text: "" } && message.Parts.Count > 1) continue; // Between calls and thoughts an empty text says nothing.
            else content.Add(part);
        }

        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        if (content.Count > 0) WriteContent(json, content, peer, losses);
        else json.WriteNull("content"u8);
        if (thoughts.Exists(thought => thought.Text.Length > 0)) json.WriteString(peer.ReasoningField ?? "reasoning_content", string.Concat(thoughts.Select(thought => thought.Text)));
        foreach (var thought in thoughts) json.WriteBag(thought.Extensions);
        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            foreach (var call in calls) WriteCall(json, call, losses);
            json.WriteEndArray();
        }

        WriteNameAndBag(json, message, losses);
        json.WriteEndObject();

        void AddThought(ThinkingPart thinking)
        {
            var isOwn = thinking.Origin == Name || (thinking.Origin is null && thinking.Signature is null);
            if (isOwn && peer.Vendor is not ("openai" or "azure_openai" or "github_models")) thoughts.Add(thinking);
            else losses.NoPlace("thinking", Name);
        }
    }

    /// <summary>The id of a call of a custom tool, whose input is text and no JSON, so that the middle has no name for it; null for any other part.</summary>
    internal static string? CustomCallId(LlmPart part)
    {
        if (part is not RawPart { Dialect: Name } raw) return null;
        using var document = JsonDocument.Parse(raw.Json);
        return document.RootElement.Object("custom"u8) is null ? null : document.RootElement.Text("id"u8);
    }

    internal static void WriteCall(Utf8JsonWriter json, LlmPart part, List<string> losses, int? index = null)
    {
        if (part is not ToolCallPart call)
        {
            json.WriteExact(((RawPart)part).Json, "A call of a custom tool");
            return;
        }

        if (call.Signature is not null && call.Origin != Name) losses.NoPlace($"{call.Origin ?? "another"}'s signature of a tool call", Name);
        var own = losses.Own(call.Extensions, Name, "tool_calls[]");
        json.WriteStartObject();
        if (index is { } place) json.WriteNumber("index"u8, place);
        json.WriteString("id"u8, call.Id);
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, call.Name);
        json.WriteString("arguments"u8, call.ArgumentsJson);
        json.WriteEndObject();
        json.WriteBag(own);
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, ToolResultPart result, HashSet<string> calls, List<string> losses)
    {
        if (!calls.Contains(result.CallId))
        {
            throw new DialectException(ProviderErrorKind.InvalidRequest, $"The result of tool call '{result.CallId}' has no call before it in the conversation: send the assistant's message with the call too.");
        }

        if (result.IsError) losses.NoPlace("is_error of a tool result", Name);
        if (result.Cache is not null) losses.NoPlace("cache mark", Name);
        if (result.Parts.Any(IsMedia)) losses.Once("images and documents in a tool result were moved to a user message behind it: the openai dialect has text only in tool results.");
        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        json.WriteString("tool_call_id"u8, result.CallId);
        var texts = result.Parts.Where(part => !IsMedia(part)).ToList();
        foreach (var part in texts.Where(part => part is not TextPart)) losses.NoPlace(part is RawPart raw ? $"{raw.Dialect}'s part of a tool result" : $"a {part.GetType().Name} in a tool result", Name);
        json.WriteString("content"u8, string.Concat(texts.OfType<TextPart>().Select(text => text.Text)));
        json.WriteBag(losses.Own(result.Extensions, Name, "messages[]"));
        json.WriteEndObject();
    }
}
