using System.Runtime.CompilerServices;
using System.Text.Json;

namespace LlmGateway.StructuredOutput;

/// <summary>The contract of a schema without a .NET type.</summary>
internal sealed class SchemaContract : OutputContract<JsonElement>
{
    private static readonly ConditionalWeakTable<JsonSchema, SchemaContract> BySchema = [];

    private SchemaContract(JsonSchema schema)
        : base("answer", schema.Document)
    {
        Checks = IsWrapped ? JsonSchema.From(Schema) : schema;
        InnerChecks = IsWrapped ? schema : null;
    }

    public override Type? Type => null;

    public static SchemaContract Of(JsonSchema schema) => BySchema.GetValue(schema, static one => new SchemaContract(one));

    protected override JsonSchema Checks { get; }

    protected override JsonSchema? InnerChecks { get; }

    /// <summary>There is nothing to gain: the answer is the parsed document.</summary>
    protected override bool TryReadDirectly(string text, out JsonElement value)
    {
        value = default;
        return false;
    }

    protected override Reading<JsonElement> Read(JsonElement answer, bool isWrapped)
        => Reading<JsonElement>.Valid((isWrapped ? answer.GetProperty(WrapperMember) : answer).Clone());
}
