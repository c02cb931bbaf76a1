using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using LlmGateway.Dialects.Anthropic;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>
/// The schema of an answer both ways, which stands in <c>outputConfig.textFormat</c> as a text:
/// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_JsonSchemaDefinition.html. Claude's models take the
/// same keywords here as in their own API: https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html.
/// </summary>
internal static class BedrockSchema
{
    private static readonly ConditionalWeakTable<OutputSchema, string> Turned = [];

    public static void Write(Utf8JsonWriter json, OutputSchema output, BedrockModel maker)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "json_schema"u8);
        json.WriteStartObject("structure"u8);
        json.WriteStartObject("jsonSchema"u8);
        json.WriteString("schema"u8, maker == BedrockModel.Claude ? Turned.GetValue(output, TextForClaude) : output.Schema.GetRawText());
        json.WriteString("name"u8, output.Name);
        if (output.Description is { } description) json.WriteString("description"u8, description);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Null where the format is not one that is understood whole.</summary>
    public static OutputSchema? Read(JsonElement? format)
    {
        if (format is not { } text || !BedrockBlockDecoder.HasOnly(text, "type", "structure") || text.Text("type"u8) != "json_schema") return null;
        if (text.Object("structure"u8) is not { } structure || !BedrockBlockDecoder.HasOnly(structure, "jsonSchema") || structure.Object("jsonSchema"u8) is not { } definition) return null;
        if (!BedrockBlockDecoder.HasOnly(definition, "schema", "name", "description") || definition.Text("schema"u8) is not { } schema) return null;
        try
        {
            using var document = JsonDocument.Parse(schema);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            return new OutputSchema(definition.Text("name"u8) ?? "answer", document.RootElement.Clone(), OutputMode.Native) { Description = definition.Text("description"u8) };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string TextForClaude(OutputSchema output)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWrite.Options)) AnthropicSchema.Write(json, output);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
