using System.Runtime.CompilerServices;
using System.Text.Json;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>
/// Tells whether a schema keeps the rules of strict mode, which refuses what does not: every property required, no others
/// allowed, few keywords. Source: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas.
/// </summary>
internal static class OpenAISchema
{
    /// <summary>The documented limits: https://platform.openai.com/docs/guides/structured-outputs#objects-have-limitations-on-nesting-depth-and-size.</summary>
    private const int MaxDepth = 10;

    private static readonly HashSet<string> Known =
    [
        "type", "enum", "const", "description", "title", "properties", "required", "additionalProperties", "items", "anyOf", "$ref", "$defs",
        "pattern", "format", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "minItems", "maxItems", "$schema", "$id",
    ];

    private static readonly ConditionalWeakTable<OutputSchema, object> Answers = [];

    /// <summary>Whether the whole schema keeps the rules; found out once for each.</summary>
    public static bool IsStrict(OutputSchema output) => (bool)Answers.GetValue(output, static o => IsStrict(o.Schema));

    /// <summary>Whether a schema keeps the rules: an object at its root, and no alternatives there.</summary>
    public static bool IsStrict(JsonElement schema)
        => schema.ValueKind == JsonValueKind.Object && schema.Text("type"u8) == "object" && !schema.TryGetProperty("anyOf"u8, out _) && Keeps(schema, 0);

    private static bool Keeps(JsonElement schema, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth) return false;
        foreach (var member in schema.EnumerateObject())
        {
            if (!Known.Contains(member.Name)) return false;
            var keeps = member.Name switch
            {
                "properties" or "$defs" => member.Value.ValueKind == JsonValueKind.Object && member.Value.EnumerateObject().All(p => Keeps(p.Value, depth + 1)),
                "anyOf" => member.Value.ValueKind == JsonValueKind.Array && member.Value.EnumerateArray().All(branch => Keeps(branch, depth + 1)),
                "items" => Keeps(member.Value, depth + 1),
                "additionalProperties" => member.Value.ValueKind == JsonValueKind.False,
                _ => true,
            };
            if (!keeps) return false;
        }

        return !IsObject(schema) || HasAllRequired(schema);
    }

    private static bool IsObject(JsonElement schema)
        => schema.TryGetProperty("properties"u8, out _) || (schema.TryGetProperty("type"u8, out var type)
            && (type.ValueKind == JsonValueKind.String ? type.ValueEquals("object"u8) : type.ValueKind == JsonValueKind.Array && type.EnumerateArray().Any(t => t.ValueKind == JsonValueKind.String && t.ValueEquals("object"u8))));

    private static bool HasAllRequired(JsonElement schema)
    {
        if (!schema.TryGetProperty("additionalProperties"u8, out var others) || others.ValueKind != JsonValueKind.False) return false;
        if (schema.Object("properties"u8) is not { } properties) return false;
        var required = schema.Texts("required"u8).ToHashSet();
        return properties.EnumerateObject().All(p => required.Contains(p.Name));
    }
}
