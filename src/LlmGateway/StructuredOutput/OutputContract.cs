using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGateway.StructuredOutput.Extraction;

namespace LlmGateway.StructuredOutput;

/// <summary>What an answer must be: the schema that the model is shown and the reading of what it says. Made once per type.</summary>
internal abstract class OutputContract
{
    /// <summary>The member that holds a value that is not an object: vendors take only objects at the root.</summary>
    public const string WrapperMember = "value";

    private readonly ConcurrentDictionary<(OutputMode, SchemaSubset), OutputPlan> _plans = [];

    protected OutputContract(string name, JsonElement schema)
    {
        Name = name;
        IsWrapped = !IsObjectSchema(schema);
        Schema = IsWrapped ? Wrap(schema) : schema;
        Features = SchemaFeatureReader.Read(Schema);
    }

    /// <summary>A short name of the shape, of letters, digits and <c>_</c>.</summary>
    public string Name { get; }

    /// <summary>The schema for the model; an object at its root.</summary>
    public JsonElement Schema { get; }

    public SchemaFeatures Features { get; }

    /// <summary>Whether the value stands in a wrapper object.</summary>
    public bool IsWrapped { get; }

    /// <summary>The .NET type; null for a schema without one.</summary>
    public abstract Type? Type { get; }

    /// <summary>The contract's plan for a mode and a subset of schemas; made once.</summary>
    public OutputPlan PlanOf(OutputMode mode, SchemaSubset subset) => _plans.GetOrAdd((mode, subset), static (key, contract) => OutputPlan.Of(contract, key.Item1, key.Item2), this);

    /// <summary>The error as the caller sees the answer: without the wrapper, which is between us and the vendor.</summary>
    public static ValidationError Unwrap(ValidationError error)
        => error.Pointer.StartsWith("/" + WrapperMember, StringComparison.Ordinal) ? error with { Pointer = error.Pointer[(WrapperMember.Length + 1)..] } : error;

    /// <summary>The error as the model sees its answer: with the wrapper.</summary>
    public static ValidationError Wrap(ValidationError error) => error with { Pointer = $"/{WrapperMember}{error.Pointer}" };

    protected static JsonElement Wrap(JsonElement schema)
    {
        var inner = JsonNode.Parse(schema.GetRawText());
        var wrapper = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { [WrapperMember] = inner },
            ["required"] = new JsonArray(WrapperMember),
            ["additionalProperties"] = false,
        };
        if (inner is JsonObject schemaWithNames && schemaWithNames["$defs"] is { } names)
        {
            schemaWithNames.Remove("$defs");
            wrapper["$defs"] = names;
        }

        MoveReferences(inner, $"#/properties/{WrapperMember}");
        MoveReferences(wrapper["$defs"], $"#/properties/{WrapperMember}");
        using var document = JsonDocument.Parse(wrapper.ToJsonString());
        return document.RootElement.Clone();
    }

    /// <summary>References by pointer start at the root, which has moved; the names below <c>$defs</c> have not.</summary>
    private static void MoveReferences(JsonNode? node, string prefix)
    {
        if (node is JsonObject schema)
        {
            foreach (var (name, value) in schema.ToList())
            {
                if (name == "$ref" && value is JsonValue text && text.GetValue<string>() is ['#', ..] reference)
                {
                    if (!reference.StartsWith("#/$defs/", StringComparison.Ordinal)) schema[name] = prefix + reference[1..];
                }
                else
                {
                    MoveReferences(value, prefix);
                }
            }
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items) MoveReferences(item, prefix);
        }
    }

    /// <summary>One object, plainly: vendors refuse a choice of several at the root.</summary>
    private static bool IsObjectSchema(JsonElement schema)
        => schema.ValueKind == JsonValueKind.Object
            && schema.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("object"u8)
            && !schema.TryGetProperty("anyOf"u8, out _) && !schema.TryGetProperty("oneOf"u8, out _);
}

/// <summary>A contract whose answers are read as a .NET type.</summary>
internal abstract class OutputContract<T>(string name, JsonElement schema) : OutputContract(name, schema)
{
    /// <summary>What a whole answer is held against before it is read, its wrapper included.</summary>
    protected abstract JsonSchema Checks { get; }

    /// <summary>The same without the wrapper; null where there is none.</summary>
    protected abstract JsonSchema? InnerChecks { get; }

    /// <summary>Reads what the model said. Either a value, or errors; never neither.</summary>
    /// <param name="text">What it said.</param>
    /// <param name="coercion">Whether values may be changed.</param>
    /// <param name="plan">How it was asked; null where it was asked for the full schema.</param>
    public AnswerResult<T> Read(string text, Coercion coercion, OutputPlan? plan = null)
    {
        if (TryReadDirectly(text, out var value)) return new(Reading<T>.Valid(value), [], []);
        var result = Read(text, Checks, coercion, plan, isWrapped: IsWrapped);
        if (result.Reading.IsValid || InnerChecks is null) return result;

        // The wrapper is between us and the vendor; a model that leaves it out has still answered.
        var bare = Read(text, InnerChecks, coercion, plan: null, isWrapped: false);
        return bare.Reading.IsValid ? bare with { Repairs = [.. bare.Repairs, new Repair("missing_wrapper", 0)] } : result;
    }

    /// <summary>Reads an answer that is well formed and valid as it stands, which nearly all are; false says nothing of why.</summary>
    protected abstract bool TryReadDirectly(string text, out T value);

    /// <summary>Reads a value that satisfies its schema.</summary>
    /// <param name="answer">The value.</param>
    /// <param name="isWrapped">Whether it stands in the wrapper.</param>
    protected abstract Reading<T> Read(JsonElement answer, bool isWrapped);

    /// <summary>What more there is to say of an answer whose shape is wrong.</summary>
    protected virtual IReadOnlyList<ValidationError> Explain(JsonElement answer, IReadOnlyList<ValidationError> errors) => errors;

    private AnswerResult<T> Read(string text, JsonSchema checks, Coercion coercion, OutputPlan? plan, bool isWrapped)
    {
        using var answer = AnswerReader.Read(text, checks, coercion);
        if (answer.Document is null) return new(Reading<T>.Invalid(answer.Errors), answer.Repairs, answer.Coercions);
        var (root, errors) = (answer.Document.RootElement, answer.Errors);
        if (errors.Count > 0 && plan is { HasNullsForAbsent: true })
        {
            root = plan.Restore(root);
            errors = checks.Validate(root);
        }

        var reading = errors.Count > 0 ? Reading<T>.Invalid(Explain(root, errors)) : Read(root, isWrapped);
        if (!reading.IsValid) reading = Reading<T>.Invalid([.. reading.Errors.Select(error => SeenValue.Add(error, root))]);
        return new(reading, answer.Repairs, answer.Coercions);
    }
}

/// <summary>The outcome of reading an answer.</summary>
internal readonly record struct Reading<T>(T Value, IReadOnlyList<ValidationError> Errors)
{
    public bool IsValid => Errors.Count == 0;

    public static Reading<T> Valid(T value) => new(value, []);

    public static Reading<T> Invalid(IReadOnlyList<ValidationError> errors) => new(default!, errors);
}

/// <summary>The outcome, with what was done to the text on the way.</summary>
internal sealed record AnswerResult<T>(Reading<T> Reading, IReadOnlyList<Repair> Repairs, IReadOnlyList<AppliedCoercion> Coercions);
