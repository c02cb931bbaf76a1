namespace LlmGateway.Dialects.Bedrock;

/// <summary>
/// The formats that Converse names where others name media types:
/// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ImageBlock.html, …_DocumentBlock.html,
/// …_AudioBlock.html, …_VideoBlock.html.
/// </summary>
internal static class BedrockMedia
{
    private static readonly (string Kind, string Format, string MediaType)[] Known =
    [
        ("image", "png", "image/png"), ("image", "jpeg", "image/jpeg"), ("image", "gif", "image/gif"), ("image", "webp", "image/webp"),
        ("document", "pdf", "application/pdf"), ("document", "csv", "text/csv"), ("document", "doc", "application/msword"),
        ("document", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("document", "xls", "application/vnd.ms-excel"), ("document", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("document", "html", "text/html"), ("document", "txt", "text/plain"), ("document", "md", "text/markdown"),
        ("audio", "mp3", "audio/mpeg"), ("audio", "wav", "audio/wav"), ("audio", "aac", "audio/aac"), ("audio", "flac", "audio/flac"),
        ("audio", "m4a", "audio/m4a"), ("audio", "mp4", "audio/mp4"), ("audio", "ogg", "audio/ogg"), ("audio", "opus", "audio/opus"),
        ("audio", "pcm", "audio/pcm"), ("audio", "webm", "audio/webm"), ("audio", "mka", "audio/x-matroska"),
        ("video", "mp4", "video/mp4"), ("video", "mov", "video/quicktime"), ("video", "mkv", "video/x-matroska"), ("video", "webm", "video/webm"),
        ("video", "flv", "video/x-flv"), ("video", "mpeg", "video/mpeg"), ("video", "wmv", "video/x-ms-wmv"), ("video", "three_gp", "video/3gpp"),
    ];

    private static readonly (string Alias, string MediaType)[] Aliases =
    [
        ("image/jpg", "image/jpeg"), ("audio/mp3", "audio/mpeg"), ("audio/x-wav", "audio/wav"), ("audio/wave", "audio/wav"),
        ("audio/x-flac", "audio/flac"), ("audio/x-m4a", "audio/m4a"), ("text/x-markdown", "text/markdown"), ("application/csv", "text/csv"),
    ];

    /// <summary>The media type of a format; null where it is not known, or has none of its own.</summary>
    public static string? MediaTypeOf(string kind, string? format)
    {
        foreach (var known in Known)
        {
            if (known.Kind == kind && known.Format == format) return known.MediaType;
        }

        return null;
    }

    /// <summary>The format of a source; null where neither its type nor its address says a known one.</summary>
    public static string? FormatOf(string kind, MediaSource source)
    {
        if (source.MediaType is not { } full) return ByExtension(kind, source.Url);
        var type = full.Split(';')[0].Trim().ToLowerInvariant();
        foreach (var (alias, name) in Aliases)
        {
            if (alias == type) type = name;
        }

        foreach (var known in Known)
        {
            if (known.Kind == kind && known.MediaType == type) return known.Format;
        }

        return null;
    }

    /// <summary>All formats of a kind, for error texts.</summary>
    public static string FormatsOf(string kind) => string.Join(", ", Known.Where(known => known.Kind == kind).Select(known => known.MediaType));

    private static string? ByExtension(string kind, string? url)
    {
        if (url is null) return null;
        var extension = Path.GetExtension(url).TrimStart('.').ToLowerInvariant();
        if (extension == "jpg") extension = "jpeg";
        return Known.Any(known => known.Kind == kind && known.Format == extension) ? extension : null;
    }
}
