using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput;

/// <summary>The contract of a .NET type.</summary>
internal sealed class TypeContract<T> : OutputContract<T>
{
    private static readonly ConditionalWeakTable<JsonTypeInfo, TypeContract<T>>[] ByTypeInfo = [[], []];

    private static readonly TypeContract<T>?[] ByReflectionMade = new TypeContract<T>?[2];

    private readonly JsonTypeInfo<T> _reader;
    private readonly DirectReader<T> _direct;
    private readonly Lazy<JsonSchema?> _full;

    private TypeContract(StrictOptions options, JsonTypeInfo<T> forSchema, UnknownMembers unknown)
        : base(NameOf(typeof(T)), SchemaExporter.ForModel(forSchema))
    {
        _reader = (JsonTypeInfo<T>)options.ForReading(unknown).GetTypeInfo(typeof(T));
        ReadableTypes.Check(_reader);
        var checks = SchemaExporter.ForChecking((JsonTypeInfo<T>)options.ForSchema(unknown).GetTypeInfo(typeof(T)));
        Checks = JsonSchema.From(IsWrapped ? Wrap(checks) : checks);
        InnerChecks = IsWrapped ? JsonSchema.From(checks) : null;
        _direct = new DirectReader<T>(_reader, Checks, IsWrapped ? WrapperMember : null);
        _full = new(() => unknown == UnknownMembers.Error ? JsonSchema.From(Schema) : null);
    }

    public override Type Type => typeof(T);

    /// <summary>The serializer's contract that answers are read by.</summary>
    public JsonTypeInfo<T> Reader => _reader;

    protected override JsonSchema Checks { get; }

    protected override JsonSchema? InnerChecks { get; }

    /// <exception cref="NotSupportedException">The serializer or the schema has no form for the type.</exception>
    public static TypeContract<T> Of(JsonTypeInfo<T> callers, UnknownMembers unknown) => ByTypeInfo[(int)unknown].GetValue(callers, info =>
    {
        var options = StrictOptions.From(info.Options);
        return new TypeContract<T>(options, (JsonTypeInfo<T>)options.ForSchema(UnknownMembers.Error).GetTypeInfo(typeof(T)), unknown);
    });

    /// <exception cref="NotSupportedException">The serializer or the schema has no form for the type.</exception>
    [RequiresUnreferencedCode("Reads the type by reflection. Use the overload that takes a JsonTypeInfo<T>.")]
    [RequiresDynamicCode("Reads the type by reflection. Use the overload that takes a JsonTypeInfo<T>.")]
    public static TypeContract<T> ByReflection(UnknownMembers unknown)
    {
        if (ByReflectionMade[(int)unknown] is { } made) return made;
        var options = StrictOptions.ByReflection();
        return ByReflectionMade[(int)unknown] = new TypeContract<T>(options, (JsonTypeInfo<T>)options.ForSchema(UnknownMembers.Error).GetTypeInfo(typeof(T)), unknown);
    }

    protected override bool TryReadDirectly(string text, out T value)
        => _direct.TryRead(text, out value) && AttributeErrors(value, IsWrapped).Count == 0;

    protected override Reading<T> Read(JsonElement answer, bool isWrapped)
    {
        T? value;
        try
        {
            value = (isWrapped ? answer.GetProperty(WrapperMember) : answer).Deserialize(_reader);
        }
        catch (JsonException e)
        {
            var pointer = (isWrapped ? "/" + WrapperMember : "") + JsonPointer.FromJsonPath(e.Path);
            return Reading<T>.Invalid([new(pointer, MessageOf(e))]);
        }
        catch (Exception e) when (DirectReader<T>.IsRefusal(e))
        {
            return Reading<T>.Invalid([new(isWrapped ? "/" + WrapperMember : "", $"was refused by {typeof(T).Name}: {e.Message}")]);
        }

        var errors = AttributeErrors(value, isWrapped);
        return errors.Count > 0 ? Reading<T>.Invalid(errors) : Reading<T>.Valid(value!);
    }

    /// <summary>An answer of the wrong shape cannot become a value whose attributes could check themselves: the model's schema says what they say.</summary>
    protected override IReadOnlyList<ValidationError> Explain(JsonElement answer, IReadOnlyList<ValidationError> errors)
    {
        var told = errors.Select(error => error.Pointer).ToHashSet();
        return _full.Value?.Validate(answer) is { } all ? [.. errors, .. all.Where(error => !told.Contains(error.Pointer))] : errors;
    }

    private List<ValidationError> AttributeErrors(T? value, bool isWrapped)
    {
        var errors = new List<ValidationError>();
        var place = new JsonPlace();
        if (isWrapped) place.Enter(WrapperMember);
        AnnotationValidator.Validate(value, _reader, place, errors);
        return errors;
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
