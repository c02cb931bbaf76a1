using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmGateway.StructuredOutput;

/// <summary>One compiled schema: the checks of its keywords. Filled by <see cref="SchemaCompiler"/>, then never changed.</summary>
internal sealed class SchemaNode
{
    /// <summary>The answer to the schemas <c>true</c> and <c>false</c>; null for any other.</summary>
    public bool? Always { get; set; }

    public SchemaNode? Reference { get; set; }

    public JsonTypes? Types { get; set; }

    public JsonElement[]? AllowedValues { get; set; }

    public SchemaMember[]? Properties { get; set; }

    public JsonName[]? Required { get; set; }

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

    public SchemaNode[]? AllOf { get; set; }

    public SchemaNode[]? AnyOf { get; set; }

    public SchemaNode[]? OneOf { get; set; }

    public SchemaNode? Not { get; set; }

    /// <summary>The schemas that say something of the very value that this one does.</summary>
    public IEnumerable<SchemaNode> OfSameValue => [.. Reference is null ? [] : (SchemaNode[])[Reference], .. AllOf ?? [], .. AnyOf ?? [], .. OneOf ?? [], .. Not is null ? [] : (SchemaNode[])[Not]];

    public void Validate(JsonElement value, SchemaWalk walk)
    {
        if (!walk.TryEnter()) return;
        Check(value, walk);
        walk.Leave();
    }

    private void Check(JsonElement value, SchemaWalk walk)
    {
        if (Always is { } always)
        {
            if (!always) walk.Fail("is not allowed here");
            return;
        }

        Reference?.Validate(value, walk);
        if (Types is { } types && (types & TypeOf(value)) == 0 && !(types.HasFlag(JsonTypes.Integer) && value.ValueKind == JsonValueKind.Number && IsInteger(value)))
        {
            walk.Fail($"is {Describe(value)}, and must be {types.ToString().ToLowerInvariant().Replace(", ", " or ", StringComparison.Ordinal)}");
            return;
        }

        if (AllowedValues is not null && !AllowedValues.Any(v => JsonElement.DeepEquals(v, value)))
        {
            walk.Fail($"is {Describe(value)}, and must be one of {string.Join(", ", AllowedValues.Select(v => v.GetRawText()))}");
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                ValidateObject(value, walk);
                break;
            case JsonValueKind.Array:
                ValidateArray(value, walk);
                break;
            case JsonValueKind.String:
                ValidateString(value, walk);
                break;
            case JsonValueKind.Number:
                ValidateNumber(value, walk);
                break;
        }

        ValidateBranches(value, walk);
    }

    private void ValidateObject(JsonElement value, SchemaWalk walk)
    {
        foreach (var name in Required ?? [])
        {
            if (!value.TryGetProperty(name.Utf8, out _)) walk.FailAt(name.Text, "is missing, and required");
        }

        if (Properties is null && AdditionalProperties is null) return;
        var expected = 0;
        foreach (var member in value.EnumerateObject())
        {
            if (Find(member, ref expected) is { } known)
            {
                walk.Place.Enter(known.Name.Text);
                known.Schema.Validate(member.Value, walk);
                walk.Place.Leave();
            }
            else if (AdditionalProperties is not null)
            {
                walk.Place.Enter(member.Name);
                if (AdditionalProperties.Always == false) walk.Fail("is not a known member, and no others are allowed");
                else AdditionalProperties.Validate(member.Value, walk);
                walk.Place.Leave();
            }
        }
    }

    /// <summary>Answers come in the schema's order more often than not, so the search begins where that would be.</summary>
    private SchemaMember? Find(JsonProperty member, ref int expected)
    {
        if (Properties is null) return null;
        for (var i = 0; i < Properties.Length; i++)
        {
            var candidate = Properties[(expected + i) % Properties.Length];
            if (!member.NameEquals(candidate.Name.Utf8)) continue;
            expected += i + 1;
            return candidate;
        }

        return null;
    }

    private void ValidateArray(JsonElement value, SchemaWalk walk)
    {
        var count = value.GetArrayLength();
        if (count < MinItems) walk.Fail($"has {Count(count, "item")}, and must have at least {MinItems}");
        if (count > MaxItems) walk.Fail($"has {Count(count, "item")}, and must have at most {MaxItems}");
        if (UniqueItems) ValidateUnique(value, walk);
        if (Items is null) return;
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            walk.Place.Enter(index++);
            Items.Validate(item, walk);
            walk.Place.Leave();
        }
    }

    private static void ValidateUnique(JsonElement array, SchemaWalk walk)
    {
        var seen = new List<JsonElement>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
        {
            walk.Place.Enter(seen.Count);
            if (seen.Any(s => JsonElement.DeepEquals(s, item))) walk.Fail("stands in the array more than once");
            walk.Place.Leave();
            seen.Add(item);
        }
    }

    /// <summary>Length counts Unicode characters, as the specification says, not UTF-16 units.</summary>
    private void ValidateString(JsonElement value, SchemaWalk walk)
    {
        if (MinLength is null && MaxLength is null && Pattern is null) return;
        var text = value.GetString() ?? "";
        var length = text.EnumerateRunes().Count();
        if (length < MinLength) walk.Fail($"has {Count(length, "character")}, and must have at least {MinLength}");
        if (length > MaxLength) walk.Fail($"has {Count(length, "character")}, and must have at most {MaxLength}");
        try
        {
            if (Pattern?.IsMatch(text) == false) walk.Fail($"is {Describe(value)}, and must match the pattern {Pattern}");
        }
        catch (RegexMatchTimeoutException)
        {
            walk.Fail($"could not be matched against the pattern {Pattern} in time");
        }
    }

    private void ValidateNumber(JsonElement value, SchemaWalk walk)
    {
        if (Minimum is null && Maximum is null && ExclusiveMinimum is null && ExclusiveMaximum is null && MultipleOf is null) return;
        if (!value.TryGetDecimal(out var number))
        {
            ValidateReal(value, walk);
            return;
        }

        Check(number < Minimum, $"at least {Minimum}");
        Check(number > Maximum, $"at most {Maximum}");
        Check(number <= ExclusiveMinimum, $"more than {ExclusiveMinimum}");
        Check(number >= ExclusiveMaximum, $"less than {ExclusiveMaximum}");
        Check(MultipleOf is { } step && number % step != 0, $"a multiple of {MultipleOf}");

        void Check(bool isWrong, FormattableString rule) => ValidateBound(isWrong, rule, value, walk);
    }

    /// <summary>A number beyond a decimal is beyond the bounds too, on one side or the other.</summary>
    private void ValidateReal(JsonElement value, SchemaWalk walk)
    {
        var number = value.GetDouble();
        ValidateBound(number < (double?)Minimum, $"at least {Minimum}", value, walk);
        ValidateBound(number > (double?)Maximum, $"at most {Maximum}", value, walk);
        ValidateBound(number <= (double?)ExclusiveMinimum, $"more than {ExclusiveMinimum}", value, walk);
        ValidateBound(number >= (double?)ExclusiveMaximum, $"less than {ExclusiveMaximum}", value, walk);
        if (MultipleOf is not null) walk.Fail($"is {Describe(value)}, too large to tell whether it is a multiple");
    }

    private static void ValidateBound(bool isWrong, FormattableString rule, JsonElement value, SchemaWalk walk)
    {
        if (isWrong) walk.Fail($"is {Describe(value)}, and must be {rule.ToString(CultureInfo.InvariantCulture)}");
    }

    private void ValidateBranches(JsonElement value, SchemaWalk walk)
    {
        foreach (var branch in AllOf ?? []) branch.Validate(value, walk);
        if (AnyOf is not null) ValidateChoice(AnyOf, value, walk, mustBeOne: false);
        if (OneOf is not null) ValidateChoice(OneOf, value, walk, mustBeOne: true);
        if (Not is not null && walk.Try(Not, value).Count == 0) walk.Fail($"is {Describe(value)}, which is excluded");
    }

    /// <summary>Where no branch fits, the errors of the nearest one are the most useful: the one with the fewest.</summary>
    private static void ValidateChoice(SchemaNode[] branches, JsonElement value, SchemaWalk walk, bool mustBeOne)
    {
        List<ValidationError>? nearest = null;
        var fitting = 0;
        foreach (var branch in branches)
        {
            var errors = walk.Try(branch, value);
            if (errors.Count == 0)
            {
                fitting++;
                if (!mustBeOne) return;
            }
            else if (nearest is null || errors.Count < nearest.Count)
            {
                nearest = errors;
            }
        }

        if (fitting == 0) walk.Errors.AddRange(nearest!);
        if (fitting > 1) walk.Fail($"fits {fitting} of the alternatives, and must fit exactly one");
    }

    private static JsonTypes TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => JsonTypes.Null,
        JsonValueKind.True or JsonValueKind.False => JsonTypes.Boolean,
        JsonValueKind.String => JsonTypes.String,
        JsonValueKind.Array => JsonTypes.Array,
        JsonValueKind.Object => JsonTypes.Object,
        JsonValueKind.Number => JsonTypes.Number,
        _ => 0,
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

/// <summary>The types that <c>type</c> names.</summary>
[Flags]
internal enum JsonTypes
{
    String = 1,
    Number = 2,
    Integer = 4,
    Boolean = 8,
    Object = 16,
    Array = 32,
    Null = 64,
}

/// <summary>A member that a schema describes.</summary>
internal sealed record SchemaMember(JsonName Name, SchemaNode Schema);

/// <summary>A member's name, also in the bytes in which answers hold it.</summary>
internal sealed record JsonName(string Text)
{
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(Text);
}
