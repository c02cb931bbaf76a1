namespace LlmGateway;

/// <summary>Where an image, a document or a sound is: its bytes, an address, a file that the vendor keeps, or plain text. Immutable.</summary>
public sealed record MediaSource
{
    private MediaSource()
    {
    }

    /// <summary>The type, such as <c>image/png</c>; null where it is not known.</summary>
    public string? MediaType { get; init; }

    /// <summary>The bytes in base64; null where another form is used. It goes to the wire as it is.</summary>
    public string? Base64 { get; private init; }

    /// <summary>An address that the vendor fetches (<c>https:</c>, or the vendor's own, as <c>gs:</c> and <c>s3:</c>); null where another form is used.</summary>
    public string? Url { get; private init; }

    /// <summary>The vendor's id of a file that was uploaded to it; null where another form is used.</summary>
    public string? FileId { get; private init; }

    /// <summary>The text of a document of plain text; null where another form is used.</summary>
    public string? Text { get; private init; }

    /// <summary>By its bytes.</summary>
    /// <param name="bytes">The bytes; copied.</param>
    /// <param name="mediaType">The type, such as <c>image/png</c>.</param>
    /// <returns>The source.</returns>
    public static MediaSource FromBytes(ReadOnlySpan<byte> bytes, string mediaType) => FromBase64(Convert.ToBase64String(bytes), mediaType);

    /// <summary>By its bytes in base64.</summary>
    /// <param name="base64">The bytes in base64; not null.</param>
    /// <param name="mediaType">The type, such as <c>image/png</c>; null where it is not known, which some vendors refuse.</param>
    /// <returns>The source.</returns>
    public static MediaSource FromBase64(string base64, string? mediaType)
    {
        ArgumentNullException.ThrowIfNull(base64);
        return new MediaSource { Base64 = base64, MediaType = mediaType };
    }

    /// <summary>By an address that the vendor fetches.</summary>
    /// <param name="url">The address, exactly as it is to be sent; a <c>data:</c> URL in base64 becomes bytes.</param>
    /// <param name="mediaType">The type, such as <c>image/png</c>; null where it is not known.</param>
    /// <returns>The source.</returns>
    public static MediaSource FromUrl(string url, string? mediaType = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        const string Scheme = "data:";
        const string Marker = ";base64,";
        if (url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && url.IndexOf(Marker, StringComparison.OrdinalIgnoreCase) is > 0 and var at)
        {
            var type = url[Scheme.Length..at];
            return FromBase64(url[(at + Marker.Length)..], type.Length > 0 ? type : mediaType);
        }

        return new MediaSource { Url = url, MediaType = mediaType };
    }

    /// <summary>By the vendor's id of an uploaded file.</summary>
    /// <param name="fileId">The id; not null.</param>
    /// <param name="mediaType">The type; null where it is not known.</param>
    /// <returns>The source.</returns>
    public static MediaSource FromFile(string fileId, string? mediaType = null)
    {
        ArgumentNullException.ThrowIfNull(fileId);
        return new MediaSource { FileId = fileId, MediaType = mediaType };
    }

    /// <summary>By plain text, for a document.</summary>
    /// <param name="text">The text; not null.</param>
    /// <returns>The source.</returns>
    public static MediaSource FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new MediaSource { Text = text, MediaType = "text/plain" };
    }

    /// <summary>The address of the form <c>data:</c>, for dialects that take bytes so; null where the source is not bytes.</summary>
    internal string? ToDataUrl() => Base64 is null ? null : $"data:{MediaType};base64,{Base64}";
}
