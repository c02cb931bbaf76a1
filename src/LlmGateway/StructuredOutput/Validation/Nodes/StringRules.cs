namespace LlmGateway.StructuredOutput.Validation;

/// <summary>What a schema says of strings. Lengths are in code points.</summary>
internal sealed class StringRules
{
    public long MinLength { get; set; }

    public long MaxLength { get; set; } = long.MaxValue;

    public SchemaPattern? Pattern { get; set; }

    /// <summary>Null where the format is no rule.</summary>
    public StringFormat? Format { get; set; }
}
