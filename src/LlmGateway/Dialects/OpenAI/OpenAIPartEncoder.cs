using System.Text.Json;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>Writes one part of a message's content.</summary>
internal static class OpenAIPartEncoder
{
    private const string Name = OpenAIDialect.DialectName;

    public static void Write(Utf8JsonWriter json, LlmPart part, WirePeer peer, List<string> losses)
    {
        switch (part)
        {
            case TextPart text:
                OpenAIMessageEncoder.CheckText(text, losses);
                WriteText(json, text.Text, part, peer, losses);
                break;
            case RefusalPart refusal:
                Open(json, "refusal"u8);
                json.WriteString("refusal"u8, refusal.Text);
                Close(json, part, peer, losses);
                break;
            case ImagePart { Source: { FileId: null } source } image:
                Open(json, "image_url"u8);
                json.WriteStartObject("image_url"u8);
                json.WriteString("url"u8, source.Url ?? source.ToDataUrl());
                if (image.Detail is { } detail) json.WriteString("detail"u8, detail);
                json.WriteEndObject();
                Close(json, part, peer, losses);
                break;
            case AudioPart { Source: { Base64: { } data } source }:
                Open(json, "input_audio"u8);
                json.WriteStartObject("input_audio"u8);
                json.WriteString("data"u8, data);
                json.WriteString("format"u8, FormatOf(source.MediaType));
                json.WriteEndObject();
                Close(json, part, peer, losses);
                break;
            case DocumentPart { Source.Text: { } plain } document:
                if (document.Name is not null) losses.NoPlace("title of a document of plain text", Name);
                Check(document, losses);
                WriteText(json, plain, part, peer, losses);
                break;
            case DocumentPart { Source: { Url: null } source } document:
                Check(document, losses);
                Open(json, "file"u8);
                json.WriteStartObject("file"u8);
                if (source.FileId is { } fileId) json.WriteString("file_id"u8, fileId);
                else json.WriteString("file_data"u8, source.ToDataUrl());
                if (document.Name is { } fileName) json.WriteString("filename"u8, fileName);
                json.WriteEndObject();
                Close(json, part, peer, losses);
                break;
            case RawPart { Dialect: OpenAIDialect.DialectName } raw:
                json.WriteExact(raw.Json, "A raw part");
                break;
            case RawPart raw:
                losses.NoPlace($"{raw.Dialect}'s part of a message", Name);
                break;
            default:
                losses.NoPlace(WhatOf(part), Name);
                break;
        }
    }

    private static string WhatOf(LlmPart part) => part switch
    {
        ImagePart => "an image by the id of an uploaded file",
        DocumentPart => "a document by URL",
        AudioPart => "audio by URL",
        VideoPart => "a video",
        ThinkingPart => "thinking",
        _ => $"a {part.GetType().Name} in this place",
    };

    private static void Check(DocumentPart document, List<string> losses)
    {
        if (document.Context is not null) losses.NoPlace("context of a document", Name);
        if (document.Citations is not null) losses.NoPlace("citations of a document", Name);
    }

    private static void WriteText(Utf8JsonWriter json, string text, LlmPart part, WirePeer peer, List<string> losses)
    {
        Open(json, "text"u8);
        json.WriteString("text"u8, text);
        Close(json, part, peer, losses);
    }

    private static void Open(Utf8JsonWriter json, ReadOnlySpan<byte> type)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
    }

    /// <summary>OpenRouter and Alibaba take Anthropic's marks: https://openrouter.ai/docs/features/prompt-caching.</summary>
    private static void Close(Utf8JsonWriter json, LlmPart part, WirePeer peer, List<string> losses)
    {
        if (part.Cache is { } cache)
        {
            if (peer.Vendor is "openrouter" or "alibaba")
            {
                json.WriteStartObject("cache_control"u8);
                json.WriteString("type"u8, "ephemeral"u8);
                if (cache.Lifetime is { } lifetime) json.WriteString("ttl"u8, lifetime);
                json.WriteEndObject();
            }
            else
            {
                losses.NoPlace("cache mark", Name);
            }
        }

        json.WriteBag(losses.Own(part.Extensions, Name, "messages[].content[]"));
        json.WriteEndObject();
    }

    /// <summary>https://platform.openai.com/docs/guides/audio: wav and mp3; other servers take more, by the same names.</summary>
    private static string FormatOf(string? mediaType) => mediaType switch
    {
        "audio/wav" or "audio/x-wav" or "audio/wave" => "wav",
        "audio/mpeg" or "audio/mp3" => "mp3",
        { } other when other.StartsWith("audio/", StringComparison.Ordinal) => other["audio/".Length..],
        _ => "wav",
    };
}
