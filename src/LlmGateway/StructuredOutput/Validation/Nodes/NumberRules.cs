namespace LlmGateway.StructuredOutput.Validation;

/// <summary>What a schema says of numbers.</summary>
internal sealed class NumberRules
{
    public SchemaNumber? Minimum { get; set; }

    public SchemaNumber? Maximum { get; set; }

    public SchemaNumber? ExclusiveMinimum { get; set; }

    public SchemaNumber? ExclusiveMaximum { get; set; }

    public SchemaNumber? MultipleOf { get; set; }
}
