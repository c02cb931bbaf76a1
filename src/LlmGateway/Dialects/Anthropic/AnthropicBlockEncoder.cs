using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>Writes one content block: https://platform.claude.com/docs/en/api/messages/create.</summary>
internal static class AnthropicBlockEncoder
{
    private const string Name = AnthropicDialect.DialectName;

    public static void Write(Utf8JsonWriter json, LlmPart part, List<string> losses)
    {
        if (part is RawPart raw)
        {
            json.WriteExact(raw.Json, "A raw part");
            return;
        }

        if (part is not ThinkingPart && part.Signature is not null && part.Origin != Name) losses.NoPlace($"{part.Origin ?? "another"}'s signature", Name);
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, text.Text);
                WriteCitations(json, text, losses);
                break;
            case RefusalPart refusal:
                losses.Once($"a refusal was written as text: the {Name} dialect has no part for it.");
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, refusal.Text);
                break;
            case ThinkingPart { Signature: null, EncryptedContent: { } encrypted }:
                json.WriteString("type"u8, "redacted_thinking"u8);
                json.WriteString("data"u8, encrypted);
                break;
            case ThinkingPart thinking:
                json.WriteString("type"u8, "thinking"u8);
                json.WriteString("thinking"u8, thinking.Text);
                json.WriteString("signature"u8, thinking.Signature ?? "");
                break;
            case ToolCallPart call:
                json.WriteString("type"u8, "tool_use"u8);
                json.WriteString("id"u8, call.Id);
                json.WriteString("name"u8, call.Name);
                json.WritePropertyName("input"u8);
                json.WriteExact(call.ArgumentsJson.Length == 0 ? "{}" : call.ArgumentsJson, $"The arguments of the call of tool '{call.Name}'");
                break;
            case ToolResultPart result:
                json.WriteString("type"u8, "tool_result"u8);
                json.WriteString("tool_use_id"u8, result.CallId);
                WriteResult(json, result, losses);
                if (result.IsError) json.WriteBoolean("is_error"u8, true);
                break;
            case ImagePart image:
                if (image.Detail is not null and not "auto") losses.NoPlace("image detail", Name);
                json.WriteString("type"u8, "image"u8);
                WriteSource(json, image.Source);
                break;
            case DocumentPart document:
                json.WriteString("type"u8, "document"u8);
                WriteSource(json, document.Source);
                if (document.Name is { } title) json.WriteString("title"u8, title);
                if (document.Context is { } context) json.WriteString("context"u8, context);
                if (document.Citations is { } cite)
                {
                    json.WriteStartObject("citations"u8);
                    json.WriteBoolean("enabled"u8, cite);
                    json.WriteEndObject();
                }

                break;
        }

        WriteCache(json, part.Cache);
        json.WriteBag(losses.Own(part.Extensions, Name, "content[]"));
        json.WriteEndObject();
    }

    public static void WriteCache(Utf8JsonWriter json, CacheMark? cache)
    {
        if (cache is null) return;
        json.WriteStartObject("cache_control"u8);
        json.WriteString("type"u8, "ephemeral"u8);
        if (cache.Lifetime is { } lifetime) json.WriteString("ttl"u8, lifetime);
        json.WriteEndObject();
    }

    private static void WriteCitations(Utf8JsonWriter json, TextPart text, List<string> losses)
    {
        var own = text.Citations.Where(citation => citation.Raw?.Dialect == Name).ToList();
        if (own.Count < text.Citations.Count) losses.NoPlace("citations of another vendor's form", Name);
        if (own.Count == 0) return;
        json.WriteStartArray("citations"u8);
        foreach (var citation in own) json.WriteExact(citation.Raw!.Json, "A citation");
        json.WriteEndArray();
    }

    private static void WriteResult(Utf8JsonWriter json, ToolResultPart result, List<string> losses)
    {
        if (result.Parts is [TextPart { Cache: null, Extensions: null, Citations.Count: 0 } only])
        {
            json.WriteString("content"u8, only.Text);
            return;
        }

        if (result.Parts.Count == 0) return;
        json.WriteStartArray("content"u8);
        foreach (var part in result.Parts)
        {
            if (part is TextPart { Text: "" }) continue;
            if (part is TextPart or ImagePart or DocumentPart or RawPart { Dialect: Name }) Write(json, part, losses);
            else losses.NoPlace($"a {part.GetType().Name} in a tool result", Name);
        }

        json.WriteEndArray();
    }

    private static void WriteSource(Utf8JsonWriter json, MediaSource source)
    {
        json.WriteStartObject("source"u8);
        if (source.Base64 is { } data)
        {
            json.WriteString("type"u8, "base64"u8);
            json.WriteString("media_type"u8, source.MediaType ?? throw new DialectException(ProviderErrorKind.InvalidRequest, "An image or document has no media type, which the Messages API requires: say it, such as image/png."));
            json.WriteString("data"u8, data);
        }
        else if (source.Url is { } url)
        {
            json.WriteString("type"u8, "url"u8);
            json.WriteString("url"u8, url);
        }
        else if (source.FileId is { } fileId)
        {
            json.WriteString("type"u8, "file"u8);
            json.WriteString("file_id"u8, fileId);
        }
        else
        {
            json.WriteString("type"u8, "text"u8);
            json.WriteString("media_type"u8, source.MediaType ?? "text/plain");
            json.WriteString("data"u8, source.Text);
        }

        json.WriteEndObject();
    }
}
