using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>
/// Whether a value satisfies a schema. The filler asks it about each value taken from a prompt and, at the end, about the
/// whole answer, so that a keyword the filler does not aim for (<c>not</c>, <c>if</c>, <c>contains</c>) is an error and never a wrong answer.
/// </summary>
internal sealed class SchemaChecker(SchemaDocument document)
{
    private const int MaxDepth = 256;

    private readonly Dictionary<JsonObject, SchemaShape> _limits = new(ReferenceEqualityComparer.Instance);

    public bool Accepts(JsonNode? value, IEnumerable<JsonNode?> schemas) => schemas.All(schema => Accepts(value, schema));

    public bool Accepts(JsonNode? value, JsonNode? schema, int depth = 0)
    {
        if (schema is not JsonObject part) return schema?.GetValueKind() == JsonValueKind.True;
        if (depth > MaxDepth) return false;
        return Limits(value, part)
            && value switch
            {
                JsonObject map => Members(map, part, depth),
                JsonArray list => Items(list, part, depth),
                _ => true,
            }
            && Combined(value, part, depth);
    }

    /// <summary>All that needs no look into members and items.</summary>
    private bool Limits(JsonNode? value, JsonObject part)
    {
        if (!_limits.TryGetValue(part, out var shape)) _limits[part] = shape = SchemaShape.OfOwnKeywords(document, part);
        if ((TypeOf(value) & shape.Types) == 0) return false;
        if (shape.Values is { } values && !values.Exists(allowed => JsonNode.DeepEquals(allowed, value))) return false;
        return value?.GetValueKind() switch
        {
            JsonValueKind.Number => SchemaDocument.Number(value) is { } number && NumberFits(number, shape),
            JsonValueKind.String => StringFits(value.GetValue<string>(), shape),
            JsonValueKind.Array => value.AsArray() is var list && list.Count >= shape.MinItems && list.Count <= shape.MaxItems
                && !(shape.UniqueItems && HasEqual(list)),
            JsonValueKind.Object => value.AsObject() is var map && map.Count >= shape.MinProperties && map.Count <= shape.MaxProperties
                && shape.Required.TrueForAll(map.ContainsKey),
            _ => true,
        };
    }

    public static bool NumberFits(decimal number, SchemaShape shape) =>
        !(number < shape.Minimum || (shape.MinimumExcluded && number == shape.Minimum))
        && !(number > shape.Maximum || (shape.MaximumExcluded && number == shape.Maximum))
        && shape.MultipleOf.TrueForAll(step => number % step == 0);

    public static bool StringFits(string text, SchemaShape shape)
    {
        var length = text.EnumerateRunes().Count();
        return length >= shape.MinLength && length <= shape.MaxLength
            && shape.Patterns.TrueForAll(pattern => PatternCheck.Matches(pattern, text, shape.Pointer))
            && shape.Formats.TrueForAll(format => Formats.Accepts(format, text))
            && (!shape.IsBase64 || Convert.TryFromBase64String(text, new byte[text.Length], out _));
    }

    public static JsonTypes TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => JsonTypes.Null,
        JsonValueKind.True or JsonValueKind.False => JsonTypes.Boolean,
        JsonValueKind.Number => SchemaDocument.Number(value) is { } number && number % 1 == 0 ? JsonTypes.Integer : JsonTypes.Fraction,
        JsonValueKind.String => JsonTypes.String,
        JsonValueKind.Array => JsonTypes.Array,
        _ => JsonTypes.Object,
    };

    private bool Members(JsonObject map, JsonObject part, int depth)
    {
        foreach (var (name, value) in map)
        {
            var schemas = new List<JsonNode?>();
            SchemaShape.AddMember(part, name, schemas);
            if (!schemas.TrueForAll(schema => Accepts(value, schema, depth + 1))) return false;
            if (part["propertyNames"] is { } names && !Accepts(JsonValue.Create(name), names, depth + 1)) return false;
        }

        if (part["dependentRequired"] is JsonObject dependent
            && dependent.Any(pair => map.ContainsKey(pair.Key) && pair.Value is JsonArray needed && needed.Any(name => !map.ContainsKey(SchemaDocument.Text(name) ?? ""))))
        {
            return false;
        }

        return part["dependentSchemas"] is not JsonObject schemasOf || schemasOf.All(pair => !map.ContainsKey(pair.Key) || Accepts(map, pair.Value, depth + 1));
    }

    private bool Items(JsonArray list, JsonObject part, int depth)
    {
        var prefix = part["prefixItems"] as JsonArray;
        for (var i = 0; i < list.Count; i++)
        {
            if (i < prefix?.Count ? !Accepts(list[i], prefix[i], depth + 1)
                : part.TryGetPropertyValue("items", out var items) && !Accepts(list[i], items, depth + 1))
            {
                return false;
            }
        }

        if (!part.TryGetPropertyValue("contains", out var wanted)) return true;
        var count = list.Count(item => Accepts(item, wanted, depth + 1));
        return count >= (SchemaDocument.Number(part["minContains"]) ?? 1) && count <= (SchemaDocument.Number(part["maxContains"]) ?? int.MaxValue);
    }

    private bool Combined(JsonNode? value, JsonObject part, int depth)
    {
        bool Holds(JsonNode? schema) => Accepts(value, schema, depth + 1);

        if (SchemaDocument.Text(part["$ref"]) is { } reference && !Holds(document.Resolve(reference, ""))) return false;
        if (part["allOf"] is JsonArray all && !all.All(Holds)) return false;
        if (part["anyOf"] is JsonArray any && !any.Any(Holds)) return false;
        if (part["oneOf"] is JsonArray one && one.Count(Holds) != 1) return false;
        if (part.TryGetPropertyValue("not", out var not) && Holds(not)) return false;
        if (!part.TryGetPropertyValue("if", out var condition)) return true;
        return !part.TryGetPropertyValue(Holds(condition) ? "then" : "else", out var consequence) || Holds(consequence);
    }

    private static bool HasEqual(JsonArray list)
    {
        for (var i = 1; i < list.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (JsonNode.DeepEquals(list[i], list[j])) return true;
            }
        }

        return false;
    }
}
