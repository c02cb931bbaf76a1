using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGateway.Dialects.Schemas;

namespace LlmGateway;

/// <summary>What a schema needs that not every vendor's native schemas have.</summary>
[Flags]
public enum SchemaFeatures
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>Objects with members of any name, such as dictionaries.</summary>
    OpenObjects = 1,

    /// <summary>A schema that refers to itself.</summary>
    Recursion = 2,

    /// <summary>A value of any type.</summary>
    AnyType = 4,
}

internal static class SchemaFeatureReader
{
    public static SchemaFeatures Read(JsonElement schema)
    {
        var features = ReadPlace(schema);
        return Recurs(schema) ? features | SchemaFeatures.Recursion : features;
    }

    /// <summary>A reference that cannot be followed, or a schema that cannot be read, may recur for all that is known.</summary>
    private static bool Recurs(JsonElement schema)
    {
        try
        {
            return schema.ValueKind == JsonValueKind.Object && JsonNode.Parse(schema.GetRawText()) is JsonObject root && (SchemaReferences.Name(root) is not null || SchemaCycles.Exist(root));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or JsonException)
        {
            return true;
        }
    }

    private static SchemaFeatures ReadPlace(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object) return SchemaFeatures.AnyType;
        var features = SchemaFeatures.None;
        var isTyped = false;
        foreach (var keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case "additionalProperties" when keyword.Value.ValueKind != JsonValueKind.False:
                    features |= SchemaFeatures.OpenObjects;
                    break;
                case "properties" or "$defs":
                    foreach (var member in keyword.Value.EnumerateObject()) features |= ReadPlace(member.Value);
                    break;
                case "anyOf" or "oneOf" or "allOf":
                    foreach (var branch in keyword.Value.EnumerateArray()) features |= ReadPlace(branch);
                    isTyped = true;
                    break;
                case "items" when keyword.Value.ValueKind != JsonValueKind.Array:
                    features |= ReadPlace(keyword.Value);
                    break;
                case "type" or "enum" or "const" or "$ref":
                    isTyped = true;
                    break;
            }
        }

        return isTyped ? features : features | SchemaFeatures.AnyType;
    }
}
