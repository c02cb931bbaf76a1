using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using LlmGateway.Dialects.Schemas;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>
/// What <c>output_config.format</c> and strict tools accept. Source:
/// https://platform.claude.com/docs/en/build-with-claude/structured-outputs, "JSON Schema limitations" and "Schema complexity
/// limits". Simple patterns are taken as well, but which are simple is not defined, and a wrong guess is an error.
/// </summary>
internal static class AnthropicSchema
{
    private static readonly ConditionalWeakTable<OutputSchema, byte[]> Written = [];

    public static SchemaRules Rules { get; } = new()
    {
        Keywords = ["enum", "const", "default", "title", "format", "minItems"],
        Applicators = ["allOf"],
        Formats = ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"],
        Values = [JsonValueKind.String, JsonValueKind.Number, JsonValueKind.True, JsonValueKind.False, JsonValueKind.Null],
        MaxMinItems = 1,
        ClosedObjects = true,
        AnyValues = false,
        LoneReferences = true,
        Recursion = SchemaRecursion.Nowhere,
        Limits = new SchemaLimits { OptionalMembers = 24, Unions = 16 },
    };

    /// <summary>Writes the schema of an answer, which is the same from call to call and is turned once.</summary>
    public static void Write(Utf8JsonWriter json, OutputSchema output) => json.WriteRawValue(Written.GetValue(output, Turn), skipInputValidation: true);

    /// <summary>A schema that cannot be said goes as it is: the vendor says what is wrong with it.</summary>
    private static byte[] Turn(OutputSchema output)
    {
        var fit = SchemaSanitizer.Fit(output.Schema, Rules);
        return Encoding.UTF8.GetBytes((fit.Refusal is null ? fit.Schema : output.Schema).GetRawText());
    }
}
