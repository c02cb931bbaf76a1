using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>Writes images, documents, sound and videos. What Converse cannot fetch is refused, since without it the request would mean something else.</summary>
internal sealed class BedrockMediaEncoder(List<string> losses)
{
    private const string Name = BedrockDialect.DialectName;

    private readonly HashSet<string> _documentNames = new(StringComparer.OrdinalIgnoreCase);

    public void Write(Utf8JsonWriter json, LlmPart part)
    {
        switch (part)
        {
            case ImagePart image:
                if (image.Detail is not null and not "auto") losses.NoPlace("image detail", Name);
                WriteMedia(json, "image", image.Source, part);
                break;
            case AudioPart audio:
                WriteMedia(json, "audio", audio.Source, part);
                break;
            case VideoPart video:
                WriteMedia(json, "video", video.Source, part);
                break;
            case DocumentPart document:
                WriteMedia(json, "document", document.Source, part);
                break;
        }
    }

    private void WriteMedia(Utf8JsonWriter json, string kind, MediaSource source, LlmPart part)
    {
        var own = losses.Own(part.Extensions, Name, $"content[].{kind}");
        json.WriteStartObject();
        json.WriteStartObject(kind);
        var format = BedrockMedia.FormatOf(kind, source);
        if (format is null && (kind != "document" || source.MediaType is not null)) throw NoFormat(kind, source);
        if (format is not null) json.WriteString("format"u8, format);
        var document = part as DocumentPart;
        if (document is not null) json.WriteString("name"u8, NameOf(document.Name));
        WriteSource(json, kind, source, own);
        if (document?.Context is { } context) json.WriteString("context"u8, context);
        if (document?.Citations is { } cite)
        {
            json.WriteStartObject("citations"u8);
            json.WriteBoolean("enabled"u8, cite);
            json.WriteEndObject();
        }

        json.WriteBag(own, member => member is "format" or "source" or "bucketOwner" || (document is not null && (member is "name" or "context" || (member == "citations" && document.Citations is not null))));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter json, string kind, MediaSource source, LlmExtensions? own)
    {
        json.WriteStartObject("source"u8);
        if (source.Base64 is { } bytes)
        {
            json.WriteString("bytes"u8, bytes);
        }
        else if (source.Url is { } url && url.StartsWith("s3:", StringComparison.OrdinalIgnoreCase))
        {
            json.WriteStartObject("s3Location"u8);
            json.WriteString("uri"u8, url);
            if (own?.Members.TryGetValue("bucketOwner", out var owner) == true)
            {
                json.WritePropertyName("bucketOwner"u8);
                json.WriteExact(owner, "The extension 'bucketOwner'");
            }

            json.WriteEndObject();
        }
        else if (source.Text is { } text && kind == "document")
        {
            json.WriteString("text"u8, text);
        }
        else
        {
            throw new DialectException(
                ProviderErrorKind.InvalidRequest,
                $"A part of the conversation is {(kind is "image" or "audio" ? "an" : "a")} {kind} by {(source.Url is null ? "the id of a file" : "a web address")}, which Converse does not take: send its bytes, or an address in S3 (s3://…).");
        }

        json.WriteEndObject();
    }

    private static DialectException NoFormat(string kind, MediaSource source) => new(
        ProviderErrorKind.InvalidRequest,
        source.MediaType is null
            ? $"A part of the conversation, of kind {kind}, has no media type, which Converse requires: say it, one of {BedrockMedia.FormatsOf(kind)}."
            : $"A part of the conversation, of kind {kind}, is of type {source.MediaType}, which Converse does not take. It takes {BedrockMedia.FormatsOf(kind)}.");

    /// <summary>
    /// Converse requires a name, of letters, digits, single spaces, hyphens, round and square brackets, and no name twice:
    /// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html.
    /// </summary>
    private string NameOf(string? title)
    {
        var wanted = title is null ? "" : string.Join(' ', title.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var allowed = string.Concat(wanted.Select(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '(' or ')' or '[' or ']' ? c : '-'));
        if (allowed.Length > 200) allowed = allowed[..200];
        if (allowed.Length == 0) allowed = "document";
        var name = allowed;
        for (var n = 2; !_documentNames.Add(name); n++) name = $"{allowed}-{n}";
        if (!string.IsNullOrEmpty(title) && name != title) losses.Once($"a document's name was changed: the {Name} dialect takes letters, digits, spaces, hyphens and brackets only, and no name twice.");
        return name;
    }
}
