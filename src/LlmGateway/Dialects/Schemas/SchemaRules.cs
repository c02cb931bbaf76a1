using System.Collections.Frozen;
using System.Text.Json;

namespace LlmGateway.Dialects.Schemas;

/// <summary>What of JSON Schema a vendor takes. The defaults are the most that there is.</summary>
internal sealed record SchemaRules
{
    /// <summary>The keywords without schemas in them that are taken as they are. Any other is said in words.</summary>
    public required FrozenSet<string> Keywords { get; init; }

    /// <summary>The keywords with schemas in them that are taken, beyond <c>properties</c>, <c>items</c>, <c>anyOf</c> and <c>$ref</c>.</summary>
    public FrozenSet<string> Applicators { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The values of <c>format</c> that are taken; null for any.</summary>
    public FrozenSet<string>? Formats { get; init; }

    /// <summary>The kinds of values that <c>enum</c> and <c>const</c> may hold.</summary>
    public FrozenSet<JsonValueKind> Values { get; init; } = FrozenSet.Create(JsonValueKind.String, JsonValueKind.Number, JsonValueKind.True, JsonValueKind.False, JsonValueKind.Null, JsonValueKind.Array, JsonValueKind.Object);

    /// <summary>The largest <c>minItems</c> that is taken.</summary>
    public int MaxMinItems { get; init; } = int.MaxValue;

    /// <summary>Whether each object must say that it has no members beyond its own; one that has cannot be said.</summary>
    public bool ClosedObjects { get; init; }

    /// <summary>Whether each member must be required; one that may be left out is then given as null.</summary>
    public bool AllRequired { get; init; }

    /// <summary>Whether the whole must plainly be one object.</summary>
    public bool ObjectRoot { get; init; }

    /// <summary>Whether a schema may leave it open what a value is.</summary>
    public bool AnyValues { get; init; } = true;

    /// <summary>Whether patterns may only be plain: no looking around, no references back.</summary>
    public bool PlainPatterns { get; init; }

    /// <summary>Whether each schema must say its type.</summary>
    public bool Typed { get; init; }

    /// <summary>Whether nothing may stand beside a <c>$ref</c>.</summary>
    public bool LoneReferences { get; init; }

    /// <summary>Where a schema may refer to itself.</summary>
    public SchemaRecursion Recursion { get; init; }

    /// <summary>The bounds on the whole.</summary>
    public SchemaLimits Limits { get; init; } = new();
}

/// <summary>Where a schema may refer to itself.</summary>
internal enum SchemaRecursion
{
    Anywhere,

    /// <summary>Below a member that may be left out.</summary>
    BelowOptional,

    Nowhere,
}

/// <summary>A vendor's bounds on a schema as a whole.</summary>
internal sealed record SchemaLimits
{
    /// <summary>How many objects and lists may stand within each other, the root counted.</summary>
    public int Depth { get; init; } = int.MaxValue;

    /// <summary>How many members all objects may have together.</summary>
    public int Members { get; init; } = int.MaxValue;

    /// <summary>How many of them may be optional.</summary>
    public int OptionalMembers { get; init; } = int.MaxValue;

    /// <summary>How many places may be of several types.</summary>
    public int Unions { get; init; } = int.MaxValue;

    /// <summary>How many values all enums may have together.</summary>
    public int EnumValues { get; init; } = int.MaxValue;

    /// <summary>How many characters the values of one enum of more than 250 may have together.</summary>
    public int LargeEnumLength { get; init; } = int.MaxValue;

    /// <summary>How many characters all names, enum and const values may have together.</summary>
    public int TextLength { get; init; } = int.MaxValue;
}
