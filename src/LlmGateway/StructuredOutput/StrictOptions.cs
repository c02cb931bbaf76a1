using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput;

/// <summary>
/// The serializer's options under which answers are read: the caller's own naming and converters, and every check on.
/// One set for the schema and one for reading, because the schema exporter knows nothing of a type that has a converter of ours.
/// </summary>
internal sealed class StrictOptions
{
    private static readonly ConditionalWeakTable<JsonSerializerOptions, StrictOptions> ByCallersOptions = [];

    private static StrictOptions? _byReflection;

    private readonly JsonSerializerOptions[] _forSchema;
    private readonly JsonSerializerOptions[] _forReading;

    private StrictOptions(JsonSerializerOptions callers)
    {
        _forSchema = [Strict(callers, UnknownMembers.Error, ReadableTypes.KeepSettable), Strict(callers, UnknownMembers.Ignore, ReadableTypes.KeepSettable)];
        _forReading = [Reading(callers, UnknownMembers.Error), Reading(callers, UnknownMembers.Ignore)];
    }

    public static StrictOptions From(JsonSerializerOptions callers) => ByCallersOptions.GetValue(callers, static options => new StrictOptions(options));

    /// <summary>For types without a source-generated contract: camel case, and enums by name, which models get right more often than numbers.</summary>
    [RequiresUnreferencedCode("Reads the type by reflection. Use the overload that takes a JsonTypeInfo<T>.")]
    [RequiresDynamicCode("Reads the type by reflection. Use the overload that takes a JsonTypeInfo<T>.")]
    public static StrictOptions ByReflection() => _byReflection ??= new StrictOptions(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
    });

    public JsonSerializerOptions ForSchema(UnknownMembers unknown) => _forSchema[(int)unknown];

    public JsonSerializerOptions ForReading(UnknownMembers unknown) => _forReading[(int)unknown];

    private static JsonSerializerOptions Reading(JsonSerializerOptions callers, UnknownMembers unknown)
    {
        var options = Strict(callers, unknown, type =>
        {
            ReadableTypes.KeepSettable(type);
            RequiredMembers.Require(type);
        });
        options.Converters.Add(new StrictDecimalConverter());
        options.Converters.Add(new FiniteDoubleConverter());
        options.Converters.Add(new FiniteSingleConverter());
        options.MakeReadOnly();
        return options;
    }

    private static JsonSerializerOptions Strict(JsonSerializerOptions callers, UnknownMembers unknown, Action<JsonTypeInfo> modify) => new(callers)
    {
        AllowDuplicateProperties = false,
        AllowOutOfOrderMetadataProperties = true, // The order of members means nothing in JSON, a discriminator's neither.
        AllowTrailingCommas = false,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        ReadCommentHandling = JsonCommentHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = callers.TypeInfoResolver?.WithAddedModifier(modify),
        UnmappedMemberHandling = unknown == UnknownMembers.Error ? JsonUnmappedMemberHandling.Disallow : JsonUnmappedMemberHandling.Skip,
    };
}
