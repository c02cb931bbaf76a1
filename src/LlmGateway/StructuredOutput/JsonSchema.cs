using System.Text.Json;
using LlmGateway.StructuredOutput;

namespace LlmGateway;

/// <summary>
/// A JSON schema that answers can be checked against. Immutable. It knows the keywords that models' answers commonly
/// need; one that it does not know is refused by name, since ignoring it would let wrong answers pass.
/// </summary>
public sealed class JsonSchema
{
    private readonly SchemaNode _root;

    private JsonSchema(JsonElement document, SchemaNode root)
    {
        Document = document;
        _root = root;
    }

    /// <summary>The schema as it was written.</summary>
    public JsonElement Document { get; }

    /// <summary>Reads a schema.</summary>
    /// <param name="json">The schema's JSON text.</param>
    /// <returns>The schema.</returns>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="NotSupportedException">The schema uses a keyword, or a form of one, that is not supported; the message names it and its place.</exception>
    public static JsonSchema Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var document = JsonDocument.Parse(json);
        return From(document.RootElement);
    }

    /// <summary>Reads a schema.</summary>
    /// <param name="document">The schema; copied.</param>
    /// <returns>The schema.</returns>
    /// <exception cref="NotSupportedException">The schema uses a keyword, or a form of one, that is not supported; the message names it and its place.</exception>
    public static JsonSchema From(JsonElement document)
    {
        var own = document.Clone();
        return new JsonSchema(own, new SchemaCompiler(own).Compile());
    }

    /// <summary>Whether a value satisfies the schema.</summary>
    /// <param name="utf8Json">The value's JSON text.</param>
    /// <returns>False also where it is not JSON.</returns>
    public bool IsValid(ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8Json.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Validate(document.RootElement).Count == 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Checks a value.</summary>
    /// <param name="instance">The value.</param>
    /// <returns>All that is wrong with it; empty where it satisfies the schema.</returns>
    public IReadOnlyList<ValidationError> Validate(JsonElement instance)
    {
        var walk = new SchemaWalk();
        try
        {
            _root.Validate(instance, walk);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair parses, and cannot be read.
            return [new(walk.Place.ToString(), "holds text that is not Unicode")];
        }

        return walk.IsExhausted ? [new("", "cannot be checked: it is nested too deeply, or the schema's alternatives are too many")] : walk.Errors;
    }
}
