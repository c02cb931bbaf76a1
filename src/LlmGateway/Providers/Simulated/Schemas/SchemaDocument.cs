using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>A whole JSON schema: where its references lead. As nodes, because recursion is found by a node's identity.</summary>
internal sealed class SchemaDocument
{
    private const int MaxDepth = 128;

    public SchemaDocument(JsonElement schema)
    {
        if (schema.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False))
        {
            throw new UnfillableSchemaException("", $"A JSON schema is an object or a boolean, not {schema.ValueKind}.");
        }

        try
        {
            Root = JsonNode.Parse(schema.GetRawText(), null, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MaxDepth })!;
        }
        catch (JsonException e)
        {
            throw new UnfillableSchemaException("", $"The schema has a duplicate keyword or is nested more than {MaxDepth} levels deep ({e.Message}).");
        }
    }

    public JsonNode Root { get; }

    /// <summary>Where a reference leads: a pointer into this schema, an anchor, or an <c>$id</c> within it. Nothing is fetched.</summary>
    public JsonNode? Resolve(string reference, string pointer)
    {
        var found = reference is "#" or "" ? (true, Root)
            : reference.StartsWith("#/", StringComparison.Ordinal) ? Walk(reference[1..])
            : reference[0] == '#' ? Find(Root, "$anchor", reference[1..])
            : Find(Root, "$id", reference);
        return found.Item1
            ? found.Item2
            : throw new UnfillableSchemaException(pointer, $"The reference '{reference}' leads nowhere in the schema, and none outside it is followed.");
    }

    public static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    /// <summary>A number exactly; null for what is none or does not fit a decimal, so that nothing is compared after rounding.</summary>
    public static decimal? Number(JsonNode? node)
    {
        if (node?.GetValueKind() != JsonValueKind.Number) return null;
        var text = node.ToJsonString();
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return null;
        return number == 0 && text.AsSpan().IndexOfAnyInRange('1', '9') is >= 0 and var digit && !text.AsSpan(0, digit).ContainsAny('e', 'E') ? null : number;
    }

    private (bool, JsonNode?) Walk(string path)
    {
        JsonNode? node = Root;
        foreach (var raw in path.Split('/').Skip(1))
        {
            var step = Uri.UnescapeDataString(raw).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (node is JsonObject map && map.TryGetPropertyValue(step, out var child)) node = child;
            else if (node is JsonArray list && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count) node = list[index];
            else return (false, null);
        }

        return (true, node);
    }

    private static (bool, JsonNode?) Find(JsonNode? node, string keyword, string value)
    {
        if (node is JsonObject map && Text(map[keyword]) == value) return (true, map);
        var children = node switch
        {
            JsonObject parent => parent.Select(pair => pair.Value),
            JsonArray list => list,
            _ => Enumerable.Empty<JsonNode?>(),
        };
        foreach (var child in children)
        {
            if (Find(child, keyword, value) is (true, var found)) return (true, found);
        }

        return (false, null);
    }
}
