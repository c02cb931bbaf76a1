using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LlmGateway.Cli.Filters;

/// <summary><c>validate --jsonl</c>: a schema and an instance in, the verdict and the errors out.</summary>
internal sealed class ValidateFilter(JsonSchemaOptions options)
{
    /// <summary>Far from the end of the stack, and far deeper than what models write; the validator's own limit comes before it.</summary>
    public static readonly JsonDocumentOptions Lines = new() { AllowDuplicateProperties = false, MaxDepth = 1200 };

    private const int MaxKept = 256;

    /// <summary>Lines come with the same schema more often than not.</summary>
    private readonly Dictionary<string, JsonSchema> _schemas = new(StringComparer.Ordinal);

    /// <exception cref="FilterException">The line has no schema or no instance, or the schema cannot be used.</exception>
    public void Convert(JsonElement line, Utf8JsonWriter json)
    {
        if (!line.TryGetProperty("schema", out var written)) throw new FilterException("invalid_request", "\"schema\" is missing.");
        if (!line.TryGetProperty("instance", out var instance)) throw new FilterException("invalid_request", "\"instance\" is missing.");
        var errors = Read(written).Validate(instance);
        json.WriteBoolean("valid", errors.Count == 0);
        json.WriteStartArray("errors");
        foreach (var error in errors)
        {
            json.WriteStartObject();
            Write(json, "instance", error.Pointer);
            Write(json, "schema", error.SchemaPointer ?? "");
            Write(json, "message", error.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private JsonSchema Read(JsonElement written)
    {
        var text = Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(written));
        if (_schemas.TryGetValue(text, out var known)) return known;
        try
        {
            var schema = JsonSchema.From(written, options);
            if (_schemas.Count == MaxKept) _schemas.Clear();
            return _schemas[text] = schema;
        }
        catch (JsonSchemaException e)
        {
            throw new FilterException("invalid_schema", e.Message);
        }
    }

    /// <summary>Half of a surrogate pair, which a pattern that a message quotes may hold, can only be written as an escape.</summary>
    private static void Write(Utf8JsonWriter json, string name, string text)
    {
        if (!HasHalfPair(text))
        {
            json.WriteString(name, text);
            return;
        }

        var escaped = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is < ' ' or '"' or '\\' || char.IsSurrogate(c)) escaped.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else escaped.Append(c);
        }

        json.WritePropertyName(name);
        json.WriteRawValue(escaped.Append('"').ToString(), skipInputValidation: true);
    }

    private static bool HasHalfPair(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[++i])) return true;
        }

        return false;
    }
}
