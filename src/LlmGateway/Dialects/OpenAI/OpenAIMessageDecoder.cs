using System.Text.Json;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>Reads the conversation of a request.</summary>
internal static class OpenAIMessageDecoder
{
    private const string Name = OpenAIDialect.DialectName;

    private static readonly HashSet<string> Known = ["role", "content", "name", "refusal", "tool_calls", "tool_call_id", "reasoning_content", "reasoning", "reasoning_details", "function_call"];

    public static IReadOnlyList<LlmMessage> Decode(JsonElement messages)
    {
        var all = new List<LlmMessage>(messages.GetArrayLength());
        var legacy = new Dictionary<string, string>();
        var place = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var next = MessageOf(message, place++, legacy);

            // The results of one turn's calls are messages of their own on this wire, and one message in the middle.
            if (next is { Role: LlmRole.Tool, Name: null, Extensions: null } && all.Count > 0 && all[^1] is { Role: LlmRole.Tool, Name: null, Extensions: null } before)
            {
                all[^1] = new LlmMessage(LlmRole.Tool, before.Parts.Concat(next.Parts));
            }
            else
            {
                all.Add(next);
            }
        }

        return all;
    }

    private static LlmMessage MessageOf(JsonElement message, int place, Dictionary<string, string> legacy)
    {
        if (message.ValueKind != JsonValueKind.Object) throw OpenAIRequestDecoder.Invalid($"messages[{place}] is not an object.");
        var role = message.Text("role"u8) switch
        {
            "system" => LlmRole.System,
            "developer" => LlmRole.Developer,
            "user" => LlmRole.User,
            "assistant" => LlmRole.Assistant,
            "tool" or "function" => LlmRole.Tool,
            { } other => throw OpenAIRequestDecoder.Invalid($"messages[{place}].role is '{other}'; it may be system, developer, user, assistant or tool."),
            null => throw OpenAIRequestDecoder.Invalid($"messages[{place}].role is missing, or not a string."),
        };
        message.CheckList("content"u8, $"messages[{place}].content");
        var parts = role switch
        {
            LlmRole.Assistant => AssistantParts(message, place, legacy),
            LlmRole.Tool => [ResultOf(message, place, legacy)],
            _ => ContentOf(message),
        };
        return new LlmMessage(role, parts)
        {
            Name = role == LlmRole.Tool ? null : message.Text("name"u8),
            Extensions = BagReader.Rest(message, Name, Known.Contains),
        };
    }

    /// <summary>A result of the form before tools names the function; it answers the latest call of it.</summary>
    private static ToolResultPart ResultOf(JsonElement message, int place, Dictionary<string, string> legacy)
    {
        var name = message.Text("name"u8);
        var id = message.Text("tool_call_id"u8) ?? (name is null ? null : legacy.GetValueOrDefault(name, name));
        return new ToolResultPart(id ?? throw OpenAIRequestDecoder.Invalid($"messages[{place}].tool_call_id is missing, or not a string."), ContentOf(message)) { Name = name };
    }

    private static List<LlmPart> AssistantParts(JsonElement message, int place, Dictionary<string, string> legacy)
    {
        var parts = new List<LlmPart>();
        var thought = message.Text("reasoning_content"u8) ?? message.Text("reasoning"u8);
        var details = OpenAIReplyDecoder.DetailsOf(message);
        if (!string.IsNullOrEmpty(thought) || details is not null) parts.Add(new ThinkingPart(thought ?? "") { Origin = Name, Extensions = details });

        parts.AddRange(ContentOf(message));
        if (message.Text("refusal"u8) is { Length: > 0 } refusal) parts.Add(new RefusalPart(refusal));
        foreach (var call in message.Items("tool_calls"u8)) parts.Add(OpenAIReplyDecoder.CallOf(call, parts.Count, null));
        if (OpenAIReplyDecoder.LegacyCallOf(message, $"call_{place}_{parts.Count}") is { } function)
        {
            parts.Add(function);
            legacy[function.Name] = function.Id;
        }

        return parts;
    }

    private static List<LlmPart> ContentOf(JsonElement message)
    {
        if (message.Text("content"u8) is { } text) return [new TextPart(text)];
        var parts = new List<LlmPart>();
        foreach (var item in message.Items("content"u8)) parts.Add(PartOf(item));
        return parts;
    }

    private static LlmPart PartOf(JsonElement item)
    {
        var part = Plain(item);
        return part is RawPart ? part : part with { Cache = CacheOf(item), Extensions = BagReader.Rest(item, Name, IsKnown) };

        static bool IsKnown(string name) => name is "type" or "text" or "image_url" or "input_audio" or "file" or "refusal" or "cache_control";
    }

    private static LlmPart Plain(JsonElement item) => item.Text("type"u8) switch
    {
        "text" when item.Text("text"u8) is { } text => new TextPart(text),
        "refusal" when item.Text("refusal"u8) is { } refusal => new RefusalPart(refusal),
        "image_url" when item.Object("image_url"u8) is { } image && image.Text("url"u8) is { } url => new ImagePart(MediaSource.FromUrl(url)) { Detail = image.Text("detail"u8) },
        "image_url" when item.Text("image_url"u8) is { } url => new ImagePart(MediaSource.FromUrl(url)),
        "input_audio" when item.Object("input_audio"u8) is { } audio && audio.Text("data"u8) is { } data => new AudioPart(MediaSource.FromBase64(data, TypeOf(audio.Text("format"u8)))),
        "file" when item.Object("file"u8) is { } file && SourceOf(file) is { } source => new DocumentPart(source) { Name = file.Text("filename"u8) },
        _ => new RawPart(Name, item.GetRawText()),
    };

    private static MediaSource? SourceOf(JsonElement file)
        => file.Text("file_id"u8) is { } id ? MediaSource.FromFile(id) : file.Text("file_data"u8) is { } data ? MediaSource.FromUrl(data) : null;

    private static string? TypeOf(string? format) => format switch
    {
        null => null,
        "mp3" => "audio/mpeg",
        _ => $"audio/{format}",
    };

    internal static CacheMark? CacheOf(JsonElement item) => item.Object("cache_control"u8) is { } mark ? new CacheMark(mark.Text("ttl"u8)) : null;
}
