using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>
/// Reads content blocks, each an object with one member that says its kind:
/// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html. A block of an unknown kind, or
/// a known one without what it needs, is kept as it is.
/// </summary>
internal static class BedrockBlockDecoder
{
    private const string Name = BedrockDialect.DialectName;

    /// <summary>The bag's member that marks a text of a tool's result as JSON.</summary>
    public const string JsonMark = "json";

    /// <summary>The blocks of a list. A cache point becomes the mark of the part before it.</summary>
    public static List<LlmPart> PartsOf(JsonElement holder, ReadOnlySpan<byte> name)
    {
        var parts = new List<LlmPart>();
        foreach (var block in holder.Items(name))
        {
            if (parts.Count > 0 && parts[^1].Cache is null && CacheOf(block) is { } mark) parts[^1] = parts[^1] with { Cache = mark };
            else parts.Add(PartOf(block));
        }

        return parts;
    }

    /// <summary>The mark that a cache point is; null where the block is none, or says more than a mark can hold.</summary>
    public static CacheMark? CacheOf(JsonElement block)
    {
        if (!HasOnly(block, "cachePoint") || block.Object("cachePoint"u8) is not { } point) return null;
        if (!HasOnly(point, "type", "ttl") || point.Text("type"u8) != "default") return null;
        var ttl = point.Text("ttl"u8);
        return ttl is null && point.TryGetProperty("ttl"u8, out _) ? null : new CacheMark(ttl);
    }

    public static LlmPart PartOf(JsonElement block) => (block.ValueKind == JsonValueKind.Object && block.GetPropertyCount() == 1 ? Read(block) : null) ?? new RawPart(Name, block.GetRawText());

    public static Citation CitationOf(JsonElement citation) => new()
    {
        Url = citation.Object("location"u8)?.Object("web"u8)?.Text("url"u8) ?? (citation.Text("source"u8) is { } source && source.StartsWith("http", StringComparison.Ordinal) ? source : null),
        Title = citation.Text("title"u8),
        CitedText = string.Concat(citation.Items("sourceContent"u8).Select(piece => piece.Text("text"u8))) is { Length: > 0 } text ? text : null,
        Raw = new RawPart(Name, citation.GetRawText()),
    };

    /// <summary>Whether an object has no other members than these.</summary>
    public static bool HasOnly(JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object) return false;
        foreach (var member in element.EnumerateObject())
        {
            if (!names.Contains(member.Name)) return false;
        }

        return true;
    }

    private static LlmPart? Read(JsonElement block)
    {
        var member = block.EnumerateObject().First();
        var inner = member.Value;
        switch (member.Name)
        {
            case "text" when block.Text("text"u8) is { } text:
                return new TextPart(text);
            case "toolUse":
                return CallOf(inner);
            case "toolResult":
                return ResultOf(inner);
            case "reasoningContent":
                return ThinkingOf(inner);
            case "citationsContent":
                return CitedOf(inner);
            case "image" when SourceOf("image", inner, out var more) is { Text: null } source:
                return new ImagePart(source) { Extensions = more };
            case "audio" when SourceOf("audio", inner, out var more) is { Text: null } source:
                return new AudioPart(source) { Extensions = more };
            case "video" when SourceOf("video", inner, out var more) is { Text: null } source:
                return new VideoPart(source) { Extensions = more };
            case "document" when SourceOf("document", inner, out var more) is { } source:
                return new DocumentPart(source)
                {
                    Name = inner.Text("name"u8),
                    Context = inner.Text("context"u8),
                    Citations = inner.Object("citations"u8)?.Flag("enabled"u8),
                    Extensions = more,
                };
            default:
                return null;
        }
    }

    /// <summary>A call that the vendor's own tool answers says so by a type, and is nobody else's to answer.</summary>
    private static ToolCallPart? CallOf(JsonElement call)
    {
        if (call.Text("toolUseId"u8) is not { } id || call.Text("name"u8) is not { } name) return null;
        if (!call.TryGetProperty("input"u8, out var input) || call.TryGetProperty("type"u8, out _)) return null;
        return new ToolCallPart(id, name, input.GetRawText()) { Extensions = BagReader.Rest(call, Name, static member => member is "toolUseId" or "name" or "input") };
    }

    private static ToolResultPart? ResultOf(JsonElement result)
    {
        if (result.Text("toolUseId"u8) is not { } id || result.Member("content"u8, JsonValueKind.Array) is not { } content || result.TryGetProperty("type"u8, out _)) return null;
        var status = result.Text("status"u8);
        return new ToolResultPart(id, content.EnumerateArray().Select(ResultPieceOf), status == "error")
        {
            Extensions = BagReader.Rest(result, Name, member => member is "toolUseId" or "content" || (member == "status" && status is "error" or "success")),
        };
    }

    private static LlmPart ResultPieceOf(JsonElement block)
        => HasOnly(block, "json") && block.TryGetProperty("json"u8, out var json)
            ? new TextPart(json.GetRawText()) { Extensions = new LlmExtensions(Name, [new(JsonMark, "true")]) }
            : PartOf(block);

    private static ThinkingPart? ThinkingOf(JsonElement reasoning)
    {
        if (HasOnly(reasoning, "redactedContent") && reasoning.Text("redactedContent"u8) is { } redacted) return new ThinkingPart("") { EncryptedContent = redacted, Origin = Name };
        if (!HasOnly(reasoning, "reasoningText") || reasoning.Object("reasoningText"u8) is not { } thought || thought.Text("text"u8) is not { } text) return null;
        return new ThinkingPart(text, thought.Text("signature"u8)) { Origin = Name, Extensions = BagReader.Rest(thought, Name, static member => member is "text" or "signature") };
    }

    private static TextPart? CitedOf(JsonElement cited)
    {
        if (!HasOnly(cited, "content", "citations")) return null;
        var text = new System.Text.StringBuilder();
        foreach (var piece in cited.Items("content"u8))
        {
            if (!HasOnly(piece, "text") || piece.Text("text"u8) is not { } more) return null;
            text.Append(more);
        }

        var citations = new List<Citation>();
        foreach (var citation in cited.Items("citations"u8)) citations.Add(CitationOf(citation));
        return new TextPart(text.ToString()) { Citations = citations };
    }

    private static MediaSource? SourceOf(string kind, JsonElement media, out LlmExtensions? more)
    {
        more = null;
        if (media.Object("source"u8) is not { } source || source.GetPropertyCount() != 1) return null;
        var type = BedrockMedia.MediaTypeOf(kind, media.Text("format"u8));
        if (type is null && (kind != "document" || media.TryGetProperty("format"u8, out _))) return null;
        var members = BagReader.Rest(media, Name, member => member is "format" or "source" || (kind == "document" && IsOfDocument(media, member)))?.Members.ToList() ?? [];
        MediaSource? found = null;
        if (source.Text("bytes"u8) is { } bytes)
        {
            found = MediaSource.FromBase64(bytes, type);
        }
        else if (source.Text("text"u8) is { } text)
        {
            found = MediaSource.FromText(text) with { MediaType = type };
        }
        else if (source.Object("s3Location"u8) is { } place && HasOnly(place, "uri", "bucketOwner") && place.Text("uri"u8) is { } uri && uri.StartsWith("s3:", StringComparison.OrdinalIgnoreCase))
        {
            found = MediaSource.FromUrl(uri, type);
            if (place.TryGetProperty("bucketOwner"u8, out var owner)) members.Add(new("bucketOwner", owner.GetRawText()));
        }

        if (members.Count > 0) more = new LlmExtensions(Name, members);
        return found;
    }

    private static bool IsOfDocument(JsonElement document, string member) => member switch
    {
        "name" => document.Text("name"u8) is not null,
        "context" => document.Text("context"u8) is not null,
        "citations" => document.Object("citations"u8) is { } citations && HasOnly(citations, "enabled") && citations.Flag("enabled"u8) is not null,
        _ => false,
    };
}
