using System.Text.Json;

namespace LlmGateway.Dialects.Gemini;

/// <summary>
/// Writes a schema into responseJsonSchema or parametersJsonSchema, which take JSON Schema as it is, where the older
/// responseSchema takes a subset of OpenAPI's. Keywords beyond the documented ones are ignored by the vendor, not
/// refused: https://ai.google.dev/api/generate-content#GenerationConfig. The client checks the answer against the full schema.
/// </summary>
internal static class GeminiSchema
{
    public static void Write(Utf8JsonWriter json, OutputSchema output) => output.Schema.WriteTo(json);
}
