using System.Text.Json;
using LlmGateway.Dialects.Schemas;

namespace LlmGateway.Dialects.Gemini;

/// <summary>
/// Writes a schema into responseJsonSchema, which takes a part of JSON Schema as it is, where the older responseSchema takes
/// a subset of OpenAPI's. Keywords beyond the documented ones are ignored by the vendor, not refused, so that a request that
/// came with them goes on with them; a schema of the client's own is turned by the rules before.
/// Source: https://ai.google.dev/api/generate-content#GenerationConfig, on _responseJsonSchema.
/// </summary>
internal static class GeminiSchema
{
    public static SchemaRules Rules { get; } = new()
    {
        Keywords = ["format", "title", "enum", "minItems", "maxItems", "minimum", "maximum", "propertyOrdering"],
        Applicators = ["prefixItems", "oneOf"],
        Values = [JsonValueKind.String, JsonValueKind.Number],
        Typed = true,
        LoneReferences = true,
        Recursion = SchemaRecursion.BelowOptional,
    };

    public static void Write(Utf8JsonWriter json, OutputSchema output) => output.Schema.WriteTo(json);
}
