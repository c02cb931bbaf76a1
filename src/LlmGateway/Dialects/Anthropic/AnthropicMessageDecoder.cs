using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>Reads the conversation of a request, and its content blocks.</summary>
internal static class AnthropicMessageDecoder
{
    private const string Name = AnthropicDialect.DialectName;

    public static IReadOnlyList<LlmMessage> Decode(JsonElement root, JsonElement messages)
    {
        var all = new List<LlmMessage>(messages.GetArrayLength() + 1);
        if (root.TryGetProperty("system"u8, out var system) && system.ValueKind != JsonValueKind.Null)
        {
            root.CheckList("system"u8, "system: it");
            var parts = PartsOf(root, "system"u8);
            if (parts.Count > 0) all.Add(new LlmMessage(LlmRole.System, parts));
        }

        var place = 0;
        foreach (var message in messages.EnumerateArray()) all.Add(MessageOf(message, place++));
        return all;
    }

    private static LlmMessage MessageOf(JsonElement message, int place)
    {
        if (message.ValueKind != JsonValueKind.Object) throw AnthropicRequestDecoder.Invalid($"messages.{place}: it is not an object.");
        var role = message.Text("role"u8) switch
        {
            "user" => LlmRole.User,
            "assistant" => LlmRole.Assistant,
            "system" => LlmRole.System,
            { } other => throw AnthropicRequestDecoder.Invalid($"messages.{place}.role: it is '{other}', and may be user or assistant."),
            null => throw AnthropicRequestDecoder.Invalid($"messages.{place}.role: it is missing, or not a string."),
        };
        message.CheckList("content"u8, $"messages.{place}.content: it");
        var parts = PartsOf(message, "content"u8);

        // A turn of results alone is the tools' turn; one with more in it stays the user's.
        if (role == LlmRole.User && parts.Count > 0 && parts.TrueForAll(part => part is ToolResultPart)) role = LlmRole.Tool;
        return new LlmMessage(role, parts) { Extensions = BagReader.Rest(message, Name, name => name is "role" or "content") };
    }

    private static List<LlmPart> PartsOf(JsonElement element, ReadOnlySpan<byte> name)
    {
        if (element.Text(name) is { } text) return [new TextPart(text)];
        var parts = new List<LlmPart>();
        foreach (var block in element.Items(name)) parts.Add(BlockOf(block));
        return parts;
    }

    /// <summary>A block of an unknown type, or a known one without what it needs, is kept as it is.</summary>
    public static LlmPart BlockOf(JsonElement block)
    {
        var (part, isKnown) = Read(block);
        return part is RawPart ? part : part with { Cache = CacheOf(block), Extensions = BagReader.Rest(block, Name, name => name is "type" or "cache_control" || isKnown(name)) };
    }

    public static CacheMark? CacheOf(JsonElement element) => element.Object("cache_control"u8) is { } mark ? new CacheMark(mark.Text("ttl"u8)) : null;

    private static (LlmPart Part, Func<string, bool> IsKnown) Read(JsonElement block)
    {
        switch (block.Text("type"u8))
        {
            case "text" when block.Text("text"u8) is { } text:
                return (new TextPart(text) { Citations = [.. block.Items("citations"u8).Select(CitationOf)] }, static name => name is "text" or "citations");
            case "thinking" when block.Text("thinking"u8) is { } thinking:
                return (new ThinkingPart(thinking, block.Text("signature"u8) is { Length: > 0 } signature ? signature : null) { Origin = Name }, static name => name is "thinking" or "signature");
            case "redacted_thinking" when block.Text("data"u8) is { } data:
                return (new ThinkingPart("") { EncryptedContent = data, Origin = Name }, static name => name is "data");
            case "tool_use" when block.Text("id"u8) is { } id && block.Text("name"u8) is { } tool && block.TryGetProperty("input"u8, out var input):
                return (new ToolCallPart(id, tool, input.GetRawText()), static name => name is "id" or "name" or "input");
            case "tool_result" when block.Text("tool_use_id"u8) is { } callId:
                return (new ToolResultPart(callId, PartsOf(block, "content"u8), block.Flag("is_error"u8) ?? false), static name => name is "tool_use_id" or "content" or "is_error");
            case "image" when SourceOf(block) is { Text: null } source:
                return (new ImagePart(source), static name => name is "source");
            case "document" when SourceOf(block) is { } source:
                return (
                    new DocumentPart(source) { Name = block.Text("title"u8), Context = block.Text("context"u8), Citations = block.Object("citations"u8)?.Flag("enabled"u8) },
                    static name => name is "source" or "title" or "context" or "citations");
            default:
                return (new RawPart(Name, block.GetRawText()), static _ => true);
        }
    }

    public static Citation CitationOf(JsonElement citation) => new()
    {
        Url = citation.Text("url"u8) ?? citation.Text("source"u8),
        Title = citation.Text("title"u8) ?? citation.Text("document_title"u8),
        CitedText = citation.Text("cited_text"u8),
        Raw = new RawPart(Name, citation.GetRawText()),
    };

    private static MediaSource? SourceOf(JsonElement block)
    {
        if (block.Object("source"u8) is not { } source) return null;
        return source.Text("type"u8) switch
        {
            "base64" when source.Text("data"u8) is { } data => MediaSource.FromBase64(data, source.Text("media_type"u8)),
            "url" when source.Text("url"u8) is { } url => MediaSource.FromUrl(url),
            "file" when source.Text("file_id"u8) is { } id => MediaSource.FromFile(id),
            "text" when source.Text("data"u8) is { } text => MediaSource.FromText(text),
            _ => null,
        };
    }
}
