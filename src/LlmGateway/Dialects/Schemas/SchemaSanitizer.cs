using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGateway.Dialects.Schemas;

/// <summary>
/// Turns a full schema into what a vendor takes, by the vendor's rules. What has no keyword there is said in words, in the
/// description of its place; what would change the shape of the answer cannot be said, and the whole is refused. A schema
/// that keeps the rules is not changed.
/// </summary>
internal sealed class SchemaSanitizer
{
    private readonly SchemaRules _rules;
    private readonly JsonObject _root;
    private readonly List<string> _notes = [];
    private bool _hasNullsForAbsent;

    private SchemaSanitizer(SchemaRules rules, JsonObject root)
    {
        _rules = rules;
        _root = root;
    }

    public static SchemaFit Fit(JsonElement schema, SchemaRules rules)
    {
        try
        {
            if (schema.ValueKind != JsonValueKind.Object || JsonNode.Parse(schema.GetRawText()) is not JsonObject root) return new SchemaFit { Refusal = "a schema that is no object" };
            if (rules.ObjectRoot && (!SchemaTypes.Is(root, "object") || root.ContainsKey("anyOf"))) return new SchemaFit { Refusal = "an answer that is not plainly an object" };
            if (SchemaReferences.Name(root) is { } dangling) return new SchemaFit { Refusal = dangling };
            if (SchemaCycles.Refusal(root, rules.Recursion) is { } cycle) return new SchemaFit { Refusal = cycle };
            var sanitizer = new SchemaSanitizer(rules, root);
            var turned = sanitizer.Turn(root, "");
            if (SchemaSize.Refusal(turned, rules.Limits) is { } size) return new SchemaFit { Refusal = size };
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer, JsonWrite.Options)) turned.WriteTo(json);
            return new SchemaFit { Schema = JsonElement.Parse(buffer.WrittenSpan), Notes = sanitizer._notes, HasNullsForAbsent = sanitizer._hasNullsForAbsent };
        }
        catch (CannotSayException e)
        {
            return new SchemaFit { Refusal = e.Message };
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or JsonException)
        {
            return new SchemaFit { Refusal = "a keyword that is there twice, has a value of the wrong type, or is nested too deeply" };
        }
    }

    private JsonObject Turn(JsonNode? node, string at)
    {
        if (_rules.AnyValues && node is JsonValue open && open.GetValueKind() == JsonValueKind.True) return [];
        if (node is not JsonObject schema) throw CannotSay(at, node is JsonValue any && any.GetValueKind() == JsonValueKind.True ? "a value of any type" : "a value that nothing satisfies");
        schema = SchemaMerge.OfAll(schema, _rules.Applicators.Contains("allOf")) ?? throw CannotSay(at, "allOf");
        if (!_rules.AnyValues && !HasShape(schema)) throw CannotSay(at, "a value of any type");

        var result = new JsonObject();
        var words = new List<string>();
        foreach (var (keyword, value) in schema)
        {
            if (!TurnApplicator(result, words, schema, keyword, value, at)) TurnPlain(result, words, keyword, value);
        }

        if (_rules.Typed) AddType(result);
        Close(result, schema, at);
        if (_rules.AllRequired) RequireAll(result, schema, at);
        if (words.Count > 0)
        {
            var before = result["description"]?.GetValue<string>();
            result["description"] = $"{(before is null ? "" : before + " ")}({string.Join(", ", words)})";
            _notes.Add($"{Place(at)}: in words: {string.Join(", ", words)}");
        }

        return Alone(result);
    }

    /// <summary>Turns a keyword that holds schemas.</summary>
    private bool TurnApplicator(JsonObject result, List<string> words, JsonObject schema, string keyword, JsonNode? value, string at)
    {
        switch (keyword)
        {
            case "properties" or "$defs" when value is JsonObject members:
                result[keyword] = TurnEach(members, $"{at}/{keyword}");
                return true;
            case "patternProperties" when value is JsonObject:
                if (_rules.ClosedObjects) throw CannotSay(at, "members of any name (patternProperties)");
                if (_rules.Applicators.Contains(keyword)) result[keyword] = TurnEach((JsonObject)value, $"{at}/{keyword}");
                else words.Add(SchemaPhrases.Of(keyword, value));
                return true;
            case "additionalProperties" when _rules.ClosedObjects:
                if (value is not JsonValue closed || closed.GetValueKind() != JsonValueKind.False) throw CannotSay(at, "members of any name (additionalProperties)");
                result[keyword] = false;
                return true;
            case "additionalProperties":
                result[keyword] = value is JsonObject ? Turn(value, $"{at}/{keyword}") : value?.DeepClone();
                return true;
            case "items" when value is JsonArray tuple:
                TurnTuple(result, words, tuple, at);
                return true;
            case "items" when !schema.ContainsKey("prefixItems"):
                result[keyword] = Turn(value, $"{at}/{keyword}");
                return true;
            case "items" when _rules.Applicators.Contains("prefixItems"):
                result[keyword] = value is JsonObject ? Turn(value, $"{at}/{keyword}") : value?.DeepClone();
                return true;
            case "items":
                return true; // What follows a tuple; the tuple's words say it.
            case "prefixItems" when value is JsonArray tuple:
                TurnTuple(result, words, tuple, at);
                return true;
            case "anyOf" when value is JsonArray branches:
                result[keyword] = TurnBranches(branches, $"{at}/{keyword}");
                return true;
            case "oneOf" when value is JsonArray branches && !_rules.Applicators.Contains(keyword):
                if (schema.ContainsKey("anyOf")) throw CannotSay(at, "oneOf beside anyOf");
                result["anyOf"] = TurnBranches(branches, $"{at}/{keyword}");
                if (!SchemaBranches.AreDisjoint(branches)) words.Add(SchemaPhrases.Of(keyword, value));
                return true;
            case "oneOf" or "allOf" when value is JsonArray branches:
                if (keyword == "allOf" && _rules.Typed) throw CannotSay(at, keyword);
                result[keyword] = TurnBranches(branches, $"{at}/{keyword}");
                return true;
            case "not" or "contains" or "propertyNames" or "if" or "then" or "else" when _rules.Applicators.Contains(keyword):
                result[keyword] = value is JsonObject ? Turn(value, $"{at}/{keyword}") : value?.DeepClone();
                return true;
            default:
                return false;
        }
    }

    private void TurnPlain(JsonObject result, List<string> words, string keyword, JsonNode? value)
    {
        switch (keyword)
        {
            case "$schema" or "$id" or "$comment" or "$anchor" or "deprecated" or "readOnly" or "writeOnly" or "definitions" when !_rules.Keywords.Contains(keyword):
                break; // Nothing that an answer could violate.
            case "description" or "type" or "required" or "$ref":
                result[keyword] = value?.DeepClone();
                break;
            case "enum" when value is JsonArray values:
                TurnEnum(result, words, values);
                break;
            case "const" when !_rules.Keywords.Contains(keyword):
                TurnEnum(result, words, [value?.DeepClone()]);
                break;
            case "const" when !_rules.Values.Contains(KindOf(value)):
                words.Add(SchemaPhrases.Of(keyword, value));
                break;
            case "format" when _rules.Formats is { } formats && !(value is JsonValue text && formats.Contains(text.GetValue<string>())):
                words.Add(SchemaPhrases.Of(keyword, value));
                break;
            case "pattern" when _rules.PlainPatterns && value is JsonValue pattern && !IsPlain(pattern.GetValue<string>()):
                words.Add(SchemaPhrases.Of(keyword, value));
                break;
            case "minItems" when value is JsonValue count && !(count.TryGetValue<int>(out var least) && least <= _rules.MaxMinItems):
                words.Add(SchemaPhrases.Of(keyword, value));
                break;
            case "minItems" or "uniqueItems" when value is JsonValue nothing && nothing.ToJsonString() is "0" or "false" && !_rules.Keywords.Contains(keyword):
                break;
            default:
                if (_rules.Keywords.Contains(keyword)) result[keyword] = value?.DeepClone();
                else words.Add(SchemaPhrases.Of(keyword, value));
                break;
        }
    }

    private JsonObject TurnEach(JsonObject members, string at)
    {
        var result = new JsonObject();
        foreach (var (name, member) in members) result[name] = Turn(member, $"{at}/{Escape(name)}");
        return result;
    }

    private JsonArray TurnBranches(JsonArray branches, string at)
    {
        var result = new JsonArray();
        for (var i = 0; i < branches.Count; i++)
        {
            // A branch of conditions alone, such as a choice of which members are required, is no shape of its own.
            if (_rules.Typed && branches[i] is JsonObject branch && !HasShape(branch)) throw CannotSay($"{at}/{i}", "a choice between conditions");
            result.Add((JsonNode)Turn(branches[i], $"{at}/{i}"));
        }

        return result;
    }

    /// <summary>Where places of a list cannot be told apart, each may hold what any of them may, and words say which.</summary>
    private void TurnTuple(JsonObject result, List<string> words, JsonArray tuple, string at)
    {
        var places = TurnBranches(tuple, $"{at}/prefixItems");
        if (_rules.Applicators.Contains("prefixItems"))
        {
            result["prefixItems"] = places;
            return;
        }

        var different = new List<JsonNode>();
        foreach (var place in places.OfType<JsonNode>().Where(place => !different.Any(d => JsonNode.DeepEquals(d, place)))) different.Add(place.DeepClone());
        if (different.Count > 0) result["items"] = different.Count == 1 ? different[0] : new JsonObject { ["anyOf"] = new JsonArray([.. different]) };
        words.Add(SchemaPhrases.Of("prefixItems", tuple));
    }

    private void TurnEnum(JsonObject result, List<string> words, JsonArray values)
    {
        if (values.All(value => _rules.Values.Contains(KindOf(value))))
        {
            result["enum"] = values.DeepClone();
            return;
        }

        var type = SchemaTypes.Of(values);
        var said = values.Where(value => value is not null).ToList();
        if (said.Count > 0 && said.Count < values.Count && said.All(value => _rules.Values.Contains(KindOf(value))))
        {
            // A null among the values stands beside them, as a type.
            var others = new JsonArray([.. said.Select(value => value!.DeepClone())]);
            var choice = new JsonObject { ["enum"] = others };
            if (SchemaTypes.Of(others) is { } own) choice.Insert(0, "type", own);
            result["anyOf"] = new JsonArray(choice, new JsonObject { ["type"] = "null" });
            return;
        }

        if (type is not null && !result.ContainsKey("type")) result["type"] = type;
        if (said.Count > 0) words.Add(values.Count == 1 ? SchemaPhrases.Of("const", values[0]) : SchemaPhrases.Of("enum", values));
    }

    private static void AddType(JsonObject result)
    {
        if (result["anyOf"] is JsonArray branches && result["type"] is not null && branches.All(branch => branch is JsonObject one && SchemaTypes.IsSelfSufficient(one)))
        {
            result.Remove("type"); // Each branch says its own.
            return;
        }

        if (result.ContainsKey("type") || result.ContainsKey("anyOf") || result.ContainsKey("oneOf") || result.ContainsKey("$ref")) return;
        var type = result["enum"] is JsonArray values ? SchemaTypes.Of(values)
            : result.ContainsKey("const") ? SchemaTypes.Of([result["const"]?.DeepClone()])
            : result.ContainsKey("properties") ? "object"
            : result.ContainsKey("items") || result.ContainsKey("prefixItems") ? "array"
            : null;
        if (type is not null) result.Insert(0, "type", type);
    }

    private void Close(JsonObject result, JsonObject schema, string at)
    {
        if (!_rules.ClosedObjects || !(SchemaTypes.Allows(result, "object") || result.ContainsKey("properties"))) return;
        var isClosed = schema["additionalProperties"] is JsonValue;
        if (!isClosed && !result.ContainsKey("properties")) throw CannotSay(at, "an object of any members");
        if (!isClosed) _notes.Add($"{Place(at)}: no members but its own");
        if (_rules.AllRequired && !result.ContainsKey("properties")) result["properties"] = new JsonObject();
        result["additionalProperties"] = false;
    }

    private void RequireAll(JsonObject result, JsonObject schema, string at)
    {
        if (result["properties"] is not JsonObject properties) return;
        var required = (result["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).ToHashSet();
        if (required.FirstOrDefault(name => !properties.ContainsKey(name)) is { } unknown) throw CannotSay(at, $"a required member '{unknown}' that it does not describe");
        foreach (var name in properties.Select(p => p.Key).ToList())
        {
            if (required.Contains(name)) continue;
            _notes.Add($"{Place($"{at}/properties/{Escape(name)}")}: required, with null for left out");
            if (SchemaNulls.Allows(schema["properties"]![name], _root)) continue;
            var nullable = SchemaNulls.Allow((JsonObject)properties[name]!);
            nullable["description"] = $"{(nullable["description"] is { } before ? before.GetValue<string>() + " " : "")}(null where it is left out)";
            properties[name] = nullable;
            _hasNullsForAbsent = true;
        }

        result["required"] = new JsonArray([.. properties.Select(p => (JsonNode)p.Key)]);
    }

    /// <summary>A reference with a description beside it becomes the only choice of that description's place.</summary>
    private JsonObject Alone(JsonObject result)
    {
        if (!_rules.LoneReferences || result.Count == 1 || result["$ref"] is not { } reference) return result;
        if (result.Count == 2 && result.ContainsKey("$defs")) return result;
        result.Remove("$ref");
        result.Remove("type");
        result.Insert(0, "anyOf", new JsonArray(new JsonObject { ["$ref"] = reference.DeepClone() }));
        return result;
    }

    /// <summary>No looking around, no references back, no names.</summary>
    private static bool IsPlain(string pattern)
    {
        for (var i = 0; i + 1 < pattern.Length; i++)
        {
            if (pattern[i] == '\\' && (pattern[++i] is (>= '1' and <= '9') or 'k' or 'b' or 'B')) return false;
            if (pattern[i] == '(' && pattern[i + 1] == '?' && (i + 2 == pattern.Length || pattern[i + 2] != ':')) return false;
        }

        return true;
    }

    private static bool HasShape(JsonObject schema)
        => schema.ContainsKey("type") || schema.ContainsKey("enum") || schema.ContainsKey("const") || schema.ContainsKey("$ref")
            || schema.ContainsKey("anyOf") || schema.ContainsKey("oneOf") || schema.ContainsKey("allOf")
            || schema.ContainsKey("properties") || schema.ContainsKey("items") || schema.ContainsKey("prefixItems");

    private static JsonValueKind KindOf(JsonNode? value) => value?.GetValueKind() ?? JsonValueKind.Null;

    private static string Place(string at) => at.Length == 0 ? "the answer" : at;

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static CannotSayException CannotSay(string at, string what) => new($"{Place(at)}: {what}");

    /// <summary>Ends the walk where something cannot be said; never leaves it.</summary>
    private sealed class CannotSayException(string message) : Exception(message);
}
