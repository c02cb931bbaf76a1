using System.Text.Json;

namespace LlmGateway.Cli.Filters;

/// <summary>A folder of schemas, each under the absolute URI that it gives itself.</summary>
internal static class SchemaFolder
{
    /// <exception cref="UsageException">The folder or a file cannot be read, or two files have one URI.</exception>
    public static JsonSchemaDocuments Read(string folder, Action<string> warn)
    {
        var documents = new Dictionary<string, (JsonElement Document, string File)>(StringComparer.Ordinal);
        foreach (var file in Files(folder))
        {
            var document = Parse(file);
            if (IdOf(document) is not { } id) warn($"{file} gives itself no absolute $id, so that nothing can refer to it; it is left out.");
            else if (!documents.TryAdd(id, (document, file))) throw new UsageException($"--schemas: {documents[id].File} and {file} have the same $id '{id}'.");
        }

        return JsonSchemaDocuments.From(documents.Select(d => KeyValuePair.Create(d.Key, d.Value.Document)));
    }

    private static List<string> Files(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--schemas {folder}: {e.Message}");
        }
    }

    private static JsonElement Parse(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { MaxDepth = 1024 });
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"--schemas: {file}: {e.Message}");
        }
    }

    /// <summary>Draft 4 calls it <c>id</c>.</summary>
    private static string? IdOf(JsonElement document)
    {
        if (document.ValueKind != JsonValueKind.Object) return null;
        foreach (var keyword in (ReadOnlySpan<string>)["$id", "id"])
        {
            if (!document.TryGetProperty(keyword, out var id) || id.ValueKind != JsonValueKind.String) continue;
            var uri = id.GetString()!.TrimEnd('#');
            if (Uri.TryCreate(uri, UriKind.Absolute, out _) && uri.Contains(':', StringComparison.Ordinal) && !uri.Contains('#', StringComparison.Ordinal)) return uri;
        }

        return null;
    }
}
