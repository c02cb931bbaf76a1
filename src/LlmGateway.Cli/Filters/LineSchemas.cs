using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LlmGateway.Cli.Filters;

/// <summary>The schemas that lines hold, each read once: lines come with the same one more often than not.</summary>
internal sealed class LineSchemas(JsonSchemaOptions options)
{
    private const int MaxKept = 256;

    private readonly Dictionary<string, JsonSchema> _schemas = new(StringComparer.Ordinal);

    /// <exception cref="FilterException">The schema cannot be used.</exception>
    public JsonSchema Read(JsonElement written)
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
}
