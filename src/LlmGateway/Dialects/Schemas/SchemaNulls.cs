using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGateway.Dialects.Schemas;

/// <summary>Whether a schema allows null, and one that does.</summary>
internal static class SchemaNulls
{
    public static bool Allows(JsonNode? schema, JsonObject root, int depth = 0)
    {
        if (schema is not JsonObject one) return schema is JsonValue value && value.GetValueKind() == JsonValueKind.True;
        if (depth > 64) return false; // A circle of references; not a null, then.
        if (one["type"] is not null && !SchemaTypes.Allows(one, "null")) return false;
        if (one["enum"] is JsonArray values && !values.Any(value => value is null)) return false;
        if (one.ContainsKey("const") && one["const"] is not null) return false;
        if (one["$ref"] is JsonValue reference && !Allows(root["$defs"]?[SchemaReferences.NameOf(reference.GetValue<string>())], root, depth + 1)) return false;
        if (one["anyOf"] is JsonArray any && !any.Any(branch => Allows(branch, root, depth + 1))) return false;
        if (one["oneOf"] is JsonArray exactly && !exactly.Any(branch => Allows(branch, root, depth + 1))) return false;
        return one["allOf"] is not JsonArray all || all.All(branch => Allows(branch, root, depth + 1));
    }

    /// <summary>The same with null allowed, where it is not.</summary>
    public static JsonObject Allow(JsonObject schema)
    {
        if (schema["anyOf"] is JsonArray branches)
        {
            branches.Add((JsonNode)new JsonObject { ["type"] = "null" });
            return schema;
        }

        if (schema["type"] is { } type && !schema.ContainsKey("enum") && !schema.ContainsKey("const"))
        {
            schema["type"] = type is JsonArray types ? new JsonArray([.. types.Select(t => t!.DeepClone()), "null"]) : new JsonArray(type.DeepClone(), "null");
            return schema;
        }

        var description = schema["description"];
        schema.Remove("description");
        var choice = new JsonObject { ["anyOf"] = new JsonArray(schema.DeepClone(), new JsonObject { ["type"] = "null" }) };
        if (description is not null) choice["description"] = description;
        return choice;
    }
}
