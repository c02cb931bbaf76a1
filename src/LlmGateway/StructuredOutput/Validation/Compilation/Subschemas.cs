using System.Text.Json;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>Under which keywords schemas stand; elsewhere an object is a value, whatever it looks like.</summary>
internal static class Subschemas
{
    public static IEnumerable<(JsonElement Schema, SchemaPlace Place)> Of(JsonElement schema, SchemaDialect dialect, SchemaPlace place)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            var at = place.At(keyword.Name);
            switch (keyword.Name)
            {
                case "additionalProperties" or "not":
                case "additionalItems" when !dialect.Is202012:
                case "contains" or "if" or "then" or "else" or "propertyNames" when !dialect.Is4:
                case "contentSchema" or "unevaluatedItems" or "unevaluatedProperties" when dialect.Is202012:
                    if (IsSchema(keyword.Value)) yield return (keyword.Value, at);
                    break;
                case "items" when IsSchema(keyword.Value):
                    yield return (keyword.Value, at);
                    break;
                case "allOf" or "anyOf" or "oneOf" or "items":
                case "prefixItems" when dialect.Is202012:
                    if (keyword.Value.ValueKind != JsonValueKind.Array) break;
                    var index = 0;
                    foreach (var item in keyword.Value.EnumerateArray())
                    {
                        var itemAt = at.At(index++);
                        if (IsSchema(item)) yield return (item, itemAt);
                    }

                    break;
                case "properties" or "patternProperties" or "definitions" or "dependencies":
                case "$defs" or "dependentSchemas" when dialect.Is202012:
                    if (keyword.Value.ValueKind != JsonValueKind.Object) break;
                    foreach (var member in keyword.Value.EnumerateObject())
                    {
                        if (IsSchema(member.Value)) yield return (member.Value, at.At(member.Name));
                    }

                    break;
            }
        }
    }

    public static bool IsSchema(JsonElement value) => value.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False;
}
