using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput;

/// <summary>What an answer must be: the schema that the model is shown and the reading of what it says. Made once per type.</summary>
internal abstract class OutputContract
{
    /// <summary>The member that holds a value that is not an object: vendors take only objects at the root.</summary>
    protected const string WrapperMember = "value";

    private readonly OutputPlan?[] _plans = new OutputPlan?[3];

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

    /// <summary>What the text of an answer is held against, to tell the answer from other values in it; null where no single schema says.</summary>
    public abstract JsonSchema? Checks { get; }

    /// <summary>The contract's plan for a mode.</summary>
    public OutputPlan PlanOf(OutputMode mode) => _plans[(int)mode] ??= new OutputPlan(this, mode);

    /// <summary>The error as the caller sees the answer: without the wrapper, which is between us and the vendor.</summary>
    public static ValidationError Unwrap(ValidationError error)
        => error.Pointer.StartsWith("/" + WrapperMember, StringComparison.Ordinal) ? error with { Pointer = error.Pointer[(WrapperMember.Length + 1)..] } : error;

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
        MoveReferences(inner, $"#/properties/{WrapperMember}");
        using var document = JsonDocument.Parse(wrapper.ToJsonString());
        return document.RootElement.Clone();
    }

    /// <summary>References by pointer start at the root, which has moved.</summary>
    private static void MoveReferences(JsonNode? node, string prefix)
    {
        if (node is JsonObject schema)
        {
            foreach (var (name, value) in schema.ToList())
            {
                if (name == "$ref" && value is JsonValue text && text.GetValue<string>() is ['#', ..] reference) schema[name] = prefix + reference[1..];
                else MoveReferences(value, prefix);
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

/// <summary>A contract whose answers are of a .NET type.</summary>
internal abstract class OutputContract<T>(string name, JsonElement schema) : OutputContract(name, schema)
{
    /// <summary>Reads what the model said. Either a value, or errors; never neither.</summary>
    public abstract Reading<T> Read(JsonElement answer);
}

/// <summary>The outcome of reading an answer.</summary>
internal readonly record struct Reading<T>(T Value, IReadOnlyList<ValidationError> Errors)
{
    public bool IsValid => Errors.Count == 0;

    public static Reading<T> Valid(T value) => new(value, []);

    public static Reading<T> Invalid(IReadOnlyList<ValidationError> errors) => new(default!, errors);
}

/// <summary>The contract of a .NET type.</summary>
internal sealed class TypeContract<T> : OutputContract<T>
{
    private static readonly ConditionalWeakTable<JsonTypeInfo, TypeContract<T>> ByTypeInfo = [];

    private static TypeContract<T>? _byReflection;

    private readonly JsonTypeInfo<T> _reader;
    private readonly JsonSchema _checks;

    private TypeContract(StrictOptions options, JsonTypeInfo<T> forSchema)
        : base(NameOf(typeof(T)), SchemaExporter.ForModel(forSchema))
    {
        _reader = (JsonTypeInfo<T>)options.ForReading.GetTypeInfo(typeof(T));
        var checks = SchemaExporter.ForChecking(forSchema);
        _checks = JsonSchema.From(IsWrapped ? Wrap(checks) : checks);
    }

    public override Type Type => typeof(T);

    public override JsonSchema Checks => _checks;

    /// <exception cref="NotSupportedException">The serializer or the schema has no form for the type.</exception>
    public static TypeContract<T> Of(JsonTypeInfo<T> callers) => ByTypeInfo.GetValue(callers, static info =>
    {
        var options = StrictOptions.From(info.Options);
        return new TypeContract<T>(options, (JsonTypeInfo<T>)options.ForSchema.GetTypeInfo(typeof(T)));
    });

    /// <exception cref="NotSupportedException">The serializer or the schema has no form for the type.</exception>
    [RequiresUnreferencedCode("Reads the type by reflection. Use the overload that takes a JsonTypeInfo<T>.")]
    [RequiresDynamicCode("Reads the type by reflection. Use the overload that takes a JsonTypeInfo<T>.")]
    public static TypeContract<T> ByReflection()
    {
        if (_byReflection is { } made) return made;
        var options = StrictOptions.ByReflection();
        return _byReflection = new TypeContract<T>(options, (JsonTypeInfo<T>)options.ForSchema.GetTypeInfo(typeof(T)));
    }

    public override Reading<T> Read(JsonElement answer)
    {
        var errors = _checks.Validate(answer);
        if (errors.Count > 0) return Reading<T>.Invalid(errors);

        T? value;
        try
        {
            value = (IsWrapped ? answer.GetProperty(WrapperMember) : answer).Deserialize(_reader);
        }
        catch (JsonException e)
        {
            var pointer = (IsWrapped ? "/" + WrapperMember : "") + JsonPointer.FromJsonPath(e.Path);
            return Reading<T>.Invalid([new(pointer, MessageOf(e))]);
        }

        var found = new List<ValidationError>();
        var place = new JsonPlace();
        if (IsWrapped) place.Enter(WrapperMember);
        AnnotationValidator.Validate(value, _reader, place, found);
        return found.Count > 0 ? Reading<T>.Invalid(found) : Reading<T>.Valid(value!);
    }

    /// <summary>The serializer's message without its tail about the path, which stands beside it.</summary>
    private static string MessageOf(JsonException e)
    {
        var end = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }

    private static string NameOf(Type type)
    {
        var name = string.Concat(type.Name.TakeWhile(char.IsAsciiLetterOrDigit));
        return name.Length is > 0 and <= 60 ? name : "answer";
    }
}

/// <summary>The contract of a schema without a .NET type.</summary>
internal sealed class SchemaContract(JsonSchema schema) : OutputContract<JsonElement>("answer", schema.Document)
{
    private readonly JsonSchema _checks = schema;

    public override Type? Type => null;

    public override JsonSchema? Checks => IsWrapped ? null : _checks;

    public override Reading<JsonElement> Read(JsonElement answer)
    {
        var value = answer;
        if (IsWrapped && (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty(WrapperMember, out value)))
        {
            return Reading<JsonElement>.Invalid([new("/" + WrapperMember, "is missing, and required")]);
        }

        var errors = _checks.Validate(value);
        if (errors.Count > 0) return Reading<JsonElement>.Invalid(IsWrapped ? [.. errors.Select(e => e with { Pointer = $"/{WrapperMember}{e.Pointer}" })] : errors);
        return Reading<JsonElement>.Valid(value.Clone());
    }
}
