using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmGateway.StructuredOutput;

/// <summary>Turns a schema's JSON into checks, and refuses by name what it has no check for.</summary>
internal sealed class SchemaCompiler(JsonElement root)
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(250);

    /// <summary>Nobody writes one so deep, and the stack has an end.</summary>
    private const int MaxDepth = 256;

    private readonly Dictionary<string, SchemaNode> _byPointer = [];
    private int _depth;

    public SchemaNode Compile()
    {
        var compiled = Compile(root, "#");
        var ended = new HashSet<SchemaNode>();
        foreach (var (at, node) in _byPointer) EnsureEnd(node, at, [], ended);
        return compiled;
    }

    /// <summary>A schema may hold itself one level down, and not at the same level: no value would ever be done with.</summary>
    private static void EnsureEnd(SchemaNode node, string at, HashSet<SchemaNode> above, HashSet<SchemaNode> ended)
    {
        if (ended.Contains(node)) return;
        if (!above.Add(node)) throw Unsupported(at, "the schema refers to itself without end");
        foreach (var next in node.OfSameValue) EnsureEnd(next, at, above, ended);
        above.Remove(node);
        ended.Add(node);
    }

    private SchemaNode Compile(JsonElement schema, string at)
    {
        if (_byPointer.TryGetValue(at, out var known)) return known;
        if (_depth == MaxDepth) throw Unsupported(at, "it is nested too deeply");
        _depth++;
        var node = new SchemaNode();
        _byPointer[at] = node; // Before its parts, so that a schema that refers to itself finds itself.

        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            node.Always = schema.ValueKind == JsonValueKind.True;
            _depth--;
            return node;
        }

        if (schema.ValueKind != JsonValueKind.Object) throw Unsupported(at, "a schema must be an object, true or false");
        foreach (var keyword in schema.EnumerateObject()) Read(node, keyword.Name, keyword.Value, $"{at}/{JsonPointer.Escape(keyword.Name)}");
        _depth--;
        return node;
    }

    private void Read(SchemaNode node, string keyword, JsonElement value, string at)
    {
        switch (keyword)
        {
            case "default" or "examples" or "deprecated" or "readOnly" or "writeOnly":
                break;
            case "$schema" or "$id" or "$comment" or "title" or "description":
            case "format": // An annotation in 2020-12, unless a validator is told to assert it.
                Text(value, at);
                break;
            case "$defs" or "definitions":
                Members(value, at); // Compiled where something refers to them.
                break;
            case "$ref":
                node.Reference = Resolve(Text(value, at), at);
                break;
            case "type":
                node.Types = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 ? value.EnumerateArray().Aggregate(default(JsonTypes), (all, t) => all | Type(t, at)) : Type(value, at);
                break;
            case "enum":
                node.AllowedValues = Both(node.AllowedValues, value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : throw Unsupported(at, "must be an array"));
                break;
            case "const":
                node.AllowedValues = Both(node.AllowedValues, [value]);
                break;
            case "properties":
                node.Properties = [.. Members(value, at).Select(p => new SchemaMember(new JsonName(p.Name), Compile(p.Value, $"{at}/{JsonPointer.Escape(p.Name)}")))];
                break;
            case "required":
                node.Required = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(n => new JsonName(Text(n, at)))] : throw Unsupported(at, "must be an array of names");
                break;
            case "additionalProperties":
                node.AdditionalProperties = Compile(value, at);
                break;
            case "items":
                node.Items = value.ValueKind == JsonValueKind.Array ? throw Unsupported(at, "one schema for each place is not supported") : Compile(value, at);
                break;
            case "minItems":
                node.MinItems = Size(value, at);
                break;
            case "maxItems":
                node.MaxItems = Size(value, at);
                break;
            case "uniqueItems":
                node.UniqueItems = value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Unsupported(at, "must be true or false");
                break;
            case "minLength":
                node.MinLength = Size(value, at);
                break;
            case "maxLength":
                node.MaxLength = Size(value, at);
                break;
            case "pattern":
                node.Pattern = Pattern(Text(value, at), at);
                break;
            case "minimum":
                node.Minimum = Number(value, at);
                break;
            case "maximum":
                node.Maximum = Number(value, at);
                break;
            case "exclusiveMinimum":
                node.ExclusiveMinimum = Number(value, at);
                break;
            case "exclusiveMaximum":
                node.ExclusiveMaximum = Number(value, at);
                break;
            case "multipleOf":
                node.MultipleOf = Number(value, at) is > 0 and var step ? step : throw Unsupported(at, "must be above 0");
                break;
            case "allOf":
                node.AllOf = Branches(value, at);
                break;
            case "anyOf":
                node.AnyOf = Branches(value, at);
                break;
            case "oneOf":
                node.OneOf = Branches(value, at);
                break;
            case "not":
                node.Not = Compile(value, at);
                break;
            default:
                throw Unsupported(at, "this keyword is not supported");
        }
    }

    /// <summary>References within the document only, by pointer.</summary>
    private SchemaNode Resolve(string reference, string at)
    {
        if (reference != "#" && !reference.StartsWith("#/", StringComparison.Ordinal)) throw Unsupported(at, $"the reference '{reference}' does not point into this schema");
        var target = root;
        foreach (var step in reference.Split('/').Skip(1))
        {
            var name = JsonPointer.Unescape(Uri.UnescapeDataString(step));
            var found = target.ValueKind switch
            {
                JsonValueKind.Object => target.TryGetProperty(name, out target),
                JsonValueKind.Array => int.TryParse(name, out var index) && index >= 0 && index < target.GetArrayLength() && (target = target[index]).ValueKind != JsonValueKind.Undefined,
                _ => false,
            };
            if (!found) throw Unsupported(at, $"the reference '{reference}' points to nothing");
        }

        return Compile(target, reference);
    }

    private SchemaNode[] Branches(JsonElement value, string at)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0) throw Unsupported(at, "must be an array of schemas");
        var index = 0;
        return [.. value.EnumerateArray().Select(branch => Compile(branch, $"{at}/{index++}"))];
    }

    /// <summary>
    /// Patterns are ECMA-262's. .NET's ECMAScript mode has its \d and \w; its <c>$</c> alone differs, which also
    /// matches before a last line break.
    /// </summary>
    private static Regex Pattern(string pattern, string at)
    {
        try
        {
            return new Regex(EndsAtEnd(pattern), RegexOptions.ECMAScript | RegexOptions.CultureInvariant, PatternTimeout);
        }
        catch (ArgumentException)
        {
            throw Unsupported(at, $"the pattern '{pattern}' is not supported");
        }
    }

    private static string EndsAtEnd(string pattern)
    {
        var result = new System.Text.StringBuilder(pattern.Length);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                result.Append(c).Append(pattern[++i]);
                continue;
            }

            if (c == '[') inClass = true;
            if (c == ']') inClass = false;
            result.Append(c == '$' && !inClass ? "(?!\\n)$" : c.ToString());
        }

        return result.ToString();
    }

    private static JsonElement[] Both(JsonElement[]? before, JsonElement[] now)
        => before is null ? now : [.. before.Where(b => now.Any(n => JsonElement.DeepEquals(b, n)))];

    private static JsonElement.ObjectEnumerator Members(JsonElement value, string at)
        => value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : throw Unsupported(at, "must be an object");

    private static JsonTypes Type(JsonElement value, string at) => Text(value, at) switch
    {
        "null" => JsonTypes.Null,
        "boolean" => JsonTypes.Boolean,
        "string" => JsonTypes.String,
        "number" => JsonTypes.Number,
        "integer" => JsonTypes.Integer,
        "array" => JsonTypes.Array,
        "object" => JsonTypes.Object,
        var other => throw Unsupported(at, $"'{other}' is no type"),
    };

    private static string Text(JsonElement value, string at)
        => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Unsupported(at, "must be a string");

    private static int Size(JsonElement value, string at)
        => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var size) && size is >= 0 and <= int.MaxValue && decimal.Truncate(size) == size
            ? (int)size
            : throw Unsupported(at, "must be a whole number of at least 0");

    private static decimal Number(JsonElement value, string at)
        => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : throw Unsupported(at, "must be a number that a decimal can hold");

    private static NotSupportedException Unsupported(string at, string why) => new($"JSON schema, {at}: {why}.");
}
