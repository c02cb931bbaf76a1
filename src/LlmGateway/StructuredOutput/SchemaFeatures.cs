using System.Text.Json;

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
        if (schema.ValueKind != JsonValueKind.Object) return SchemaFeatures.AnyType;
        var features = SchemaFeatures.None;
        var isTyped = false;
        foreach (var keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                // References that do not recurse would need to be told apart; to take them all for recursion costs
                // no correctness, only the native way.
                case "$ref":
                    features |= SchemaFeatures.Recursion;
                    isTyped = true;
                    break;
                case "additionalProperties" when keyword.Value.ValueKind != JsonValueKind.False:
                    features |= SchemaFeatures.OpenObjects;
                    break;
                case "properties" or "$defs":
                    foreach (var member in keyword.Value.EnumerateObject()) features |= Read(member.Value);
                    break;
                case "anyOf" or "oneOf" or "allOf":
                    foreach (var branch in keyword.Value.EnumerateArray()) features |= Read(branch);
                    isTyped = true;
                    break;
                case "items":
                    features |= Read(keyword.Value);
                    break;
                case "type" or "enum" or "const":
                    isTyped = true;
                    break;
            }
        }

        return isTyped ? features : features | SchemaFeatures.AnyType;
    }
}
