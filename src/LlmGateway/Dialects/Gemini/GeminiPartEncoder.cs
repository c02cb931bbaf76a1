using System.Text.Json;

namespace LlmGateway.Dialects.Gemini;

/// <summary>Writes one part: https://ai.google.dev/api/caching#Part.</summary>
internal static class GeminiPartEncoder
{
    /// <summary>The names under which a part's bag holds what the object of the same name says beyond the known.</summary>
    public const string Call = "functionCall", Response = "functionResponse", Inline = "inlineData", File = "fileData";

    private const string Name = GeminiDialect.DialectName;

    public static bool HasPlace(LlmPart part, List<string> losses)
    {
        switch (part)
        {
            case ThinkingPart { Origin: null or GeminiDialect.DialectName, EncryptedContent: null }:
            case not (ThinkingPart or RawPart):
            case RawPart { Dialect: GeminiDialect.DialectName }:
                return true;
            case RawPart raw:
                losses.NoPlace($"{raw.Dialect}'s part of a message", Name);
                return false;
            default:
                losses.NoPlace("thinking", Name);
                return false;
        }
    }

    /// <param name="json">Where to.</param>
    /// <param name="part">The part.</param>
    /// <param name="names">The names of the tools by the ids of their calls, for results; null where there can be none.</param>
    /// <param name="losses">The losses so far.</param>
    public static void Write(Utf8JsonWriter json, LlmPart part, Dictionary<string, string>? names, List<string> losses)
    {
        if (part is RawPart raw)
        {
            if (raw.Dialect == Name) json.WriteExact(raw.Json, "A raw part");
            return;
        }

        if (part.Cache is not null) losses.NoPlace("cache mark", Name);
        var own = losses.Own(part.Extensions, Name, "parts[]");
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                if (text.Citations.Count > 0) losses.NoPlace("citations", Name);
                json.WriteString("text"u8, text.Text);
                break;
            case RefusalPart refusal:
                losses.Once($"a refusal was written as text: the {Name} dialect has no part for it.");
                json.WriteString("text"u8, refusal.Text);
                break;
            case ThinkingPart thinking:
                json.WriteString("text"u8, thinking.Text);
                json.WriteBoolean("thought"u8, true);
                break;
            case ToolCallPart call:
                WriteCall(json, call, own);
                break;
            case ToolResultPart result:
                WriteResult(json, result, own, names, losses);
                break;
            case ImagePart image:
                if (image.Detail is not null and not "auto") losses.NoPlace("image detail", Name);
                WriteMedia(json, image.Source, own, "image/jpeg", losses);
                break;
            case AudioPart audio:
                WriteMedia(json, audio.Source, own, "audio/wav", losses);
                break;
            case VideoPart video:
                WriteMedia(json, video.Source, own, "video/mp4", losses);
                break;
            case DocumentPart document:
                if (document.Name is not null && own?.Members.Keys.Any(static name => name is Inline or File) != true) losses.NoPlace("title of a document", Name);
                if (document.Context is not null) losses.NoPlace("context of a document", Name);
                if (document.Citations is not null) losses.NoPlace("citations of a document", Name);
                if (document.Source.Text is { } plain) json.WriteString("text"u8, plain);
                else WriteMedia(json, document.Source, own, "application/pdf", losses);
                break;
        }

        if (part.Signature is { } signature)
        {
            if (part.Origin is null or Name) json.WriteString("thoughtSignature"u8, signature);
            else losses.NoPlace($"{part.Origin}'s signature", Name);
        }

        json.WriteBag(own, static name => name is Call or Response or Inline or File);
        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, ToolCallPart call, LlmExtensions? own)
    {
        json.WriteStartObject("functionCall"u8);
        if (!GeminiIds.IsMadeUp(call.Id) && call.Id.Length > 0) json.WriteString("id"u8, call.Id);
        json.WriteString("name"u8, call.Name);
        json.WritePropertyName("args"u8);
        json.WriteExact(call.ArgumentsJson.Length == 0 ? "{}" : call.ArgumentsJson, $"The arguments of the call of tool '{call.Name}'");
        BagObject.WriteMembers(json, own, Call);
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, ToolResultPart result, LlmExtensions? own, Dictionary<string, string>? names, List<string> losses)
    {
        if (names?.TryGetValue(result.CallId, out var called) is not true)
        {
            throw new DialectException(ProviderErrorKind.InvalidRequest, $"The result of tool call '{result.CallId}' has no call before it in the conversation: send the assistant's message with the call too.");
        }

        json.WriteStartObject("functionResponse"u8);
        if (!GeminiIds.IsMadeUp(result.CallId)) json.WriteString("id"u8, result.CallId);
        json.WriteString("name"u8, result.Name ?? called);
        json.WritePropertyName("response"u8);
        WriteResponse(json, result);
        var media = result.Parts.Where(part => part is ImagePart or DocumentPart { Source.Text: null } or AudioPart or VideoPart or RawPart { Dialect: Name }).ToList();
        if (media.Count > 0)
        {
            // Since Gemini 3: https://ai.google.dev/gemini-api/docs/function-calling#multimodal.
            json.WriteStartArray("parts"u8);
            foreach (var part in media) Write(json, part, null, losses);
            json.WriteEndArray();
        }

        foreach (var raw in result.Parts.OfType<RawPart>().Where(raw => raw.Dialect != Name)) losses.NoPlace($"{raw.Dialect}'s part of a tool result", Name);
        BagObject.WriteMembers(json, own, Response);
        json.WriteEndObject();
    }

    /// <summary>The response is an object. A result that is one stands as it is; any other text under the documented key: output, or error.</summary>
    private static void WriteResponse(Utf8JsonWriter json, ToolResultPart result)
    {
        var text = string.Concat(result.Parts.Select(part => part switch { TextPart t => t.Text, DocumentPart { Source.Text: { } plain } => plain, _ => "" }));
        if (!result.IsError && IsObject(text))
        {
            json.WriteRawValue(text);
            return;
        }

        json.WriteStartObject();
        json.WriteString(result.IsError ? "error"u8 : "output"u8, text);
        json.WriteEndObject();
    }

    /// <summary>Whether a text is one whole object in JSON.</summary>
    public static bool IsObject(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{")) return false;
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void WriteMedia(Utf8JsonWriter json, MediaSource source, LlmExtensions? own, string usualType, List<string> losses)
    {
        if (source.Base64 is { } data)
        {
            json.WriteStartObject("inlineData"u8);
            json.WriteString("mimeType"u8, source.MediaType ?? usualType);
            json.WriteString("data"u8, data);
            BagObject.WriteMembers(json, own, Inline);
        }
        else
        {
            json.WriteStartObject("fileData"u8);
            if ((source.MediaType ?? GeminiMediaType.Of(source.Url ?? "")) is { } type) json.WriteString("mimeType"u8, type);
            else if (usualType != "application/pdf") losses.Once($"a file goes out without its media type, which was not said: the {Name} dialect tells pictures from documents by it alone.");
            json.WriteString("fileUri"u8, source.Url ?? source.FileId);
            BagObject.WriteMembers(json, own, File);
        }

        json.WriteEndObject();
    }
}
