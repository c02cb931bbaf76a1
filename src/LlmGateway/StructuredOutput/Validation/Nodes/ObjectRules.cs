namespace LlmGateway.StructuredOutput.Validation;

/// <summary>What a schema says of objects.</summary>
internal sealed class ObjectRules
{
    public long MinProperties { get; set; }

    public long MaxProperties { get; set; } = long.MaxValue;

    /// <summary>All names that the schema knows, each with its <see cref="Members"/> entry.</summary>
    public NameTable Names { get; set; } = NameTable.Empty;

    public MemberRules[] Members { get; set; } = [];

    /// <summary>The members that are required.</summary>
    public int[] Required { get; set; } = [];

    /// <summary>Whether it matters which of the known names an object has.</summary>
    public bool NeedsSeen { get; set; }

    /// <summary>Whether some member asks for others.</summary>
    public bool HasDependents { get; set; }

    public PatternRule[] Patterns { get; set; } = [];

    public SchemaNode? AdditionalProperties { get; set; }

    public SchemaNode? PropertyNames { get; set; }
}

/// <summary>What a schema says of a member by its name.</summary>
internal sealed class MemberRules(string name)
{
    public string Name { get; } = name;

    public SchemaNode? Schema { get; set; }

    public bool IsRequired { get; set; }

    /// <summary>The members that an object with this one must have.</summary>
    public int[] Dependents { get; set; } = [];

    /// <summary>What an object with this member must satisfy.</summary>
    public SchemaNode? DependentSchema { get; set; }

    /// <summary>The keyword that says so.</summary>
    public string DependentKeyword { get; set; } = "";
}

/// <summary>What a schema says of the members whose names match.</summary>
internal sealed record PatternRule(SchemaPattern Pattern, SchemaNode Schema);
