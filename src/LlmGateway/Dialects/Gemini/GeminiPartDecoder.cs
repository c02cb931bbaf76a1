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
            Extensions = Extras(json),
        };
    }

    /// <summary>What stands beside the known in a part, and in the one object that says what it is.</summary>
    private static LlmExtensions? Extras(JsonElement json)
    {
        var isText = json.Text("text"u8) is not null;
        var all = new List<KeyValuePair<string, string>>(BagReader.Rest(json, Name, name => Known.Contains(name) && (isText || name != "thought"))?.Members ?? new Dictionary<string, string>());
        if (!isText)
        {
            Add(GeminiPartEncoder.Call, json.ObjectOf("functionCall"u8, "function_call"u8), static name => name is "id" or "name" or "args");
            Add(GeminiPartEncoder.Response, json.ObjectOf("functionResponse"u8, "function_response"u8), static name => name is "id" or "name" or "response" or "parts");
            Add(GeminiPartEncoder.Inline, json.ObjectOf("inlineData"u8, "inline_data"u8), static name => name is "mimeType" or "mime_type" or "data");
            Add(GeminiPartEncoder.File, json.ObjectOf("fileData"u8, "file_data"u8), static name => name is "mimeType" or "mime_type" or "fileUri" or "file_uri");
        }

        return all.Count == 0 ? null : new LlmExtensions(Name, all);

        void Add(string name, JsonElement? inner, Func<string, bool> isKnown)
        {
            if (inner is { } found && BagReader.Rest(found, Name, isKnown) is { } rest) all.Add(new(name, BagObject.ToObject(rest.Members)));
        }
    }

    private static LlmPart Plain(JsonElement json, Func<string> idOf, Func<string, string?> callOf)
    {
        if (json.Text("text"u8) is { } text) return json.Flag("thought"u8) == true ? new ThinkingPart(text) : new TextPart(text);
        if (json.ObjectOf("functionCall"u8, "function_call"u8) is { } call && call.Text("name"u8) is { } name && !IsPiece(call)) return CallOf(call, name, idOf);
        if (json.ObjectOf("functionResponse"u8, "function_response"u8) is { } response && response.Text("name"u8) is { } called) return ResultOf(response, called, idOf, callOf);
        if (json.ObjectOf("inlineData"u8, "inline_data"u8) is { } inline && inline.Text("data"u8) is { } data) return Media(MediaSource.FromBase64(data, inline.TextOf("mimeType"u8, "mime_type"u8)), inline);
        if (json.ObjectOf("fileData"u8, "file_data"u8) is { } file && file.TextOf("fileUri"u8, "file_uri"u8) is { } uri) return Media(FileOf(uri, file.TextOf("mimeType"u8, "mime_type"u8)), file);
        return new RawPart(Name, json.GetRawText());
    }

    /// <summary>A call whose arguments come by their paths, to those who ask for that, is no call yet: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling#streaming-fc.</summary>
    private static bool IsPiece(JsonElement call) => call.Member("partialArgs"u8, JsonValueKind.Array) is not null || call.Flag("willContinue"u8) == true;

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
            var output = Only(content, "output"u8) is { } only && !GeminiPartEncoder.IsObject(only) ? only : null; // An object as text is not the object.
            parts.Add(new TextPart(error ?? output ?? content.GetRawText()));
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
