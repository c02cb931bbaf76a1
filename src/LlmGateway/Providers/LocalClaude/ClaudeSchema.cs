using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Dialects.Schemas;

namespace LlmGateway.Providers.LocalClaude;

/// <summary>
/// The keywords that the CLI knows. It compiles the schema with Ajv in its strict mode, as draft 7 and without formats, and
/// where that fails it drops the schema without a word (tried with version 2.1.197: any <c>format</c> and any other
/// <c>$schema</c> is enough). Source of the keywords: https://ajv.js.org/json-schema.html.
/// </summary>
internal static class ClaudeSchema
{
    private static readonly ConditionalWeakTable<OutputSchema, string> Turned = [];

    public static SchemaRules Rules { get; } = new()
    {
        Keywords =
        [
            "enum", "const", "default", "title", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
            "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "examples",
        ],
        Applicators = ["patternProperties", "oneOf", "allOf", "not", "contains", "propertyNames"],
    };

    /// <exception cref="ProviderException">The schema cannot be said to the CLI, which would drop it without a word.</exception>
    public static string Of(OutputSchema output) => Turned.GetValue(output, static o => Of(o.Schema));

    /// <inheritdoc cref="Of(OutputSchema)"/>
    public static string Of(JsonElement schema)
    {
        var fit = SchemaSanitizer.Fit(schema, Rules);
        if (fit.Refusal is { } refusal) throw new ProviderException(LocalClaudeProvider.ProviderName, ProviderErrorKind.InvalidRequest, $"{LocalClaudeProvider.ProviderName} cannot send this request: the CLI's JSON schemas cannot say {refusal}. Change the schema there, or put it into the prompt.");
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, JsonWrite.Options)) fit.Schema.WriteTo(json);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
