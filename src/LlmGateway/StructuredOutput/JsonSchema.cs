using System.Text.Json;
using LlmGateway.StructuredOutput.Validation;

namespace LlmGateway;

/// <summary>
/// A JSON schema that values can be checked against: of 2020-12, draft 7 or draft 4. Read once, then immutable and free to
/// be used by many threads. Keywords that the draft does not know mean nothing, as the specification says; those it knows
/// must be well-formed, wherever they stand.
/// </summary>
public sealed class JsonSchema
{
    private readonly CompiledSchema _compiled;

    private JsonSchema(CompiledSchema compiled) => _compiled = compiled;

    /// <summary>The schema as it was written.</summary>
    public JsonElement Document => _compiled.Document;

    /// <summary>Reads a schema.</summary>
    /// <param name="json">The schema's JSON text.</param>
    /// <param name="options">How it is read; null for 2020-12 without registered documents.</param>
    /// <returns>The schema.</returns>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="JsonSchemaException">The schema cannot be used; the message names the place and the reason.</exception>
    public static JsonSchema Parse(string json, JsonSchemaOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = SchemaCompiler.MaxJsonDepth });
        return From(document.RootElement, options);
    }

    /// <summary>Reads a schema.</summary>
    /// <param name="document">The schema; copied.</param>
    /// <param name="options">How it is read; null for 2020-12 without registered documents.</param>
    /// <returns>The schema.</returns>
    /// <exception cref="JsonSchemaException">The schema cannot be used; the message names the place and the reason.</exception>
    public static JsonSchema From(JsonElement document, JsonSchemaOptions? options = null)
        => new(SchemaCompiler.Compile(document, options ?? JsonSchemaOptions.Default));

    /// <summary>Checks a value.</summary>
    /// <param name="instance">The value. Every member of a repeated name is checked.</param>
    /// <returns>
    /// All that is wrong with it; empty where it satisfies the schema. The place of the rule is a pointer into
    /// <see cref="Document"/> to the keyword where it stands, however it was reached; for a rule in a registered document,
    /// to the reference that leads there.
    /// </returns>
    public IReadOnlyList<ValidationError> Validate(JsonElement instance) => SchemaCheck.Validate(_compiled, SchemaCheck.TextOf(instance), isRead: true);

    /// <summary>Checks a value.</summary>
    /// <param name="utf8Json">The value as JSON in UTF-8. Every member of a repeated name is checked.</param>
    /// <returns>As of <see cref="Validate(JsonElement)"/>.</returns>
    /// <exception cref="JsonException">The bytes are not JSON, or not UTF-8.</exception>
    public IReadOnlyList<ValidationError> Validate(ReadOnlySpan<byte> utf8Json) => SchemaCheck.Validate(_compiled, utf8Json, isRead: false);

    /// <summary>Whether a value satisfies the schema; quicker than <see cref="Validate(JsonElement)"/>, and of the same verdict.</summary>
    /// <param name="instance">The value.</param>
    /// <returns>Whether it does; false also where it cannot be checked within the limits.</returns>
    public bool IsValid(JsonElement instance) => SchemaCheck.IsValid(_compiled, SchemaCheck.TextOf(instance), isRead: true);

    /// <summary>Whether a value satisfies the schema; quicker than <see cref="Validate(ReadOnlySpan{byte})"/>, and of the same verdict.</summary>
    /// <param name="utf8Json">The value as JSON in UTF-8.</param>
    /// <returns>Whether it does; false also where it cannot be checked within the limits.</returns>
    /// <exception cref="JsonException">The bytes are not JSON, or not UTF-8.</exception>
    public bool IsValid(ReadOnlySpan<byte> utf8Json) => SchemaCheck.IsValid(_compiled, utf8Json, isRead: false);
}
