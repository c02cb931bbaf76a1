using System.Text.Json;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>What a schema asks for at one place of a value.</summary>
internal sealed class Expectation(ExpectedTypes types, IReadOnlyList<JsonElement> schemas)
{
    public static readonly Expectation Anything = new(ExpectedTypes.All, []);

    /// <summary>The types that are allowed.</summary>
    public ExpectedTypes Types { get; } = types;

    /// <summary>The object or list that a text is, and nothing else; null where it is none.</summary>
    public static JsonDocument? ParseContainer(string text)
    {
        if (text.AsSpan().Trim() is not (['{', .., '}'] or ['[', .., ']'])) return null;
        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether the value is of an allowed type.</summary>
    public bool Allows(JsonElement value) => value.ValueKind == JsonValueKind.Number
        ? Types.HasFlag(ExpectedTypes.Number) || (Types.HasFlag(ExpectedTypes.Integer) && WholeNumber.IsWhole(value.GetRawText()))
        : Types.HasFlag(TypeOf(value));

    /// <summary>The one change that brings the value to an allowed type; none where there is none, or more than one.</summary>
    public Conversion Find(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                var text = value.GetString()!;
                if (NumberText(text) is not null) return Conversion.Number;
                if (Types.HasFlag(ExpectedTypes.Boolean) && text is "true" or "false") return Conversion.Boolean;
                if (Types.HasFlag(ExpectedTypes.Null) && text == "null") return Conversion.Null;
                if ((Types & (ExpectedTypes.Object | ExpectedTypes.Array)) != 0)
                {
                    using var inner = ParseContainer(text);
                    if (inner is not null) return Allows(inner.RootElement) ? Conversion.Json : Conversion.None;
                }

                // A text with separators may be several items.
                return Types.HasFlag(ExpectedTypes.Array) && text.AsSpan().IndexOfAny(",;|\n") < 0 ? Conversion.List : Conversion.None;
            case JsonValueKind.Number when Types.HasFlag(ExpectedTypes.String):
                return Types.HasFlag(ExpectedTypes.Array) ? Conversion.None : Conversion.String;
            case JsonValueKind.Null:
                return Conversion.None;
            default:
                return Types.HasFlag(ExpectedTypes.Array) ? Conversion.List : Conversion.None;
        }
    }

    /// <summary>The number that a text is, exactly, in a form that is allowed; null where it is none.</summary>
    public string? NumberText(string text)
    {
        if (!WholeNumber.IsNumber(text)) return null;
        if (Types.HasFlag(ExpectedTypes.Number)) return text;
        return Types.HasFlag(ExpectedTypes.Integer) ? WholeNumber.Plain(text) : null;
    }

    /// <summary>The only name of an enumeration that differs from the value in nothing but case; null where the value is one itself.</summary>
    public JsonElement? OtherCase(JsonElement value)
    {
        JsonElement? found = null;
        var text = value.GetString()!;
        foreach (var schema in schemas)
        {
            foreach (var name in NamesOf(schema))
            {
                if (name.ValueKind != JsonValueKind.String || !string.Equals(name.GetString(), text, StringComparison.OrdinalIgnoreCase)) continue;
                if (name.GetString() == text || (found is { } other && other.GetString() != name.GetString())) return null;
                found = name;
            }
        }

        return found;
    }

    /// <summary>The schemas of a member.</summary>
    public List<JsonElement> SchemasOf(JsonProperty member)
    {
        var found = new List<JsonElement>();
        foreach (var schema in schemas)
        {
            if (schema.TryGetProperty("properties"u8, out var properties) && properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(member.Name, out var own)) found.Add(own);
            else if (schema.TryGetProperty("additionalProperties"u8, out var others)) found.Add(others);
        }

        return found;
    }

    /// <summary>The schemas of an item.</summary>
    public List<JsonElement> SchemasOf(int index)
    {
        var found = new List<JsonElement>();
        foreach (var schema in schemas)
        {
            if (schema.TryGetProperty("prefixItems"u8, out var first) && first.ValueKind == JsonValueKind.Array && index < first.GetArrayLength()) found.Add(first[index]);
            else if (schema.TryGetProperty("items"u8, out var items)) found.Add(items);
        }

        return found;
    }

    /// <summary>The values that <c>enum</c> and <c>const</c> name.</summary>
    public static IEnumerable<JsonElement> NamesOf(JsonElement schema)
    {
        if (schema.TryGetProperty("const"u8, out var only)) yield return only;
        if (!schema.TryGetProperty("enum"u8, out var names) || names.ValueKind != JsonValueKind.Array) yield break;
        foreach (var name in names.EnumerateArray()) yield return name;
    }

    public static ExpectedTypes TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => ExpectedTypes.Object,
        JsonValueKind.Array => ExpectedTypes.Array,
        JsonValueKind.String => ExpectedTypes.String,
        JsonValueKind.Number => ExpectedTypes.Number | ExpectedTypes.Integer,
        JsonValueKind.Null => ExpectedTypes.Null,
        _ => ExpectedTypes.Boolean,
    };
}

/// <summary>The types of a schema.</summary>
[Flags]
internal enum ExpectedTypes
{
    String = 1,
    Number = 2,
    Integer = 4,
    Boolean = 8,
    Object = 16,
    Array = 32,
    Null = 64,
    All = 127,
}

/// <summary>A change of a value's type.</summary>
internal enum Conversion
{
    None,
    Number,
    Boolean,
    Null,
    String,
    Json,
    List,
}
