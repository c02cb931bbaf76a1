using System.Text.Json;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>A schema with a URI of its own, and what in it can be referred to by name.</summary>
internal sealed class SchemaResource(SchemaSource source, string uri, SchemaDialect dialect, JsonElement root, SchemaPlace place)
{
    public SchemaSource Source { get; } = source;

    /// <summary>Its URI without a fragment; empty where the main schema gives itself none.</summary>
    public string Uri { get; } = uri;

    public SchemaDialect Dialect { get; } = dialect;

    public JsonElement Root { get; } = root;

    public SchemaPlace Place { get; } = place;

    public Dictionary<string, (JsonElement Schema, SchemaPlace Place)> Anchors { get; } = new(StringComparer.Ordinal);

    public HashSet<string> DynamicAnchors { get; } = new(StringComparer.Ordinal);

    /// <summary>What a <c>$dynamicRef</c> finds here. Filled by the compiler, then never changed.</summary>
    public Dictionary<string, SchemaNode> DynamicNodes { get; } = new(StringComparer.Ordinal);
}
