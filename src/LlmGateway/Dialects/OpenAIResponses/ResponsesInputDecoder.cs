using System.Text.Json;

namespace LlmGateway.Dialects.OpenAIResponses;

/// <summary>Reads the input of a request: a string, or items, of which neighbours of the model's own make one message.</summary>
internal static class ResponsesInputDecoder
{
    private const string Name = ResponsesDialect.DialectName;

    public static IReadOnlyList<LlmMessage> Decode(JsonElement root)
    {
        var all = new List<LlmMessage>();
        if (root.AskedText("instructions"u8) is { Length: > 0 } instructions) all.Add(LlmMessage.System(instructions));
        if (root.Text("input"u8) is { } text)
        {
            all.Add(LlmMessage.User(text));
            return all;
        }

        if (root.Member("input"u8, JsonValueKind.Array) is not { } input) throw ResponsesRequestDecoder.Invalid("input is missing, or neither a string nor a list.");
        var open = new List<LlmPart>();
        LlmRole? openRole = null;
        var place = 0;
        foreach (var item in input.EnumerateArray())
        {
            var (role, parts, extras) = ItemOf(item, place++);
            if (role is LlmRole.Assistant or LlmRole.Tool && extras is null)
            {
                if (openRole != role) Flush();
                openRole = role;
                open.AddRange(parts);
                continue;
            }

            Flush();
            all.Add(new LlmMessage(role, parts) { Extensions = extras });
        }

        Flush();
        return all;

        void Flush()
        {
            if (openRole is { } role) all.Add(new LlmMessage(role, open));
            open.Clear();
            openRole = null;
        }
    }

    private static (LlmRole Role, List<LlmPart> Parts, LlmExtensions? Extras) ItemOf(JsonElement item, int place)
    {
        if (item.ValueKind != JsonValueKind.Object) throw ResponsesRequestDecoder.Invalid($"input[{place}] is not an object.");
        var type = item.Text("type"u8) ?? (item.Text("role"u8) is not null ? "message" : null);
        if (type == "function_call_output") return (LlmRole.Tool, [ResultOf(item, place)], null);
        if (ResponsesItems.IsResult(type)) return (LlmRole.Tool, [new RawPart(Name, item.GetRawText())], null);
        if (type != "message") return (LlmRole.Assistant, [.. ResponsesItems.Read(item)], null);
        item.CheckList("content"u8, $"input[{place}].content");
        return item.Text("role"u8) switch
        {
            "assistant" => (LlmRole.Assistant, [.. ResponsesItems.Read(item)], null),
            "user" => (LlmRole.User, PartsOf(item, "content"u8), Extras(item)),
            "system" => (LlmRole.System, PartsOf(item, "content"u8), Extras(item)),
            "developer" => (LlmRole.Developer, PartsOf(item, "content"u8), Extras(item)),
            var other => throw ResponsesRequestDecoder.Invalid($"input[{place}].role is {(other is null ? "missing" : $"'{other}'")}; it may be user, assistant, system or developer."),
        };
    }

    private static LlmExtensions? Extras(JsonElement item) => BagReader.Rest(item, Name, static field => field is "type" or "role" or "content" or "id" or "status");

    private static ToolResultPart ResultOf(JsonElement item, int place) => new(
        item.Text("call_id"u8) ?? throw ResponsesRequestDecoder.Invalid($"input[{place}].call_id is missing, or not a string."),
        PartsOf(item, "output"u8))
    {
        Extensions = BagReader.Rest(item, Name, static field => field is "type" or "call_id" or "output" or "id" or "status"),
    };

    private static List<LlmPart> PartsOf(JsonElement item, ReadOnlySpan<byte> name)
    {
        if (item.Text(name) is { } text) return [new TextPart(text)];
        var parts = new List<LlmPart>();
        foreach (var part in item.Items(name)) parts.Add(PartOf(part));
        return parts;
    }

    private static LlmPart PartOf(JsonElement json)
    {
        var part = Plain(json);
        return part is RawPart ? part : part with { Extensions = BagReader.Rest(json, Name, static field => field is "type" or "text" or "image_url" or "file_id" or "detail" or "input_audio" or "file_data" or "file_url" or "filename" or "annotations") };
    }

    private static LlmPart Plain(JsonElement json) => json.Text("type"u8) switch
    {
        "input_text" or "text" or "output_text" when json.Text("text"u8) is { } text => new TextPart(text),
        "input_image" when json.Text("image_url"u8) is { } url => new ImagePart(MediaSource.FromUrl(url)) { Detail = json.Text("detail"u8) },
        "input_image" when json.Text("file_id"u8) is { } id => new ImagePart(MediaSource.FromFile(id)) { Detail = json.Text("detail"u8) },
        "input_audio" when json.Object("input_audio"u8) is { } audio && audio.Text("data"u8) is { } data => new AudioPart(MediaSource.FromBase64(data, audio.Text("format"u8) == "mp3" ? "audio/mpeg" : "audio/wav")),
        "input_file" when SourceOf(json) is { } source => new DocumentPart(source) { Name = json.Text("filename"u8) },
        _ => new RawPart(Name, json.GetRawText()),
    };

    private static MediaSource? SourceOf(JsonElement json)
        => json.Text("file_id"u8) is { } id ? MediaSource.FromFile(id)
            : json.Text("file_url"u8) is { } url ? MediaSource.FromUrl(url)
            : json.Text("file_data"u8) is { } data ? MediaSource.FromUrl(data)
            : null;
}
