using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmGateway.StructuredOutput;

/// <summary>One compiled schema: the checks of its keywords. Filled by <see cref="SchemaCompiler"/>, then never changed.</summary>
internal sealed class SchemaNode
{
    /// <summary>A schema may refer to itself without end, as <c>{"$ref":"#"}</c> does; a value can't be that deep.</summary>
    private const int MaxReferenceDepth = 256;

    [ThreadStatic]
    private static int _referenceDepth;

    /// <summary>The answer to the schemas <c>true</c> and <c>false</c>; null for any other.</summary>
    public bool? Always { get; set; }

    public SchemaNode? Reference { get; set; }

    public IReadOnlyList<string>? Types { get; set; }

    public IReadOnlyList<JsonElement>? AllowedValues { get; set; }

    public IReadOnlyDictionary<string, SchemaNode>? Properties { get; set; }

    public IReadOnlyList<string>? Required { get; set; }

    public SchemaNode? AdditionalProperties { get; set; }

    public SchemaNode? Items { get; set; }

    public int? MinItems { get; set; }

    public int? MaxItems { get; set; }

    public bool UniqueItems { get; set; }

    public int? MinLength { get; set; }

    public int? MaxLength { get; set; }

    public Regex? Pattern { get; set; }

    public decimal? Minimum { get; set; }

    public decimal? Maximum { get; set; }

    public decimal? ExclusiveMinimum { get; set; }

    public decimal? ExclusiveMaximum { get; set; }

    public decimal? MultipleOf { get; set; }

    public IReadOnlyList<SchemaNode>? AllOf { get; set; }

    public IReadOnlyList<SchemaNode>? AnyOf { get; set; }

    public IReadOnlyList<SchemaNode>? OneOf { get; set; }

    public SchemaNode? Not { get; set; }

    public void Validate(JsonElement value, JsonPointer at, List<ValidationError> errors)
    {
        if (Always is { } always)
        {
            if (!always) errors.Add(new(at.ToString(), "is not allowed here"));
            return;
        }

        if (Reference is not null) ValidateReference(Reference, value, at, errors);
        if (Types is not null && !Types.Any(t => IsOfType(value, t)))
        {
            errors.Add(new(at.ToString(), $"is {Describe(value)}, and must be {string.Join(" or ", Types)}"));
            return;
        }

        if (AllowedValues is not null && !AllowedValues.Any(v => JsonElement.DeepEquals(v, value)))
        {
            errors.Add(new(at.ToString(), $"is {Describe(value)}, and must be one of {string.Join(", ", AllowedValues.Select(v => v.GetRawText()))}"));
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                ValidateObject(value, at, errors);
                break;
            case JsonValueKind.Array:
                ValidateArray(value, at, errors);
                break;
            case JsonValueKind.String:
                ValidateString(value, at, errors);
                break;
            case JsonValueKind.Number:
                ValidateNumber(value, at, errors);
                break;
        }

        ValidateBranches(value, at, errors);
    }

    private static void ValidateReference(SchemaNode target, JsonElement value, JsonPointer at, List<ValidationError> errors)
    {
        if (_referenceDepth >= MaxReferenceDepth)
        {
            errors.Add(new(at.ToString(), "cannot be checked: the schema refers to itself without end"));
            return;
        }

        _referenceDepth++;
        try
        {
            target.Validate(value, at, errors);
        }
        finally
        {
            _referenceDepth--;
        }
    }

    private void ValidateObject(JsonElement value, JsonPointer at, List<ValidationError> errors)
    {
        foreach (var name in Required ?? [])
        {
            if (!value.TryGetProperty(name, out _)) errors.Add(new(at.Member(name).ToString(), "is missing, and required"));
        }

        if (Properties is null && AdditionalProperties is null) return;
        foreach (var member in value.EnumerateObject())
        {
            if (Properties is not null && Properties.TryGetValue(member.Name, out var property)) property.Validate(member.Value, at.Member(member.Name), errors);
            else if (AdditionalProperties is { Always: false }) errors.Add(new(at.Member(member.Name).ToString(), "is not a known member, and no others are allowed"));
            else AdditionalProperties?.Validate(member.Value, at.Member(member.Name), errors);
        }
    }

    private void ValidateArray(JsonElement value, JsonPointer at, List<ValidationError> errors)
    {
        var count = value.GetArrayLength();
        if (count < MinItems) errors.Add(new(at.ToString(), $"has {Count(count, "item")}, and must have at least {MinItems}"));
        if (count > MaxItems) errors.Add(new(at.ToString(), $"has {Count(count, "item")}, and must have at most {MaxItems}"));
        if (UniqueItems) ValidateUnique(value, at, errors);
        if (Items is null) return;
        var index = 0;
        foreach (var item in value.EnumerateArray()) Items.Validate(item, at.Item(index++), errors);
    }

    private static void ValidateUnique(JsonElement array, JsonPointer at, List<ValidationError> errors)
    {
        var seen = new List<JsonElement>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
        {
            if (seen.Any(s => JsonElement.DeepEquals(s, item))) errors.Add(new(at.Item(seen.Count).ToString(), "stands in the array more than once"));
            seen.Add(item);
        }
    }

    /// <summary>Length counts Unicode characters, as the specification says, not UTF-16 units.</summary>
    private void ValidateString(JsonElement value, JsonPointer at, List<ValidationError> errors)
    {
        if (MinLength is null && MaxLength is null && Pattern is null) return;
        var text = value.GetString() ?? "";
        var length = text.EnumerateRunes().Count();
        if (length < MinLength) errors.Add(new(at.ToString(), $"has {Count(length, "character")}, and must have at least {MinLength}"));
        if (length > MaxLength) errors.Add(new(at.ToString(), $"has {Count(length, "character")}, and must have at most {MaxLength}"));
        try
        {
            if (Pattern?.IsMatch(text) == false) errors.Add(new(at.ToString(), $"is {Describe(value)}, and must match the pattern {Pattern}"));
        }
        catch (RegexMatchTimeoutException)
        {
            errors.Add(new(at.ToString(), $"could not be matched against the pattern {Pattern} in time"));
        }
    }

    private void ValidateNumber(JsonElement value, JsonPointer at, List<ValidationError> errors)
    {
        if (Minimum is null && Maximum is null && ExclusiveMinimum is null && ExclusiveMaximum is null && MultipleOf is null) return;
        if (!value.TryGetDecimal(out var number))
        {
            errors.Add(new(at.ToString(), $"is {Describe(value)}, a number too large to compare"));
            return;
        }

        Check(number < Minimum, $"at least {Minimum}");
        Check(number > Maximum, $"at most {Maximum}");
        Check(number <= ExclusiveMinimum, $"more than {ExclusiveMinimum}");
        Check(number >= ExclusiveMaximum, $"less than {ExclusiveMaximum}");
        Check(MultipleOf is { } step && number % step != 0, $"a multiple of {MultipleOf}");

        void Check(bool isWrong, FormattableString rule)
        {
            if (isWrong) errors.Add(new(at.ToString(), $"is {value.GetRawText()}, and must be {rule.ToString(CultureInfo.InvariantCulture)}"));
        }
    }

    private void ValidateBranches(JsonElement value, JsonPointer at, List<ValidationError> errors)
    {
        foreach (var branch in AllOf ?? []) branch.Validate(value, at, errors);
        if (AnyOf is not null) ValidateChoice(AnyOf, value, at, errors, mustBeOne: false);
        if (OneOf is not null) ValidateChoice(OneOf, value, at, errors, mustBeOne: true);
        if (Not is not null)
        {
            var inner = new List<ValidationError>();
            Not.Validate(value, at, inner);
            if (inner.Count == 0) errors.Add(new(at.ToString(), $"is {Describe(value)}, which is excluded"));
        }
    }

    /// <summary>Where no branch fits, the errors of the nearest one are the most useful: the one with the fewest.</summary>
    private static void ValidateChoice(IReadOnlyList<SchemaNode> branches, JsonElement value, JsonPointer at, List<ValidationError> errors, bool mustBeOne)
    {
        List<ValidationError>? nearest = null;
        var fitting = 0;
        foreach (var branch in branches)
        {
            var inner = new List<ValidationError>();
            branch.Validate(value, at, inner);
            if (inner.Count == 0)
            {
                fitting++;
                if (!mustBeOne) return;
            }
            else if (nearest is null || inner.Count < nearest.Count)
            {
                nearest = inner;
            }
        }

        if (fitting == 0) errors.AddRange(nearest ?? [new(at.ToString(), "fits none of the alternatives")]);
        if (fitting > 1) errors.Add(new(at.ToString(), $"fits {fitting} of the alternatives, and must fit exactly one"));
    }

    private static bool IsOfType(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.Null => type == "null",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.String => type == "string",
        JsonValueKind.Array => type == "array",
        JsonValueKind.Object => type == "object",
        JsonValueKind.Number => type == "number" || (type == "integer" && IsInteger(value)),
        _ => false,
    };

    /// <summary>1.0 is an integer too, says the specification.</summary>
    private static bool IsInteger(JsonElement value)
        => value.TryGetInt64(out _) || (value.TryGetDecimal(out var number) ? decimal.Truncate(number) == number : value.TryGetDouble(out var real) && Math.Truncate(real) == real);

    /// <summary>The value seen, short enough for a message.</summary>
    private static string Describe(JsonElement value)
    {
        const int MaxShown = 60;
        if (value.ValueKind is JsonValueKind.Object) return "an object";
        if (value.ValueKind is JsonValueKind.Array) return "an array";
        var text = value.GetRawText();
        return text.Length <= MaxShown ? text : string.Concat(text.AsSpan(0, MaxShown), "…");
    }

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
