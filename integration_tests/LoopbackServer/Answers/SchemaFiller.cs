using System.Text.Json;
using System.Text.Json.Nodes;

namespace LoopbackServer.Answers;

/// <summary>Puts a finding into the shape of a schema: each member by its name and type, an enum by the value that means the same.</summary>
internal static class SchemaFiller
{
    public static JsonNode Fill(JsonElement schema, Finding finding) => Fill(schema, "", finding);

    private static JsonNode Fill(JsonElement schema, string member, Finding finding)
    {
        if (schema.TryGetProperty("enum", out var choices)) return Choose(choices, finding.ValueFor(member));
        return TypeOf(schema) switch
        {
            "object" => new JsonObject(schema.GetProperty("properties").EnumerateObject().Select(p => KeyValuePair.Create(p.Name, (JsonNode?)Fill(p.Value, p.Name, finding)))),
            "array" => new JsonArray(Fill(schema.GetProperty("items"), member, finding)),
            "string" => JsonValue.Create(finding.ValueFor(member).ToString()),
            _ => finding.ValueFor(member).DeepClone(),
        };
    }

    private static string? TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type)) return null;
        return type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().First().GetString() : type.GetString();
    }

    /// <summary>Where no value means the same, the finding itself: an answer that does not fit must be seen.</summary>
    private static JsonNode Choose(JsonElement choices, JsonValue value)
    {
        foreach (var choice in choices.EnumerateArray())
        {
            if (choice.ValueKind == JsonValueKind.String && string.Equals(choice.GetString(), value.ToString(), StringComparison.OrdinalIgnoreCase)) return JsonValue.Create(choice.GetString())!;
        }

        return value.DeepClone();
    }
}
