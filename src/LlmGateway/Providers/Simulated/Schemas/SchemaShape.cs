using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>
/// What several schemas ask of one value together: references followed, <c>allOf</c> merged. What is left to choose
/// (<c>anyOf</c>, <c>oneOf</c>) stands in <see cref="Choices"/>.
/// </summary>
internal sealed class SchemaShape
{
    private const int MaxReferences = 64;

    private static readonly string[] NotUnderstood = ["$dynamicRef", "$recursiveRef", "unevaluatedProperties", "unevaluatedItems"];

    private readonly SchemaDocument _document;

    private SchemaShape(SchemaDocument document, string pointer)
    {
        _document = document;
        Pointer = pointer;
    }

    /// <summary>The place in the answer, as a JSON Pointer.</summary>
    public string Pointer { get; }

    /// <summary>Every schema that applies, by itself: where the members' and items' schemas are looked up.</summary>
    public List<JsonObject> Parts { get; } = [];

    /// <summary>Alternatives of which one must be chosen, in the schema's order.</summary>
    public List<JsonArray> Choices { get; } = [];

    /// <summary>The only values allowed (<c>enum</c>, <c>const</c>); null for no such limit.</summary>
    public List<JsonNode?>? Values { get; private set; }

    public JsonTypes Types { get; private set; } = JsonTypes.All;
    public decimal? Minimum { get; private set; }
    public decimal? Maximum { get; private set; }
    public bool MinimumExcluded { get; private set; }
    public bool MaximumExcluded { get; private set; }
    public List<decimal> MultipleOf { get; } = [];
    public decimal MinLength { get; private set; }
    public decimal MaxLength { get; private set; } = decimal.MaxValue;
    public decimal MinItems { get; private set; }
    public decimal MaxItems { get; private set; } = decimal.MaxValue;
    public decimal MinProperties { get; private set; }
    public decimal MaxProperties { get; private set; } = decimal.MaxValue;
    public bool UniqueItems { get; private set; }
    public List<string> Patterns { get; } = [];
    public List<string> Formats { get; } = [];
    public List<string> Required { get; } = [];
    public List<string> Descriptions { get; } = [];
    public List<JsonNode> Suggestions { get; } = [];
    public bool IsBase64 { get; private set; }

    /// <summary>The conjunction of schemas, with the first of its choices already decided.</summary>
    public static SchemaShape Of(SchemaDocument document, IEnumerable<JsonNode?> schemas, IEnumerable<JsonNode?> decisions, string pointer)
    {
        var shape = new SchemaShape(document, pointer);
        foreach (var schema in schemas) shape.Add(schema, 0);
        foreach (var decision in decisions)
        {
            shape.Choices.RemoveAt(0);
            shape.Add(decision, 0);
        }

        return shape;
    }

    /// <summary>What one schema asks by its own keywords, without those it refers to or combines.</summary>
    public static SchemaShape OfOwnKeywords(SchemaDocument document, JsonObject part)
    {
        var shape = new SchemaShape(document, "");
        shape.AddOwn(part);
        return shape;
    }

    /// <summary>The names of the declared members, in order, then those that are only required.</summary>
    public IEnumerable<string> MemberNames => Parts
        .SelectMany(part => part["properties"] is JsonObject declared ? declared.Select(pair => pair.Key) : [])
        .Concat(Required)
        .Distinct(StringComparer.Ordinal);

    /// <summary>The schemas that apply to a member.</summary>
    public List<JsonNode?> Member(string name)
    {
        var schemas = new List<JsonNode?>();
        foreach (var part in Parts) AddMember(part, name, schemas);
        return schemas;
    }

    /// <summary>The schemas that apply to an item of an array.</summary>
    public List<JsonNode?> Item(int index)
    {
        var schemas = new List<JsonNode?>();
        foreach (var part in Parts)
        {
            if (part["prefixItems"] is JsonArray prefix && index < prefix.Count) schemas.Add(prefix[index]);
            else if (part.TryGetPropertyValue("items", out var items)) schemas.Add(items);
        }

        return schemas;
    }

    /// <summary>How many items have a schema of their own.</summary>
    public int PrefixItems => Parts.Select(part => (part["prefixItems"] as JsonArray)?.Count ?? 0).DefaultIfEmpty().Max();

    public bool Has(string keyword) => Parts.Exists(part => part.ContainsKey(keyword));

    public static void AddMember(JsonObject part, string name, List<JsonNode?> schemas)
    {
        var known = false;
        if (part["properties"] is JsonObject declared && declared.TryGetPropertyValue(name, out var own))
        {
            schemas.Add(own);
            known = true;
        }

        if (part["patternProperties"] is JsonObject patterns)
        {
            foreach (var (pattern, schema) in patterns)
            {
                if (!PatternCheck.Matches(pattern, name, "")) continue;
                schemas.Add(schema);
                known = true;
            }
        }

        if (!known && part.TryGetPropertyValue("additionalProperties", out var rest)) schemas.Add(rest);
    }

    private void Add(JsonNode? schema, int references)
    {
        if (schema is not JsonObject part)
        {
            if (schema?.GetValueKind() == JsonValueKind.True) return;
            Types = schema?.GetValueKind() == JsonValueKind.False
                ? JsonTypes.None
                : throw Unfillable($"The schema there is {schema?.ToJsonString() ?? "null"}, and a schema is an object or a boolean.");
            return;
        }

        if (references > MaxReferences) throw Unfillable("The references of the schema run in a circle.");
        AddOwn(part);
        if (SchemaDocument.Text(part["$ref"]) is { } reference) Add(_document.Resolve(reference, Pointer), references + 1);
        if (part["allOf"] is JsonArray all)
        {
            foreach (var one in all) Add(one, references + 1);
        }

        if (part["anyOf"] is JsonArray any) Choices.Add(any);
        if (part["oneOf"] is JsonArray oneOf) Choices.Add(oneOf);
    }

    private void AddOwn(JsonObject part)
    {
        foreach (var keyword in NotUnderstood)
        {
            if (part.ContainsKey(keyword)) throw Unfillable($"The keyword '{keyword}' is not one that the simulation understands.");
        }

        Parts.Add(part);
        AddTypes(part);
        AddValues(part);
        AddBounds(part);
        AddTexts(part);
        if (part["required"] is JsonArray required) Required.AddRange(required.Select(SchemaDocument.Text).OfType<string>().Except(Required));
    }

    private void AddTypes(JsonObject part)
    {
        if (!part.TryGetPropertyValue("type", out var type)) return;
        var names = type is JsonArray list ? list.AsEnumerable() : [type];
        Types &= names.Aggregate(JsonTypes.None, (types, name) => types | SchemaDocument.Text(name) switch
        {
            "null" => JsonTypes.Null,
            "boolean" => JsonTypes.Boolean,
            "integer" => JsonTypes.Integer,
            "number" => JsonTypes.Number,
            "string" => JsonTypes.String,
            "array" => JsonTypes.Array,
            "object" => JsonTypes.Object,
            _ => throw Unfillable($"The type {name?.ToJsonString() ?? "null"} is none of JSON's."),
        });
        // OpenAPI 3.0, which some callers still write.
        if (part["nullable"]?.GetValueKind() == JsonValueKind.True) Types |= JsonTypes.Null;
    }

    private void AddValues(JsonObject part)
    {
        if (part.TryGetPropertyValue("const", out var constant)) Limit([constant]);
        if (part["enum"] is JsonArray values) Limit([.. values]);

        void Limit(List<JsonNode?> allowed) =>
            Values = Values is null ? allowed : [.. Values.Where(value => allowed.Exists(other => JsonNode.DeepEquals(value, other)))];
    }

    private void AddBounds(JsonObject part)
    {
        if (Bound(part, "minimum") is { } minimum) RaiseMinimum(minimum, excluded: Is(part, "exclusiveMinimum"));
        if (Bound(part, "exclusiveMinimum") is { } above) RaiseMinimum(above, excluded: true);
        if (Bound(part, "maximum") is { } maximum) LowerMaximum(maximum, excluded: Is(part, "exclusiveMaximum"));
        if (Bound(part, "exclusiveMaximum") is { } below) LowerMaximum(below, excluded: true);
        if (Bound(part, "multipleOf") is { } step) MultipleOf.Add(step > 0 ? step : throw Unfillable($"multipleOf is {step}, and must be above 0."));
        MinLength = Math.Max(MinLength, Bound(part, "minLength") ?? 0);
        MaxLength = Math.Min(MaxLength, Bound(part, "maxLength") ?? decimal.MaxValue);
        MinItems = Math.Max(MinItems, Bound(part, "minItems") ?? 0);
        MaxItems = Math.Min(MaxItems, Bound(part, "maxItems") ?? decimal.MaxValue);
        MinProperties = Math.Max(MinProperties, Bound(part, "minProperties") ?? 0);
        MaxProperties = Math.Min(MaxProperties, Bound(part, "maxProperties") ?? decimal.MaxValue);
        UniqueItems |= Is(part, "uniqueItems");

        static bool Is(JsonObject part, string keyword) => part[keyword]?.GetValueKind() == JsonValueKind.True;
    }

    private void AddTexts(JsonObject part)
    {
        if (SchemaDocument.Text(part["pattern"]) is { } pattern && !Patterns.Contains(pattern)) Patterns.Add(pattern);
        if (SchemaDocument.Text(part["format"]) is { } format && !Formats.Contains(format)) Formats.Add(format);
        IsBase64 |= SchemaDocument.Text(part["contentEncoding"]) == "base64";
        if (SchemaDocument.Text(part["title"]) is { } title) Descriptions.Add(title);
        if (SchemaDocument.Text(part["description"]) is { } description) Descriptions.Add(description);
        if (part["default"] is { } suggestion) Suggestions.Add(suggestion);
        if (part["examples"] is JsonArray examples) Suggestions.AddRange(examples.OfType<JsonNode>());
    }

    private void RaiseMinimum(decimal bound, bool excluded)
    {
        if (Minimum is { } current && (bound < current || (bound == current && !excluded))) return;
        Minimum = bound;
        MinimumExcluded = excluded;
    }

    private void LowerMaximum(decimal bound, bool excluded)
    {
        if (Maximum is { } current && (bound > current || (bound == current && !excluded))) return;
        Maximum = bound;
        MaximumExcluded = excluded;
    }

    /// <summary>A number of the schema. One beyond a decimal is no limit for us where it lies outwards, and an error where it lies inwards.</summary>
    private decimal? Bound(JsonObject part, string keyword)
    {
        if (part[keyword] is not { } node || node.GetValueKind() != JsonValueKind.Number) return null;
        if (SchemaDocument.Number(node) is { } number) return number;
        var value = node.GetValue<double>();
        var isOutward = keyword switch
        {
            "minimum" or "exclusiveMinimum" => value < -1,
            "maximum" or "exclusiveMaximum" or "maxLength" or "maxItems" or "maxProperties" => value > 1,
            _ => false,
        };
        return isOutward ? null : throw Unfillable($"{keyword} is {node.ToJsonString()}, beyond the numbers that the simulation makes (28 digits).");
    }

    private UnfillableSchemaException Unfillable(string message) => new(Pointer, message);
}
