namespace LlmGateway.Dialects.Gemini;

/// <summary>Gemini tells what a file is by its media type alone; other vendors' requests have an address only.</summary>
internal static class GeminiMediaType
{
    /// <summary>By the ending of an address: the types that https://ai.google.dev/gemini-api/docs/image-understanding and its neighbours name.</summary>
    /// <returns>The type; null where the ending does not say.</returns>
    public static string? Of(string address)
    {
        var path = address.Split('?', '#')[0];
        return path[(path.LastIndexOf('.') + 1)..].ToLowerInvariant() switch
        {
            "png" => "image/png",
            "jpg" or "jpeg" => "image/jpeg",
            "webp" => "image/webp",
            "heic" => "image/heic",
            "heif" => "image/heif",
            "gif" => "image/gif",
            "pdf" => "application/pdf",
            "txt" => "text/plain",
            "wav" => "audio/wav",
            "mp3" => "audio/mp3",
            "mp4" => "video/mp4",
            _ => null,
        };
    }
}
