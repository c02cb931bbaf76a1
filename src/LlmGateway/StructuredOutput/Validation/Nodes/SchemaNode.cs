namespace LlmGateway.StructuredOutput.Validation;

/// <summary>One compiled schema: its rules. Filled by <see cref="SchemaCompiler"/>, then never changed.</summary>
internal sealed class SchemaNode(SchemaResource resource, SchemaPlace place)
{
    public SchemaResource Resource { get; } = resource;

    public SchemaPlace Place { get; } = place;

    /// <summary>Whether it allows everything: true, or without a rule.</summary>
    public bool IsTrue { get; set; }

    public bool IsFalse { get; set; }

    public SchemaNode? Reference { get; set; }

    /// <summary>Where a <c>$dynamicRef</c> leads if nothing on the way says otherwise.</summary>
    public SchemaNode? DynamicReference { get; set; }

    /// <summary>The anchor that is looked for on the way; null where the reference is a plain one after all.</summary>
    public string? DynamicName { get; set; }

    /// <summary>The allowed types; 0 for all.</summary>
    public JsonTypes Types { get; set; }

    /// <summary>In draft 4, 1.0 is no integer.</summary>
    public bool IntegersAreWritten { get; set; }

    public ValueSet? Enum { get; set; }

    public ValueSet? Const { get; set; }

    public NumberRules? Numbers { get; set; }

    public StringRules? Strings { get; set; }

    public ArrayRules? Arrays { get; set; }

    public ObjectRules? Objects { get; set; }

    public SchemaNode[]? AllOf { get; set; }

    public SchemaNode[]? AnyOf { get; set; }

    public SchemaNode[]? OneOf { get; set; }

    public SchemaNode? Not { get; set; }

    public SchemaNode? If { get; set; }

    public SchemaNode? Then { get; set; }

    public SchemaNode? Else { get; set; }

    public SchemaNode? UnevaluatedProperties { get; set; }

    public SchemaNode? UnevaluatedItems { get; set; }

    /// <summary>Whether it says something by other schemas of the same value.</summary>
    public bool HasBranches { get; set; }

    /// <summary>The schemas that say something of the very value that this one does.</summary>
    public IEnumerable<SchemaNode> OfSameValue()
    {
        if (Reference is not null) yield return Reference;
        if (DynamicReference is not null && DynamicName is null) yield return DynamicReference;
        foreach (var branch in AllOf ?? []) yield return branch;
        foreach (var branch in AnyOf ?? []) yield return branch;
        foreach (var branch in OneOf ?? []) yield return branch;
        if (Not is not null) yield return Not;
        if (If is not null) yield return If;
        if (Then is not null) yield return Then;
        if (Else is not null) yield return Else;
        foreach (var member in Objects?.Members ?? [])
        {
            if (member.DependentSchema is not null) yield return member.DependentSchema;
        }
    }
}
