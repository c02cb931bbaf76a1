using System.Text.Json;
using LlmGateway.StructuredOutput.Extraction;

namespace LlmGateway.Cli.Filters;

/// <summary><c>repair --jsonl</c>: what a model said in, the value in it out, with what was mended and what was changed.</summary>
internal sealed class RepairFilter(Coercion coercion)
{
    private readonly LineSchemas _schemas = new(new JsonSchemaOptions());

    /// <exception cref="FilterException">The line holds no text, or its schema cannot be used.</exception>
    public void Convert(JsonElement line, Utf8JsonWriter json)
    {
        var text = WireLine.Required(line, "text");
        using var reading = AnswerReader.Read(text, Schema(line), coercion);
        json.WriteBoolean("ok", reading.IsValid);
        json.WritePropertyName("value");
        if (reading.IsValid) reading.Document!.RootElement.WriteTo(json); // Numbers keep their exact text.
        else json.WriteNullValue();
        json.WriteStartArray("repairs");
        foreach (var repair in reading.Repairs)
        {
            json.WriteStartObject();
            json.WriteString("kind", repair.Kind);
            json.WriteNumber("offset", repair.Offset);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("coercions");
        foreach (var applied in reading.Coercions)
        {
            json.WriteStartObject();
            json.WriteString("kind", applied.Kind);
            json.WriteString("pointer", applied.Pointer);
            WriteJson(json, "from", applied.From);
            WriteJson(json, "to", applied.To);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        ErrorJson.Write(json, reading.Errors, whereNoRule: null);
    }

    /// <summary>Parsed and written again, so that a line stays one line.</summary>
    private static void WriteJson(Utf8JsonWriter json, string name, string value)
    {
        json.WritePropertyName(name);
        using var document = JsonDocument.Parse(value, new JsonDocumentOptions { MaxDepth = 512 });
        document.RootElement.WriteTo(json);
    }

    private JsonSchema? Schema(JsonElement line)
        => line.TryGetProperty("schema", out var schema) && schema.ValueKind != JsonValueKind.Null ? _schemas.Read(schema) : null;
}
