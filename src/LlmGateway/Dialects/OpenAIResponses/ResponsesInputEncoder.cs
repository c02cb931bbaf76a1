using System.Text.Json;

namespace LlmGateway.Dialects.OpenAIResponses;

/// <summary>Writes the conversation as input items; the first message of the system's as the instructions.</summary>
internal static class ResponsesInputEncoder
{
    private const string Name = ResponsesDialect.DialectName;

    public static void Write(Utf8JsonWriter json, IReadOnlyList<LlmMessage> messages, WirePeer peer, List<string> losses)
    {
        if (peer.Model.Prefill == false && messages.Count > 0 && messages[^1].Role == LlmRole.Assistant)
        {
            throw new DialectException(ProviderErrorKind.InvalidRequest, "The last message is the assistant's, which this model does not go on with: end with a message of the user's.");
        }

        var first = 0;
        if (messages.Count > 1 && messages[0] is { Role: LlmRole.System, Extensions: null } system && system.Parts is [TextPart { Cache: null, Extensions: null, Citations.Count: 0 } text])
        {
            json.WriteString("instructions"u8, text.Text);
            first = 1;
        }

        var calls = new HashSet<string>();
        json.WriteStartArray("input"u8);
        foreach (var message in messages.Skip(first))
        {
            if (message.Name is not null) losses.NoPlace("name of a message", Name);
            var own = losses.Own(message.Extensions, Name, "messages[]");
            if (message.Role == LlmRole.Assistant)
            {
                foreach (var part in message.Parts) WriteAssistantItem(json, part, calls, losses);
                continue;
            }

            // Raw results are items of their own; other raw parts stand in a message.
            var rest = new List<LlmPart>();
            foreach (var part in message.Parts)
            {
                if (part is ToolResultPart result) WriteResult(json, result, calls, losses);
                else if (part is RawPart { Dialect: Name } raw && message.Role == LlmRole.Tool) json.WriteExact(raw.Json, "A raw part");
                else rest.Add(part);
            }

            if (rest.Count > 0) WriteTurn(json, message.Role, rest, own, losses);
        }

        json.WriteEndArray();
    }

    private static void WriteTurn(Utf8JsonWriter json, LlmRole role, List<LlmPart> parts, LlmExtensions? own, List<string> losses)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, role switch { LlmRole.System => "system"u8, LlmRole.Developer => "developer"u8, _ => "user"u8 });
        json.WriteStartArray("content"u8);
        foreach (var part in parts) WriteInputPart(json, part, losses);
        json.WriteEndArray();
        json.WriteBag(own);
        json.WriteEndObject();
    }

    private static void WriteAssistantItem(Utf8JsonWriter json, LlmPart part, HashSet<string> calls, List<string> losses)
    {
        switch (part)
        {
            case ThinkingPart { Origin: ResponsesDialect.DialectName } thinking:
                ResponsesItems.WriteReasoning(json, thinking);
                break;
            case ThinkingPart:
                losses.NoPlace("thinking", Name);
                break;
            case ToolCallPart call:
                calls.Add(call.Id);
                if (call.Signature is not null && call.Origin != Name) losses.NoPlace($"{call.Origin ?? "another"}'s signature of a tool call", Name);
                ResponsesItems.WriteCall(json, call, null, losses);
                break;
            case TextPart or RefusalPart:
                if (part is TextPart { Text: "" }) break;
                if (part.Signature is not null) losses.NoPlace($"{part.Origin ?? "another"}'s signature of a text", Name);
                if (part.Cache is not null) losses.NoPlace("cache mark", Name);
                ResponsesItems.WriteMessage(json, part, null, losses);
                break;
            case RawPart { Dialect: ResponsesDialect.DialectName } raw:
                json.WriteExact(raw.Json, "A raw part");
                break;
            case RawPart raw:
                losses.NoPlace($"{raw.Dialect}'s part of a message", Name);
                break;
            default:
                losses.NoPlace($"a {part.GetType().Name} in a message of the assistant's", Name);
                break;
        }
    }

    private static void WriteResult(Utf8JsonWriter json, ToolResultPart result, HashSet<string> calls, List<string> losses)
    {
        if (!calls.Contains(result.CallId))
        {
            throw new DialectException(ProviderErrorKind.InvalidRequest, $"The result of tool call '{result.CallId}' has no call before it in the conversation: send the assistant's message with the call too.");
        }

        if (result.IsError) losses.NoPlace("is_error of a tool result", Name);
        if (result.Cache is not null) losses.NoPlace("cache mark", Name);
        json.WriteStartObject();
        json.WriteString("type"u8, "function_call_output"u8);
        json.WriteString("call_id"u8, result.CallId);
        if (result.Parts.All(part => part is TextPart { Cache: null }))
        {
            json.WriteString("output"u8, result.Content);
        }
        else
        {
            json.WriteStartArray("output"u8);
            foreach (var part in result.Parts) WriteInputPart(json, part, losses);
            json.WriteEndArray();
        }

        json.WriteBag(losses.Own(result.Extensions, Name, "input[]"));
        json.WriteEndObject();
    }

    private static void WriteInputPart(Utf8JsonWriter json, LlmPart part, List<string> losses)
    {
        if (part is RawPart raw)
        {
            if (raw.Dialect == Name) json.WriteExact(raw.Json, "A raw part");
            else losses.NoPlace($"{raw.Dialect}'s part of a message", Name);
            return;
        }

        if (part is AudioPart { Source.Base64: null } or VideoPart or ThinkingPart or ToolCallPart)
        {
            losses.NoPlace(part switch { AudioPart => "audio by URL", VideoPart => "a video", ThinkingPart => "thinking", _ => "a tool call in a message that is not the assistant's" }, Name);
            return;
        }

        if (part.Cache is not null) losses.NoPlace("cache mark", Name);
        json.WriteStartObject();
        switch (part)
        {
            case TextPart { Text: var text }:
                WriteText(json, text);
                break;
            case RefusalPart { Text: var text }:
                WriteText(json, text);
                break;
            case ImagePart image:
                json.WriteString("type"u8, "input_image"u8);
                if (image.Source.FileId is { } imageId) json.WriteString("file_id"u8, imageId);
                else json.WriteString("image_url"u8, image.Source.Url ?? image.Source.ToDataUrl());
                if (image.Detail is { } detail) json.WriteString("detail"u8, detail);
                break;
            case AudioPart { Source: { Base64: { } data } source }:
                json.WriteString("type"u8, "input_audio"u8);
                json.WriteStartObject("input_audio"u8);
                json.WriteString("data"u8, data);
                json.WriteString("format"u8, source.MediaType is "audio/mpeg" or "audio/mp3" ? "mp3" : "wav");
                json.WriteEndObject();
                break;
            case DocumentPart document:
                WriteDocument(json, document, losses);
                break;
        }

        json.WriteBag(losses.Own(part.Extensions, Name, "content[]"));
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteString("type"u8, "input_text"u8);
        json.WriteString("text"u8, text);
    }

    private static void WriteDocument(Utf8JsonWriter json, DocumentPart document, List<string> losses)
    {
        if (document.Context is not null) losses.NoPlace("context of a document", Name);
        if (document.Citations is not null) losses.NoPlace("citations of a document", Name);
        if (document.Source.Text is { } plain)
        {
            if (document.Name is not null) losses.NoPlace("title of a document of plain text", Name);
            WriteText(json, plain);
            return;
        }

        json.WriteString("type"u8, "input_file"u8);
        if (document.Source.FileId is { } fileId) json.WriteString("file_id"u8, fileId);
        else if (document.Source.Url is { } url) json.WriteString("file_url"u8, url);
        else json.WriteString("file_data"u8, document.Source.ToDataUrl());
        if (document.Name is { } name) json.WriteString("filename"u8, name);
    }
}
