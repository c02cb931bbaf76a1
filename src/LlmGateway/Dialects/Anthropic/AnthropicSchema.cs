using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>
/// Writes a schema with the keywords that <c>output_config.format</c> accepts, and moves the others into the
/// description, where the model still reads them; the client checks the answer against the full schema.
/// Source: https://platform.claude.com/docs/en/build-with-claude/structured-outputs, "JSON Schema limitations".
/// </summary>
internal static class AnthropicSchema
{
    private static readonly HashSet<string> Formats =
        ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"];

    private static readonly ConditionalWeakTable<OutputSchema, byte[]> Written = [];

    /// <summary>Writes the schema of an answer, which is the same from call to call and is turned once.</summary>
    public static void Write(Utf8JsonWriter json, OutputSchema output) => json.WriteRawValue(Written.GetValue(output, Turn), skipInputValidation: true);

    private static byte[] Turn(OutputSchema output)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) Write(json, output.Schema);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            // A bare true, which allows everything, has no other form here.
            json.WriteStartObject();
            json.WriteEndObject();
            return;
        }

        List<string>? moved = null;
        string? description = null;
        json.WriteStartObject();
        foreach (var member in schema.EnumerateObject())
        {
            switch (member.Name)
            {
                case "description":
                    description = member.Value.GetString();
                    break;
                case "type" or "enum" or "const" or "required" or "default" or "$ref" or "title":
                    member.WriteTo(json);
                    break;
                case "additionalProperties" when member.Value.ValueKind == JsonValueKind.False:
                    break;
                case "properties" or "$defs":
                    json.WriteStartObject(member.Name);
                    foreach (var property in member.Value.EnumerateObject())
                    {
                        json.WritePropertyName(property.Name);
                        Write(json, property.Value);
                    }

                    json.WriteEndObject();
                    break;
                case "anyOf" or "oneOf" or "allOf":
                    json.WriteStartArray(member.Name == "oneOf" ? "anyOf" : member.Name);
                    foreach (var branch in member.Value.EnumerateArray()) Write(json, branch);
                    json.WriteEndArray();
                    break;
                case "items" when member.Value.ValueKind == JsonValueKind.Object:
                    json.WritePropertyName("items"u8);
                    Write(json, member.Value);
                    break;
                case "format" when Formats.Contains(member.Value.GetString() ?? ""):
                case "minItems" when member.Value.TryGetInt32(out var least) && least is 0 or 1:
                    member.WriteTo(json);
                    break;
                case "$schema" or "$id" or "$comment":
                    break;
                default:
                    (moved ??= []).Add($"{member.Name}: {member.Value.GetRawText()}");
                    break;
            }
        }

        if (AllowsObject(schema)) json.WriteBoolean("additionalProperties"u8, false);
        if (moved is not null) description = (description is null ? "" : description + " ") + $"({string.Join(", ", moved)})";
        if (description is not null) json.WriteString("description"u8, description);
        json.WriteEndObject();
    }

    private static bool AllowsObject(JsonElement schema)
    {
        if (schema.TryGetProperty("properties", out _)) return true;
        if (!schema.TryGetProperty("type", out var type)) return false;
        return type.ValueKind == JsonValueKind.String
            ? type.ValueEquals("object"u8)
            : type.ValueKind == JsonValueKind.Array && type.EnumerateArray().Any(t => t.ValueKind == JsonValueKind.String && t.ValueEquals("object"u8));
    }
}
