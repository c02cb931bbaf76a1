namespace LlmGateway;

/// <summary>How a schema is read, and how much a hostile one may cost.</summary>
public sealed record JsonSchemaOptions
{
    internal static JsonSchemaOptions Default { get; } = new();

    /// <summary>The draft of a schema that does not say it: its own <c>$schema</c> wins.</summary>
    public JsonSchemaDraft DefaultDraft { get; init; }

    /// <summary>Whether <c>format</c> is a rule, not only a remark. A format that is not one of the drafts' is no rule in any case.</summary>
    public bool AssertFormat { get; init; }

    /// <summary>The documents that references may lead to. Nothing is fetched.</summary>
    public JsonSchemaDocuments Documents { get; init; } = JsonSchemaDocuments.Empty;

    /// <summary>The longest schema in bytes of UTF-8; each registered document is measured for itself. 1 MiB by default.</summary>
    public int MaxSchemaBytes { get; init; } = 1024 * 1024;

    /// <summary>How deep schemas may stand in each other, and how many references may follow each other at one value. 256 by default.</summary>
    public int MaxSchemaDepth { get; init; } = 256;

    /// <summary>How deep the values of an instance may stand in each other. 512 by default.</summary>
    public int MaxInstanceDepth { get; init; } = 512;

    /// <summary>How many rules may be held against the values of one instance; each name, pattern and alternative that is tried counts. 10 million by default.</summary>
    public int MaxSteps { get; init; } = 10_000_000;

    /// <summary>How long the patterns may take for one instance, all together; where a pattern needs backtracking, also one match. 250 ms by default.</summary>
    public TimeSpan MaxPatternTime { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How many errors are reported; one more says that there are others. 1000 by default.</summary>
    public int MaxErrors { get; init; } = 1000;
}
