using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGateway.Dialects.Schemas;

/// <summary>Measures a schema against a vendor's bounds.</summary>
internal sealed class SchemaSize
{
    private const int LargeEnum = 250;

    private int _depth;
    private int _members;
    private int _optional;
    private int _unions;
    private int _enumValues;
    private int _largestEnum;
    private int _text;

    /// <returns>Which bound it breaks; null for none.</returns>
    public static string? Refusal(JsonObject schema, SchemaLimits limits)
    {
        var size = new SchemaSize();
        size.Add(schema, 0);
        return Beyond(size._depth, limits.Depth, "levels of nesting")
            ?? Beyond(size._members, limits.Members, "members")
            ?? Beyond(size._optional, limits.OptionalMembers, "members that may be left out")
            ?? Beyond(size._unions, limits.Unions, "places of several types")
            ?? Beyond(size._enumValues, limits.EnumValues, "values of enums")
            ?? Beyond(size._largestEnum, limits.LargeEnumLength, "characters in the values of one enum")
            ?? Beyond(size._text, limits.TextLength, "characters in its names and values");
    }

    private static string? Beyond(int number, int limit, string what) => number > limit ? $"a schema of {number} {what}, of which {limit} are allowed" : null;

    private void Add(JsonNode? node, int depth)
    {
        if (node is not JsonObject schema) return;
        if (SchemaTypes.Allows(schema, "object") || SchemaTypes.Allows(schema, "array")) depth++;
        _depth = Math.Max(_depth, depth);
        if (schema["type"] is JsonArray { Count: > 1 } || schema.ContainsKey("anyOf") || schema.ContainsKey("oneOf")) _unions++;
        if (schema["enum"] is JsonArray values) AddValues(values);
        if (schema.TryGetPropertyValue("const", out var constant)) _text += LengthOf(constant);
        if (schema["properties"] is JsonObject properties) AddMembers(properties, schema["required"] as JsonArray, depth);
        foreach (var (name, definition) in schema["$defs"] as JsonObject ?? [])
        {
            _text += name.Length;
            Add(definition, 0);
        }

        foreach (var (keyword, child) in schema)
        {
            if (keyword is "enum" or "properties" or "$defs" or "const" or "default") continue;
            if (child is JsonArray branches) foreach (var branch in branches) Add(branch, depth);
            else Add(child, depth);
        }
    }

    private void AddValues(JsonArray values)
    {
        var length = values.Sum(LengthOf);
        _enumValues += values.Count;
        _text += length;
        if (values.Count > LargeEnum) _largestEnum = Math.Max(_largestEnum, length);
    }

    private void AddMembers(JsonObject properties, JsonArray? required, int depth)
    {
        _members += properties.Count;
        _optional += properties.Count(p => required?.Any(name => name?.GetValue<string>() == p.Key) != true);
        foreach (var (name, member) in properties)
        {
            _text += name.Length;
            Add(member, depth);
        }
    }

    private static int LengthOf(JsonNode? value) => value is JsonValue text && text.GetValueKind() == JsonValueKind.String ? text.GetValue<string>().Length : 0;
}
