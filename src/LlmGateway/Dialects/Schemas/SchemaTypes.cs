using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGateway.Dialects.Schemas;

/// <summary>The types that schemas and values are of.</summary>
internal static class SchemaTypes
{
    /// <summary>The types of some values: one word, or a list of them; null for no values.</summary>
    public static JsonNode? Of(JsonArray values)
    {
        var types = values.Select(Of).Distinct().Select(type => (JsonNode)type).ToArray();
        return types.Length switch { 0 => null, 1 => types[0], _ => new JsonArray(types) };
    }

    public static bool Allows(JsonObject schema, string type) => schema["type"] switch
    {
        JsonValue one => one.GetValue<string>() == type,
        JsonArray several => several.Any(one => one?.GetValue<string>() == type),
        _ => false,
    };

    public static bool Is(JsonObject schema, string type) => schema["type"] is JsonValue one && one.TryGetValue<string>(out var name) && name == type;

    /// <summary>Whether a schema says what it is without the help of what stands around it.</summary>
    public static bool IsSelfSufficient(JsonObject schema)
        => schema.ContainsKey("type") || schema.ContainsKey("$ref") || schema.ContainsKey("anyOf") || schema.ContainsKey("oneOf");

    private static string Of(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.ToJsonString().AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => "null",
    };
}
