using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>A document of schemas.</summary>
internal sealed class SchemaSource(string? name, JsonElement root)
{
    private readonly Dictionary<int, SchemaResource> _resources = [];

    /// <summary>The URI by which it was looked up; null for the main schema.</summary>
    public string? Name { get; } = name;

    public JsonElement Root { get; } = root;

    public IEnumerable<SchemaResource> Resources => _resources.Values;

    public SchemaResource RootResource => _resources[OffsetOf(Root)];

    /// <summary>What tells a value of the document from every other: where it begins.</summary>
    public int OffsetOf(JsonElement element)
    {
        JsonMarshal.GetRawUtf8Value(Root).Overlaps(JsonMarshal.GetRawUtf8Value(element), out var offset);
        return offset;
    }

    public void Add(JsonElement element, SchemaResource resource) => _resources[OffsetOf(element)] = resource;

    /// <summary>The resource that an element begins; else the one that it stands in.</summary>
    public SchemaResource ResourceOf(JsonElement element, SchemaResource around) => _resources.GetValueOrDefault(OffsetOf(element), around);

    public JsonSchemaException Refuse(SchemaPlace place, string why)
        => new($"JSON schema{(Name is null ? "" : $" '{Name}'")}, #{place}: {why}.", place.ToString());
}
