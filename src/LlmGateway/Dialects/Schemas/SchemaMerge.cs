using System.Text.Json.Nodes;

namespace LlmGateway.Dialects.Schemas;

/// <summary>Does away with <c>allOf</c> where its branches can simply stand together.</summary>
internal static class SchemaMerge
{
    /// <returns>The schema without <c>allOf</c>, or as it is where that is taken; null where the branches cannot be joined.</returns>
    public static JsonObject? OfAll(JsonObject schema, bool isTaken)
    {
        if (isTaken || schema["allOf"] is not JsonArray branches) return schema;
        var joined = (JsonObject)schema.DeepClone();
        joined.Remove("allOf");
        foreach (var branch in branches)
        {
            if (branch is not JsonObject one) return null;
            foreach (var (keyword, value) in one)
            {
                if (!TryJoin(joined, keyword, value)) return null;
            }
        }

        return joined;
    }

    private static bool TryJoin(JsonObject joined, string keyword, JsonNode? value)
    {
        switch (keyword)
        {
            case "properties" when value is JsonObject members && joined[keyword] is JsonObject known:
                foreach (var (name, member) in members)
                {
                    if (known.ContainsKey(name)) return false;
                    known[name] = member?.DeepClone();
                }

                return true;
            case "required" when value is JsonArray names && joined[keyword] is JsonArray known:
                foreach (var name in names.Where(name => !known.Any(k => JsonNode.DeepEquals(k, name)))) known.Add(name!.DeepClone());
                return true;
            case "description" when joined[keyword] is { } before:
                joined[keyword] = $"{before.GetValue<string>()} {value!.GetValue<string>()}";
                return true;
            case "additionalProperties" or "unevaluatedProperties" when joined.ContainsKey("properties"):
                return false; // It speaks of its own branch's members alone.
            default:
                if (joined.ContainsKey(keyword)) return JsonNode.DeepEquals(joined[keyword], value);
                joined[keyword] = value?.DeepClone();
                return true;
        }
    }
}
