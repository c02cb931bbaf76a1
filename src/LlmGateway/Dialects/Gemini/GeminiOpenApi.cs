using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.Gemini;

/// <summary>
/// Turns the older schema form, a subset of OpenAPI 3.0 (https://ai.google.dev/api/caching#Schema), into JSON Schema:
/// types in lower case, <c>nullable</c> as a type, and the vendor's own <c>propertyOrdering</c> left out.
/// </summary>
internal static class GeminiOpenApi
{
    public static JsonElement ToJsonSchema(JsonElement schema)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWrite.Options)) Write(json, schema);
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter json, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            schema.WriteTo(json);
            return;
        }

        var isNullable = schema.Flag("nullable"u8) == true;
        json.WriteStartObject();
        foreach (var member in schema.EnumerateObject())
        {
            switch (member.Name)
            {
                case "type" when member.Value.ValueKind == JsonValueKind.String:
                    WriteType(json, member.Value.GetString()!.ToLowerInvariant(), isNullable);
                    break;
                case "nullable" or "propertyOrdering" or "property_ordering":
                    break;
                case "properties" when member.Value.ValueKind == JsonValueKind.Object:
                    json.WriteStartObject("properties"u8);
                    foreach (var property in member.Value.EnumerateObject())
                    {
                        json.WritePropertyName(property.Name);
                        Write(json, property.Value);
                    }

                    json.WriteEndObject();
                    break;
                case "items" or "additionalProperties":
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value);
                    break;
                case "anyOf" or "any_of" when member.Value.ValueKind == JsonValueKind.Array:
                    json.WriteStartArray("anyOf"u8);
                    foreach (var branch in member.Value.EnumerateArray()) Write(json, branch);
                    json.WriteEndArray();
                    break;
                case "minItems" or "maxItems" or "minLength" or "maxLength" or "minProperties" or "maxProperties" when member.Value.ValueKind == JsonValueKind.String && long.TryParse(member.Value.GetString(), out var count):
                    json.WriteNumber(member.Name, count); // Protocol buffers write 64-bit numbers as strings.
                    break;
                default:
                    json.WritePropertyName(member.Name);
                    member.Value.WriteTo(json);
                    break;
            }
        }

        json.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter json, string type, bool isNullable)
    {
        if (!isNullable)
        {
            json.WriteString("type"u8, type);
            return;
        }

        json.WriteStartArray("type"u8);
        json.WriteStringValue(type);
        json.WriteStringValue("null"u8);
        json.WriteEndArray();
    }
}
