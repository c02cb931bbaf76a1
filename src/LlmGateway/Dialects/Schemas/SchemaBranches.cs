using System.Text.Json.Nodes;

namespace LlmGateway.Dialects.Schemas;

/// <summary>Whether no value can satisfy two branches of a choice, so that "any of" and "exactly one of" say the same.</summary>
internal static class SchemaBranches
{
    public static bool AreDisjoint(JsonArray branches)
    {
        var types = branches.Select(branch => (branch as JsonObject)?["type"] is JsonValue type && type.TryGetValue<string>(out var name) ? name : null).ToList();
        var isNumeric = types.Contains("integer") && types.Contains("number");
        if (!types.Contains(null) && !isNumeric && types.Distinct().Count() == types.Count) return true;
        return branches.All(branch => branch is JsonObject) && Discriminates([.. branches.OfType<JsonObject>()]);
    }

    /// <summary>Whether a required member has another constant value in each branch.</summary>
    private static bool Discriminates(List<JsonObject> branches)
    {
        if (branches[0]["properties"] is not JsonObject first) return false;
        return first.Any(member => branches.All(branch => ValueOf(branch, member.Key) is not null)
            && branches.Select(branch => ValueOf(branch, member.Key)!.ToJsonString()).Distinct().Count() == branches.Count);
    }

    private static JsonNode? ValueOf(JsonObject branch, string member)
        => branch["required"] is JsonArray required && required.Any(name => name?.GetValue<string>() == member) ? (branch["properties"]?[member] as JsonObject)?["const"] : null;
}
