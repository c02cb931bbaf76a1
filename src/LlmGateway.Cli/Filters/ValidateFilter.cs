using System.Text.Json;

namespace LlmGateway.Cli.Filters;

/// <summary><c>validate --jsonl</c>: a schema and an instance in, the verdict and the errors out.</summary>
internal sealed class ValidateFilter(JsonSchemaOptions options)
{
    /// <summary>Far from the end of the stack, and far deeper than what models write; the validator's own limit comes before it.</summary>
    public static readonly JsonDocumentOptions Lines = new() { AllowDuplicateProperties = false, MaxDepth = 1200 };

    private readonly LineSchemas _schemas = new(options);

    /// <exception cref="FilterException">The line has no schema or no instance, or the schema cannot be used.</exception>
    public void Convert(JsonElement line, Utf8JsonWriter json)
    {
        if (!line.TryGetProperty("schema", out var written)) throw new FilterException("invalid_request", "\"schema\" is missing.");
        if (!line.TryGetProperty("instance", out var instance)) throw new FilterException("invalid_request", "\"instance\" is missing.");
        var errors = _schemas.Read(written).Validate(instance);
        json.WriteBoolean("valid", errors.Count == 0);
        ErrorJson.Write(json, errors, whereNoRule: "");
    }
}
