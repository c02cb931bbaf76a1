using System.Text.Json;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>
/// Reads what a schema asks for at a place. It knows the keywords that say a type; of alternatives it takes the only one
/// that the value can be meant for. What it does not know allows anything, so that nothing is changed there.
/// </summary>
internal sealed class ExpectationReader(JsonElement root)
{
    /// <summary>Schemas that refer to each other without end stop here.</summary>
    private const int MaxSchemas = 64;

    public Expectation Read(IReadOnlyList<JsonElement> schemas, JsonElement value)
    {
        var flat = new List<JsonElement>();
        foreach (var schema in schemas) Flatten(schema, value, flat);
        return new Expectation(TypesOf(flat), flat);
    }

    private void Flatten(JsonElement schema, JsonElement value, List<JsonElement> flat)
    {
        if (schema.ValueKind != JsonValueKind.Object || flat.Count >= MaxSchemas) return;
        flat.Add(schema);
        if (schema.TryGetProperty("$ref"u8, out var reference) && reference.ValueKind == JsonValueKind.String && Resolve(reference.GetString()!) is { } target) Flatten(target, value, flat);
        if (schema.TryGetProperty("allOf"u8, out var all) && all.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in all.EnumerateArray()) Flatten(part, value, flat);
        }

        if (schema.TryGetProperty("anyOf"u8, out var any) && Choose(any, value) is { } chosen) Flatten(chosen, value, flat);
        if (schema.TryGetProperty("oneOf"u8, out var one) && Choose(one, value) is { } only) Flatten(only, value, flat);
    }

    /// <summary>The branch that fits the value as it is, where there is one and only one; else the only one that it could be brought to.</summary>
    private JsonElement? Choose(JsonElement branches, JsonElement value)
    {
        if (branches.ValueKind != JsonValueKind.Array || branches.GetArrayLength() > MaxSchemas) return null;
        var (fitting, near) = (new List<JsonElement>(), new List<JsonElement>());
        foreach (var branch in branches.EnumerateArray())
        {
            var closeness = Closeness(branch, value);
            if (closeness == 2) fitting.Add(branch);
            if (closeness == 1) near.Add(branch);
        }

        return fitting.Count > 0 ? (fitting.Count == 1 ? fitting[0] : null) : near.Count == 1 ? near[0] : null;
    }

    /// <summary>2 where the value fits the branch, as far as types and fixed names tell; 1 where a change could make it; else 0.</summary>
    private int Closeness(JsonElement branch, JsonElement value)
    {
        var flat = new List<JsonElement>();
        Collect(branch, flat);
        var expected = new Expectation(TypesOf(flat), flat);
        if (!expected.Allows(value)) return expected.Find(value) == Conversion.None ? 0 : 1;
        if (value.ValueKind == JsonValueKind.String && flat.Any(schema => Expectation.NamesOf(schema).Any()))
        {
            if (flat.Any(schema => Expectation.NamesOf(schema).Any(name => JsonElement.DeepEquals(name, value)))) return 2;
            return expected.OtherCase(value) is null ? 0 : 1;
        }

        return value.ValueKind == JsonValueKind.Object ? Closeness(flat, value) : 2;
    }

    /// <summary>An object is told by its required members and by those that name its kind.</summary>
    private static int Closeness(List<JsonElement> schemas, JsonElement value)
    {
        var closeness = 2;
        foreach (var schema in schemas)
        {
            if (schema.TryGetProperty("required"u8, out var required) && required.ValueKind == JsonValueKind.Array
                && required.EnumerateArray().Any(name => name.ValueKind == JsonValueKind.String && !value.TryGetProperty(name.GetString()!, out _))) return 0;
            if (!schema.TryGetProperty("properties"u8, out var properties) || properties.ValueKind != JsonValueKind.Object) continue;
            foreach (var property in properties.EnumerateObject())
            {
                if (property.Value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(property.Name, out var member)) continue;
                var names = Expectation.NamesOf(property.Value).ToList();
                if (names.Count == 0 || names.Any(name => JsonElement.DeepEquals(name, member))) continue;
                if (member.ValueKind != JsonValueKind.String || new Expectation(ExpectedTypes.All, [property.Value]).OtherCase(member) is null) return 0;
                closeness = 1;
            }
        }

        return closeness;
    }

    private void Collect(JsonElement schema, List<JsonElement> flat)
    {
        if (schema.ValueKind != JsonValueKind.Object || flat.Count >= MaxSchemas) return;
        flat.Add(schema);
        if (schema.TryGetProperty("$ref"u8, out var reference) && reference.ValueKind == JsonValueKind.String && Resolve(reference.GetString()!) is { } target) Collect(target, flat);
        if (schema.TryGetProperty("allOf"u8, out var all) && all.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in all.EnumerateArray()) Collect(part, flat);
        }
    }

    private static ExpectedTypes TypesOf(List<JsonElement> schemas)
    {
        var types = ExpectedTypes.All;
        foreach (var schema in schemas)
        {
            if (schema.TryGetProperty("type"u8, out var type)) types &= Parse(type);
            else if (Expectation.NamesOf(schema).Any()) types &= Expectation.NamesOf(schema).Aggregate((ExpectedTypes)0, (sum, name) => sum | Expectation.TypeOf(name));
        }

        return types;
    }

    private static ExpectedTypes Parse(JsonElement type) => type.ValueKind switch
    {
        JsonValueKind.String => Parse(type.GetString()!),
        JsonValueKind.Array => type.EnumerateArray().Aggregate((ExpectedTypes)0, (sum, name) => sum | Parse(name)),
        _ => ExpectedTypes.All,
    };

    private static ExpectedTypes Parse(string type) => type switch
    {
        "string" => ExpectedTypes.String,
        "number" => ExpectedTypes.Number | ExpectedTypes.Integer,
        "integer" => ExpectedTypes.Integer,
        "boolean" => ExpectedTypes.Boolean,
        "object" => ExpectedTypes.Object,
        "array" => ExpectedTypes.Array,
        "null" => ExpectedTypes.Null,
        _ => ExpectedTypes.All,
    };

    /// <summary>References inside the document, by pointer. Others are left alone: nothing is changed there.</summary>
    private JsonElement? Resolve(string reference)
    {
        if (reference is not ['#', .. var pointer] || (pointer.Length > 0 && pointer[0] != '/')) return null;
        var at = root;
        foreach (var step in pointer.Split('/').Skip(1))
        {
            var name = JsonPointer.Unescape(Uri.UnescapeDataString(step));
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var member)) at = member;
            else if (at.ValueKind == JsonValueKind.Array && int.TryParse(name, out var index) && index >= 0 && index < at.GetArrayLength()) at = at[index];
            else return null;
        }

        return at;
    }
}
