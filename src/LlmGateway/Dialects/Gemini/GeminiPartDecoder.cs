using System.Text.Json;

namespace LlmGateway.Dialects.Gemini;

/// <summary>Reads one part of a content, in requests, replies and streams alike.</summary>
internal static class GeminiPartDecoder
{
    private const string Name = GeminiDialect.DialectName;

    private static readonly HashSet<string> Known =
    [
        "text", "thought", "thoughtSignature", "thought_signature", "functionCall", "function_call", "functionResponse", "function_response",
        "inlineData", "inline_data", "fileData", "file_data",
    ];

    /// <param name="json">The part.</param>
    /// <param name="idOf">Makes an id for a call that has none.</param>
    /// <param name="callOf">Finds the id of the call that a response without one answers, by the tool's name; null where there is none.</param>
    public static LlmPart Read(JsonElement json, Func<string> idOf, Func<string, string?> callOf)
    {
        var part = Plain(json, idOf, callOf);
        if (part is RawPart) return part;
        var signature = json.TextOf("thoughtSignature"u8, "thought_signature"u8);
        return part with
        {
            Signature = signature,
            Origin = signature is not null || part is ThinkingPart ? Name : null,
            Extensions = BagReader.Rest(json, Name, Known.Contains),
        };
    }

    private static LlmPart Plain(JsonElement json, Func<string> idOf, Func<string, string?> callOf)
    {
        if (json.Text("text"u8) is { } text) return json.Flag("thought"u8) == true ? new ThinkingPart(text) : new TextPart(text);
        if (json.ObjectOf("functionCall"u8, "function_call"u8) is { } call && call.Text("name"u8) is { } name) return CallOf(call, name, idOf);
        if (json.ObjectOf("functionResponse"u8, "function_response"u8) is { } response && response.Text("name"u8) is { } called) return ResultOf(response, called, idOf, callOf);
        if (json.ObjectOf("inlineData"u8, "inline_data"u8) is { } inline && inline.Text("data"u8) is { } data) return Media(MediaSource.FromBase64(data, inline.TextOf("mimeType"u8, "mime_type"u8)), inline);
        if (json.ObjectOf("fileData"u8, "file_data"u8) is { } file && file.TextOf("fileUri"u8, "file_uri"u8) is { } uri) return Media(FileOf(uri, file.TextOf("mimeType"u8, "mime_type"u8)), file);
        return new RawPart(Name, json.GetRawText());
    }

    private static ToolCallPart CallOf(JsonElement call, string name, Func<string> idOf)
    {
        var arguments = call.TryGetProperty("args"u8, out var args) && args.ValueKind == JsonValueKind.Object ? args.GetRawText() : "{}";
        return new ToolCallPart(call.Text("id"u8) is { Length: > 0 } id ? id : idOf(), name, arguments);
    }

    private static ToolResultPart ResultOf(JsonElement response, string name, Func<string> idOf, Func<string, string?> callOf)
    {
        var parts = new List<LlmPart>();
        var isError = false;
        if (response.Object("response"u8) is { } content)
        {
            var error = Only(content, "error"u8);
            isError = error is not null;
            parts.Add(new TextPart(error ?? Only(content, "output"u8) ?? content.GetRawText()));
        }

        foreach (var media in response.Items("parts"u8)) parts.Add(Read(media, idOf, callOf));
        var id = response.Text("id"u8) is { Length: > 0 } given ? given : callOf(name) ?? idOf();
        return new ToolResultPart(id, parts, isError) { Name = name };
    }

    /// <summary>The one text of an object that says nothing else.</summary>
    private static string? Only(JsonElement element, ReadOnlySpan<byte> name)
        => element.Text(name) is { } text && element.EnumerateObject().Count() == 1 ? text : null;

    private static LlmPart Media(MediaSource source, JsonElement holder)
    {
        var type = source.MediaType ?? "";
        LlmPart part = type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? new ImagePart(source)
            : type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? new AudioPart(source)
            : type.StartsWith("video/", StringComparison.OrdinalIgnoreCase) ? new VideoPart(source)
            : new DocumentPart(source);
        return holder.TextOf("displayName"u8, "display_name"u8) is { } name && part is DocumentPart document ? document with { Name = name } : part;
    }

    /// <summary>A file of the vendor's own Files API is named by an address there, or by <c>files/NAME</c>: https://ai.google.dev/gemini-api/docs/files.</summary>
    private static MediaSource FileOf(string uri, string? type)
    {
        type ??= GeminiMediaType.Of(uri);
        return !uri.Contains("://", StringComparison.Ordinal) || uri.StartsWith("https://generativelanguage.googleapis.com/", StringComparison.Ordinal)
            ? MediaSource.FromFile(uri, type)
            : MediaSource.FromUrl(uri, type);
    }
}
