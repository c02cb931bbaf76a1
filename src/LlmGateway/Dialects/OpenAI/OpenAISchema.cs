using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGateway.Dialects.Schemas;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>
/// The rules of strict mode, which refuses what does not keep them: every property required, no others allowed, few keywords.
/// Source: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas.
/// </summary>
internal static class OpenAISchema
{
    /// <summary>The documented limits: https://platform.openai.com/docs/guides/structured-outputs#objects-have-limitations-on-nesting-depth-and-size.</summary>
    public static SchemaRules Rules { get; } = new()
    {
        Keywords = ["enum", "const", "title", "pattern", "format", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "minItems", "maxItems", "$schema", "$id"],
        Formats = ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"],
        Values = [JsonValueKind.String, JsonValueKind.Number, JsonValueKind.True, JsonValueKind.False, JsonValueKind.Null],
        ObjectRoot = true,
        ClosedObjects = true,
        AllRequired = true,
        Typed = true,
        AnyValues = false,
        PlainPatterns = true,
        LoneReferences = true,
        Limits = new SchemaLimits { Depth = 10, Members = 5000, EnumValues = 1000, LargeEnumLength = 15_000, TextLength = 120_000 },
    };

    private static readonly ConditionalWeakTable<OutputSchema, object> Answers = [];

    /// <summary>Whether the whole schema keeps the rules; found out once for each.</summary>
    public static bool IsStrict(OutputSchema output) => (bool)Answers.GetValue(output, static o => IsStrict(o.Schema));

    /// <summary>Whether a schema keeps the rules: turned by them, it is what it was.</summary>
    public static bool IsStrict(JsonElement schema)
        => SchemaSanitizer.Fit(schema, Rules) is { Refusal: null } fit && JsonNode.DeepEquals(JsonNode.Parse(schema.GetRawText()), JsonNode.Parse(fit.Schema.GetRawText()));
}
