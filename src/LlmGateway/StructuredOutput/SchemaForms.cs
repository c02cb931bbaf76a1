using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace LlmGateway.StructuredOutput;

/// <summary>Says outright what the serializer's schemas leave to be guessed, since vendors do not guess: the type of an enum, whole branches of a union, the form of a text.</summary>
internal static class SchemaForms
{
    /// <summary>What <see cref="TimeOnly"/> is read from: RFC 3339's time, without the offset that it demands.</summary>
    private const string LocalTime = @"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,7})?$";

    public static void Complete(JsonObject schema, JsonSchemaExporterContext context)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (type == typeof(byte[]) || type == typeof(Memory<byte>) || type == typeof(ReadOnlyMemory<byte>)) schema["contentEncoding"] = "base64";
        if (type == typeof(TimeOnly) && schema.Remove("format")) schema["pattern"] = LocalTime;
        schema.Remove("$comment"); // The serializer's own, about .NET.
        if (schema["enum"] is JsonArray values && !schema.ContainsKey("type") && TypeOf(values) is { } typeOfValues) schema.Insert(0, "type", typeOfValues);
        if (context.TypeInfo.PolymorphismOptions is not null && context.BaseTypeInfo is null && schema["anyOf"] is JsonArray branches) Complete(schema, branches);
    }

    /// <summary>The type of a list of values, with null where one of them is; null where they are of several.</summary>
    public static JsonNode? TypeOf(JsonArray values)
    {
        var types = values.Select(NameOf).Distinct().ToList();
        var hasNull = types.Remove("null");
        if (types.Count != 1) return types.Count == 0 && hasNull ? "null" : null;
        return hasNull ? new JsonArray(types[0], "null") : types[0];
    }

    private static string NameOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.String => "string",
        JsonValueKind.Number => decimal.TryParse(value.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) && decimal.Truncate(number) == number ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Array => "array",
        _ => "object",
    };

    /// <summary>What the serializer says of all branches at once, their type and their discriminator, goes into each.</summary>
    private static void Complete(JsonObject schema, JsonArray branches)
    {
        var common = (schema["required"] as JsonArray)?.Select(name => name!.GetValue<string>()).ToList() ?? [];
        foreach (var branch in branches.OfType<JsonObject>())
        {
            if (!branch.ContainsKey("type")) branch.Insert(0, "type", "object");
            if (branch["properties"] is not JsonObject properties) continue;
            foreach (var member in properties.Select(p => p.Value).OfType<JsonObject>())
            {
                if (member["const"] is { } value && !member.ContainsKey("type") && TypeOf([value.DeepClone()]) is { } type) member.Insert(0, "type", type);
            }

            var required = branch["required"] as JsonArray ?? [];
            foreach (var name in common.Where(name => !required.Any(r => r!.GetValue<string>() == name))) required.Insert(0, name);
            if (required.Count > 0) branch["required"] = required.Parent is null ? required : required.DeepClone();
        }

        var isNullable = schema["type"] is JsonArray types && types.Any(type => type!.GetValue<string>() == "null");
        if (isNullable) branches.Add((JsonNode)new JsonObject { ["type"] = "null" });
        schema.Remove("type");
        schema.Remove("required");
    }
}
