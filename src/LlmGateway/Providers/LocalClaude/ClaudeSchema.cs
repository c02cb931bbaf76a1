using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmGateway.Providers.LocalClaude;

/// <summary>
/// Writes a schema with the keywords that the CLI knows, and moves the others into the description, where the model
/// still reads them; the client checks the answer against the full schema. The CLI compiles the schema with Ajv in its
/// strict mode, as draft 7 and without formats, and where that fails it drops the schema without a word (tried with
/// version 2.1.197: any <c>format</c> and any other <c>$schema</c> is enough).
/// Source of the keywords: https://ajv.js.org/json-schema.html.
/// </summary>
internal static class ClaudeSchema
{
    private static readonly HashSet<string> Plain =
    [
        "type", "enum", "const", "required", "default", "$ref", "title", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
        "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "examples",
    ];

    /// <summary>The text is an argument and no part of a page: nothing needs an escape that JSON does not ask for.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonElement schema)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Options)) Write(json, schema);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            schema.WriteTo(json);
            return;
        }

        List<string>? moved = null;
        string? description = null;
        json.WriteStartObject();
        foreach (var member in schema.EnumerateObject())
        {
            switch (member.Name)
            {
                case "description" when member.Value.ValueKind == JsonValueKind.String:
                    description = member.Value.GetString();
                    break;
                case "$schema" or "$id" or "$comment":
                    break;
                case var name when Plain.Contains(name):
                    member.WriteTo(json);
                    break;
                case "properties" or "patternProperties" or "$defs" or "definitions" when member.Value.ValueKind == JsonValueKind.Object:
                    json.WriteStartObject(member.Name);
                    foreach (var property in member.Value.EnumerateObject())
                    {
                        json.WritePropertyName(property.Name);
                        Write(json, property.Value);
                    }

                    json.WriteEndObject();
                    break;
                case "anyOf" or "oneOf" or "allOf" when member.Value.ValueKind == JsonValueKind.Array:
                    json.WriteStartArray(member.Name);
                    foreach (var branch in member.Value.EnumerateArray()) Write(json, branch);
                    json.WriteEndArray();
                    break;
                case "items" or "additionalProperties" or "not" or "contains" or "propertyNames" when member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False:
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value);
                    break;
                default:
                    (moved ??= []).Add($"{member.Name}: {member.Value.GetRawText()}");
                    break;
            }
        }

        if (moved is not null) description = (description is null ? "" : description + " ") + $"({string.Join(", ", moved)})";
        if (description is not null) json.WriteString("description"u8, description);
        json.WriteEndObject();
    }
}
