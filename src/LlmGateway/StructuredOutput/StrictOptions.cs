using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput;

/// <summary>
/// The serializer's options under which answers are read: the caller's own naming and converters, and every check on.
/// A pair, because the schema exporter knows nothing of a type that has a converter of ours.
/// </summary>
internal sealed record StrictOptions(JsonSerializerOptions ForSchema, JsonSerializerOptions ForReading)
{
    private static readonly ConditionalWeakTable<JsonSerializerOptions, StrictOptions> ByCallersOptions = [];

    private static StrictOptions? _byReflection;

    public static StrictOptions From(JsonSerializerOptions callers) => ByCallersOptions.GetValue(callers, Make);

    /// <summary>For types without a source-generated contract: camel case, and enums by name, which models get right more often than numbers.</summary>
    [RequiresUnreferencedCode("Reads the type by reflection. Use the overload that takes a JsonTypeInfo<T>.")]
    [RequiresDynamicCode("Reads the type by reflection. Use the overload that takes a JsonTypeInfo<T>.")]
    public static StrictOptions ByReflection() => _byReflection ??= Make(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
    });

    private static StrictOptions Make(JsonSerializerOptions callers)
    {
        var forSchema = Strict(callers);
        var forReading = Strict(callers);
        forReading.Converters.Add(new StrictDecimalConverter());
        forReading.Converters.Add(new FiniteDoubleConverter());
        forReading.Converters.Add(new FiniteSingleConverter());
        forSchema.MakeReadOnly();
        forReading.MakeReadOnly();
        return new StrictOptions(forSchema, forReading);
    }

    private static JsonSerializerOptions Strict(JsonSerializerOptions callers) => new(callers)
    {
        AllowDuplicateProperties = false,
        AllowOutOfOrderMetadataProperties = true, // The order of members means nothing in JSON, a discriminator's neither.
        AllowTrailingCommas = false,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        ReadCommentHandling = JsonCommentHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };
}
