namespace LlmGateway.StructuredOutput.Validation;

internal ref partial struct SchemaWalk
{
    /// <summary>As <see cref="ValidationError.Value"/> says.</summary>
    private const int MaxShownValue = 200;

    /// <summary>In a message.</summary>
    private const int MaxDescribed = 60;

    /// <summary>Notes a broken rule. Always false, the verdict of its schema.</summary>
    private readonly bool Fail(SchemaNode node, string? keyword, int at, string message, FindingKind kind)
    {
        _findings?.Add(new ValidationError(_findings.Pointer(_tape), message) { SchemaPointer = PointerOf(node, keyword), Value = _tape.Shown(at, MaxShownValue) }, _findings.Depth, kind);
        return false;
    }

    /// <summary>Notes that a member is missing from where the walk stands.</summary>
    private readonly void FailMissing(SchemaNode node, string keyword, string member, string message)
        => _findings?.Add(new ValidationError(_findings.Pointer(_tape, member), message) { SchemaPointer = PointerOf(node, keyword) }, _findings.Depth, FindingKind.Other);

    private readonly bool FailType(SchemaNode node, int at)
        => Fail(node, "type", at, $"is {Describe(at)}, and must be {node.Types.ToString().ToLowerInvariant().Replace(", ", " or ", StringComparison.Ordinal)}", FindingKind.Type);

    private readonly bool FailValue(SchemaNode node, string keyword, int at, ValueSet allowed, string among)
        => _findings is not null && Fail(node, keyword, at, $"is {Describe(at)}, and must be {among}{allowed.Shown}", FindingKind.Value);

    private readonly string? PointerOf(SchemaNode node, string? keyword)
    {
        if (node.Resource.Source.Name is not null) return _leftAt;
        return (keyword is null ? node.Place : node.Place.At(keyword)).ToString();
    }

    /// <summary>The value seen, short enough for a message.</summary>
    private readonly string Describe(int at) => _findings is null ? "" : _tape[at].Type switch
    {
        JsonTypes.Object => "an object",
        JsonTypes.Array => "an array",
        _ => _tape.Shown(at, MaxDescribed),
    };

    private static string Count(long count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
