using System.Text.Json.Nodes;

namespace LlmGateway.Dialects.Schemas;

/// <summary>Finds where a schema refers to itself.</summary>
internal static class SchemaCycles
{
    /// <returns>Why the recursion cannot be said; null where it can.</returns>
    public static string? Refusal(JsonObject root, SchemaRecursion allowed)
    {
        if (allowed == SchemaRecursion.Anywhere || root["$defs"] is not JsonObject definitions) return null;
        foreach (var name in definitions.Select(d => d.Key))
        {
            if (!Reaches(definitions, name, name, allowed == SchemaRecursion.BelowOptional, [])) continue;
            return allowed == SchemaRecursion.Nowhere ? $"a schema that refers to itself ({name})" : $"a schema that refers to itself below a required member ({name})";
        }

        return null;
    }

    /// <summary>Whether any schema refers to itself.</summary>
    public static bool Exist(JsonObject root)
        => root["$defs"] is JsonObject definitions && definitions.Any(d => Reaches(definitions, d.Key, d.Key, throughRequired: false, []));

    private static bool Reaches(JsonObject definitions, string from, string target, bool throughRequired, HashSet<string> seen)
        => References(definitions[from], throughRequired).Any(name => name == target || (seen.Add(name) && Reaches(definitions, name, target, throughRequired, seen)));

    /// <summary>The names that a schema refers to; on request only by ways that no optional member interrupts.</summary>
    private static IEnumerable<string> References(JsonNode? node, bool throughRequired)
    {
        if (node is JsonArray items) return items.SelectMany(item => References(item, throughRequired));
        if (node is not JsonObject schema) return [];
        var required = (schema["required"] as JsonArray)?.Select(name => name?.GetValue<string>()).ToHashSet() ?? [];
        return schema.SelectMany(member => member switch
        {
            { Key: "$ref", Value: JsonValue reference } => [SchemaReferences.NameOf(reference.GetValue<string>())],
            { Key: "enum" or "const" or "default" or "examples" or "$defs" } => [],
            { Key: "properties", Value: JsonObject properties } => properties.Where(p => !throughRequired || required.Contains(p.Key)).SelectMany(p => References(p.Value, throughRequired)),
            { Value: var child } => References(child, throughRequired),
        });
    }
}
