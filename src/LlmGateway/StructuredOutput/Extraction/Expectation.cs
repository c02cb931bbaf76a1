using System.Buffers;
using System.Text.Json;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>What a schema asks for at one place of a value.</summary>
internal sealed class Expectation(ExpectedTypes types, IReadOnlyList<JsonElement> schemas)
{
    public static readonly Expectation Anything = new(ExpectedTypes.All, []);

    /// <summary>What models write in place of an item where there is none.</summary>
    private static readonly string[] NoItems = ["", "none", "null", "n/a", "nil", "undefined"];

    /// <summary>What stands between items.</summary>
    private static readonly string[] Joints = [" and ", " und ", " or ", " oder ", " et ", " y ", " / ", " & ", " - "];

    private static readonly SearchValues<char> Separators = SearchValues.Create(",;|\n\r\t\v\f\u0085\u2028\u2029，、；،；•·‣▪");

    /// <summary>The types that are allowed.</summary>
    public ExpectedTypes Types { get; } = types;

    /// <summary>The object or list that a text is, and nothing else; null where it is none.</summary>
    public static JsonDocument? ParseContainer(string text)
    {
        if (text.AsSpan().Trim() is not (['{', .., '}'] or ['[', .., ']'])) return null;
        try
        {
            var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (HalfSurrogates.Find(document.RootElement) is null) return document;
            document.Dispose();
            return null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return null; // The last is half of a surrogate pair in a name.
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

                return Types.HasFlag(ExpectedTypes.Array) && IsOneItem(text) ? Conversion.List : Conversion.None;
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
                if (name.ValueKind != JsonValueKind.String || !DiffersInCaseOnly(name.GetString(), text)) continue;
                if (name.GetString() == text || (found is { } other && other.GetString() != name.GetString())) return null;
                found = name;
            }
        }

        // In short names, mostly units, case says something: mW is not MW.
        return found is { } only && (IsShortAndMixed(text) || IsShortAndMixed(only.GetString()!)) ? null : found;
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

    /// <summary>Letters beyond ASCII have cases that other letters share: the micro sign is not a small mu.</summary>
    private static bool DiffersInCaseOnly(string? name, string text)
    {
        if (name is null || name.Length != text.Length) return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (name[i] != text[i] && !(char.IsAsciiLetter(name[i]) && char.IsAsciiLetter(text[i]) && (name[i] | 0x20) == (text[i] | 0x20))) return false;
        }

        return true;
    }

    private static bool IsShortAndMixed(string name)
        => name.Count(char.IsLetter) <= 3 && name.Any(char.IsUpper) && name.Any(char.IsLower) && name is not ("Yes" or "No");

    /// <summary>Whether a text is neither several items, to any appearance, nor none.</summary>
    private static bool IsOneItem(string text)
    {
        var item = text.AsSpan().Trim();
        foreach (var none in NoItems)
        {
            if (item.Equals(none, StringComparison.OrdinalIgnoreCase)) return false;
        }

        if (item[0] is '[' or '(' or '{' || (item[0] is '-' or '*' or '+' or '#' && (item.Length == 1 || char.IsWhiteSpace(item[1]))) || text.AsSpan().IndexOfAny(Separators) >= 0) return false;
        foreach (var joint in Joints)
        {
            if (item.Contains(joint, StringComparison.OrdinalIgnoreCase)) return false;
        }

        return true;
    }
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
