using System.Collections.Frozen;
using System.Text.Json;

namespace LlmGateway;

/// <summary>Documents of schemas by their absolute URIs, for references that lead out of a schema. Immutable.</summary>
public sealed class JsonSchemaDocuments
{
    private readonly FrozenDictionary<string, JsonElement> _documents;

    private JsonSchemaDocuments(FrozenDictionary<string, JsonElement> documents) => _documents = documents;

    /// <summary>No documents; the meta-schemas of the drafts are known without them.</summary>
    public static JsonSchemaDocuments Empty { get; } = new(FrozenDictionary<string, JsonElement>.Empty);

    /// <summary>The URIs, without fragments.</summary>
    public IReadOnlyCollection<string> Uris => _documents.Keys;

    /// <summary>Documents by URI.</summary>
    /// <param name="documents">Each document's absolute URI, and the document; copied.</param>
    /// <returns>The documents.</returns>
    /// <exception cref="ArgumentException">A URI is not absolute, has a fragment, or stands there twice.</exception>
    public static JsonSchemaDocuments From(IEnumerable<KeyValuePair<string, JsonElement>> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        return Empty.With(documents);
    }

    /// <summary>These documents and one more.</summary>
    /// <param name="uri">The document's absolute URI; an empty fragment is dropped.</param>
    /// <param name="document">The document; copied.</param>
    /// <returns>All of them.</returns>
    /// <exception cref="ArgumentException">The URI is not absolute, has a fragment, or is there already.</exception>
    public JsonSchemaDocuments Add(string uri, JsonElement document)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return With([new(uri, document)]);
    }

    internal JsonElement? Find(string uri) => _documents.TryGetValue(uri, out var document) ? document : null;

    private JsonSchemaDocuments With(IEnumerable<KeyValuePair<string, JsonElement>> more)
    {
        var all = new Dictionary<string, JsonElement>(_documents, StringComparer.Ordinal);
        foreach (var (uri, document) in more)
        {
            var (name, fragment) = StructuredOutput.Validation.UriReference.Split(uri);
            if (fragment.Length > 0) throw new ArgumentException($"The URI '{uri}' has a fragment; a document has none.");
            if (!StructuredOutput.Validation.UriReference.IsAbsolute(name)) throw new ArgumentException($"The URI '{uri}' is not absolute.");
            if (!all.TryAdd(name, document.Clone())) throw new ArgumentException($"Two documents have the URI '{uri}'.");
        }

        return new JsonSchemaDocuments(all.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
