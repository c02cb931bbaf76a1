using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput;

/// <summary>Makes the JSON schema of a type from its serialization contract, its nullable annotations and its attributes.</summary>
internal sealed class SchemaExporter
{
    private readonly bool _forModel;
    private readonly JsonTypeInfo _type;
    private readonly HashSet<Type> _recursive;
    private readonly Dictionary<Type, string> _names = [];
    private readonly Queue<JsonTypeInfo> _pending = [];

    private SchemaExporter(JsonTypeInfo type, bool forModel)
    {
        _type = type;
        _forModel = forModel;
        _recursive = RecursiveTypes.Of(type);
    }

    /// <summary>
    /// The schema that an answer is checked against before it is deserialized. What the attributes demand is not in it:
    /// they check themselves afterwards, with their own messages.
    /// </summary>
    public static JsonElement ForChecking(JsonTypeInfo type) => new SchemaExporter(type, forModel: false).Export();

    /// <summary>The schema that the model is shown: with descriptions and all that the attributes demand.</summary>
    public static JsonElement ForModel(JsonTypeInfo type) => new SchemaExporter(type, forModel: true).Export();

    private JsonElement Export()
    {
        var schema = Export(_type);
        var definitions = new JsonObject();
        while (_pending.TryDequeue(out var next)) definitions[_names[next.Type]] = Export(next);
        if (definitions.Count > 0 && schema is JsonObject root) root["$defs"] = definitions;
        using var document = JsonDocument.Parse(schema.ToJsonString());
        return document.RootElement.Clone();
    }

    private JsonNode Export(JsonTypeInfo type) => type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Transform,
    });

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        // A branch of a union stays where it is: it holds its discriminator.
        var named = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (context.Path.Length > 0 && context.BaseTypeInfo is null && _recursive.Contains(named)) node = Reference(context, named);
        if (node is not JsonObject schema)
        {
            // "true", which allows everything, cannot carry a description.
            if (!_forModel || node is not JsonValue value || value.GetValueKind() != JsonValueKind.True || SchemaDescription.Of(context) is null) return node;
            schema = [];
        }

        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            AddRequired(context.TypeInfo, schema);
            if (schema.ContainsKey("properties") && context.TypeInfo.Properties.Any(property => property.IsExtensionData)) schema["additionalProperties"] = true;
        }

        if (_forModel) SchemaForms.Complete(schema, context);
        if (context.PropertyInfo is { } property)
        {
            if (Nullability.Of(property) is { } nullability) AllowNullItems(schema, nullability);
            if (_forModel) AttributeKeywords.Add(schema, property);
        }

        if (_forModel && SchemaDescription.Of(context) is { } description) SchemaWords.Prepend(schema, description);
        return schema;
    }

    /// <summary>The serializer's own references are pointers into the middle of the document, which vendors refuse.</summary>
    private JsonObject Reference(JsonSchemaExporterContext context, Type type)
    {
        if (!_names.TryGetValue(type, out var name))
        {
            name = FreeName(type);
            _names[type] = name;
            _pending.Enqueue(context.TypeInfo.Options.GetTypeInfo(type));
        }

        var reference = new JsonObject { ["$ref"] = $"#/$defs/{name}" };
        return context.PropertyInfo is { } property && RequiredMembers.IsNullable(property) ? OrNull(reference) : reference;
    }

    private string FreeName(Type type)
    {
        var name = string.Concat(type.Name.TakeWhile(char.IsAsciiLetterOrDigit));
        if (name.Length == 0) name = "Type";
        var free = name;
        for (var number = 2; _names.ContainsValue(free); number++) free = name + number;
        return free;
    }

    private void AddRequired(JsonTypeInfo type, JsonObject schema)
    {
        if (schema["properties"] is not JsonObject properties) return;
        var required = schema["required"] as JsonArray ?? [];
        foreach (var property in type.Properties)
        {
            if (!properties.ContainsKey(property.Name) || !IsRequired(property)) continue;
            if (!required.Any(r => r?.GetValue<string>() == property.Name)) required.Add((JsonNode)property.Name);
        }

        if (required.Count > 0 && required.Parent is null) schema["required"] = required;
    }

    private bool IsRequired(JsonPropertyInfo property)
        => RequiredMembers.IsRequired(property) || (_forModel && !property.IsExtensionData && AttributeKeywords.MustBeGiven(property));

    private static void AllowNullItems(JsonObject schema, System.Reflection.NullabilityInfo info)
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
}
