using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.Dialects.Tests;

/// <summary>The model in the middle as canonical JSON, so that tests compare by value and failures can be read.</summary>
internal static class Middle
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameKinds, LeaveOutEmptyLists, LeaveOutUndefined } },
    };

    public static string Dump(object value) => JsonSerializer.Serialize(value, value.GetType(), Options);

    /// <summary>Both as JSON, whatever the order of members and the space between them.</summary>
    public static void AssertSameJson(string expected, string actual)
    {
        using var left = JsonDocument.Parse(expected);
        using var right = JsonDocument.Parse(actual);
        if (!JsonElement.DeepEquals(left.RootElement, right.RootElement)) Assert.Equal(Pretty(left), Pretty(right));
    }

    public static void AssertSame(object expected, object actual) => Assert.Equal(Dump(expected), Dump(actual));

    private static string Pretty(JsonDocument document) => JsonSerializer.Serialize(document.RootElement, Options);

    private static void NameKinds(JsonTypeInfo type)
    {
        if (type.Type != typeof(LlmPart) && type.Type != typeof(LlmDelta)) return;
        type.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "$kind" };
        foreach (var kind in type.Type.Assembly.GetTypes().Where(t => t.BaseType == type.Type)) type.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(kind, kind.Name));
    }

    private static void LeaveOutEmptyLists(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.PropertyType != typeof(string) && typeof(System.Collections.IEnumerable).IsAssignableFrom(property.PropertyType))
            {
                property.ShouldSerialize = static (_, value) => value is System.Collections.IEnumerable all && all.GetEnumerator().MoveNext();
            }
        }
    }

    private static void LeaveOutUndefined(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.PropertyType == typeof(JsonElement)) property.ShouldSerialize = static (_, value) => value is JsonElement { ValueKind: not JsonValueKind.Undefined };
        }
    }
}
