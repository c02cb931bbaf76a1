using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput;

/// <summary>Makes the JSON schema of a type from its serialization contract, its nullable annotations and its attributes.</summary>
internal static class SchemaExporter
{
    /// <summary>
    /// The schema that an answer is checked against before it is deserialized. What the attributes demand is not in it:
    /// they check themselves afterwards, with their own messages.
    /// </summary>
    public static JsonElement ForChecking(JsonTypeInfo type) => Export(type, withAttributes: false);

    /// <summary>The schema that the model is shown: with descriptions and all that the attributes demand.</summary>
    public static JsonElement ForModel(JsonTypeInfo type) => Export(type, withAttributes: true);

    private static JsonElement Export(JsonTypeInfo type, bool withAttributes)
    {
        var node = type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, schema) => Transform(context, schema, withAttributes),
        });
        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node, bool withAttributes)
    {
        if (node is not JsonObject schema)
        {
            // "true", which allows everything, cannot carry a description.
            if (!withAttributes || node is not JsonValue value || value.GetValueKind() != JsonValueKind.True || DescriptionOf(context) is null) return node;
            schema = [];
        }

        if (withAttributes && context.TypeInfo.Type == typeof(byte[])) schema["contentEncoding"] = "base64";
        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object) AddRequired(context.TypeInfo, schema);
        if (context.PropertyInfo is { } property)
        {
            if (Nullability.Of(property) is { } nullability) AllowNullItems(schema, nullability);
            if (withAttributes) AttributeKeywords.Add(schema, property);
        }

        if (withAttributes && DescriptionOf(context) is { } description) schema["description"] = description;
        return schema;
    }

    private static void AddRequired(JsonTypeInfo type, JsonObject schema)
    {
        if (schema["properties"] is not JsonObject properties) return;
        var required = schema["required"] as JsonArray ?? [];
        foreach (var property in type.Properties)
        {
            if (!properties.ContainsKey(property.Name) || !RequiredMembers.IsRequired(property)) continue;
            if (!required.Any(r => r?.GetValue<string>() == property.Name)) required.Add((JsonNode)property.Name);
        }

        if (required.Count > 0 && required.Parent is null) schema["required"] = required;
    }

    private static void AllowNullItems(JsonObject schema, NullabilityInfo info)
    {
        if (Nullability.OfItems(info) is not { } items) return;
        foreach (var keyword in (ReadOnlySpan<string>)["items", "additionalProperties"])
        {
            if (schema[keyword] is not JsonObject item) continue;
            AllowNullItems(item, items);
            if (Nullability.MayBeNull(items)) schema[keyword] = OrNull(item);
        }
    }

    private static JsonObject OrNull(JsonObject schema)
    {
        switch (schema["type"])
        {
            case JsonValue type when type.GetValueKind() == JsonValueKind.String && !schema.ContainsKey("enum") && !schema.ContainsKey("const"):
                schema["type"] = new JsonArray(type.GetValue<string>(), "null");
                return (JsonObject)schema.DeepClone();
            case JsonArray types when types.Any(t => t?.GetValue<string>() == "null"):
                return (JsonObject)schema.DeepClone();
            default:
                return new JsonObject { ["anyOf"] = new JsonArray(schema.DeepClone(), new JsonObject { ["type"] = "null" }) };
        }
    }

    private static string? DescriptionOf(JsonSchemaExporterContext context)
        => Find(context.PropertyInfo?.AttributeProvider) ?? Find(context.PropertyInfo?.AssociatedParameter?.AttributeProvider) ?? Find(context.TypeInfo.Type);

    private static string? Find(ICustomAttributeProvider? provider)
        => provider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true).OfType<DescriptionAttribute>().FirstOrDefault()?.Description;
}
