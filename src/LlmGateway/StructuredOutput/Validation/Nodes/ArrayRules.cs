namespace LlmGateway.StructuredOutput.Validation;

/// <summary>What a schema says of arrays.</summary>
internal sealed class ArrayRules
{
    public long MinItems { get; set; }

    public long MaxItems { get; set; } = long.MaxValue;

    public bool UniqueItems { get; set; }

    /// <summary>One for each of the first items.</summary>
    public SchemaNode[] Prefix { get; set; } = [];

    /// <summary>For all items after those.</summary>
    public SchemaNode? Rest { get; set; }

    public SchemaNode? Contains { get; set; }

    public long MinContains { get; set; } = 1;

    public long MaxContains { get; set; } = long.MaxValue;
}
