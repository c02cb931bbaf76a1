using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput;

/// <summary>How much of what a type's schema says the serializer checks by itself while it reads.</summary>
internal enum SerializerChecks
{
    /// <summary>Not all: the schema must be asked.</summary>
    None,

    /// <summary>All but nulls in places for which the serializer has no annotation: the items of lists, the values of dictionaries.</summary>
    AllButNulls,

    /// <summary>All.</summary>
    All,
}

/// <summary>Finds out from a contract, once for each type. What is not known to be checked counts as unchecked.</summary>
internal static class SerializerCoverage
{
    private static readonly HashSet<Type> Plain =
    [
        typeof(string), typeof(bool), typeof(char), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(decimal), typeof(double), typeof(float), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Guid),
        typeof(Uri), typeof(Version), typeof(byte[]), typeof(JsonElement), typeof(JsonDocument), typeof(JsonNode), typeof(JsonObject), typeof(JsonArray), typeof(object),
    ];

    public static SerializerChecks Of(JsonTypeInfo type) => Of(type, []);

    private static SerializerChecks Of(JsonTypeInfo type, HashSet<JsonTypeInfo> above)
    {
        if (!above.Add(type)) return SerializerChecks.All; // It is being looked at already, higher up.
        return type.Kind switch
        {
            JsonTypeInfoKind.None => Plain.Contains(Nullable.GetUnderlyingType(type.Type) ?? type.Type) ? SerializerChecks.All : SerializerChecks.None,
            JsonTypeInfoKind.Object => OfMembers(type, above),
            JsonTypeInfoKind.Dictionary when type.KeyType != typeof(string) => SerializerChecks.None,
            JsonTypeInfoKind.Dictionary or JsonTypeInfoKind.Enumerable when type.ElementType is { } element => OfItems(type.Options.GetTypeInfo(element), above),
            _ => SerializerChecks.None,
        };
    }

    private static SerializerChecks OfItems(JsonTypeInfo item, HashSet<JsonTypeInfo> above)
    {
        var checks = Of(item, above);
        return item.Type.IsValueType ? checks : Min(checks, SerializerChecks.AllButNulls);
    }

    private static SerializerChecks OfMembers(JsonTypeInfo type, HashSet<JsonTypeInfo> above)
    {
        if (type.PolymorphismOptions is not null || type.NumberHandling is not null) return SerializerChecks.None;
        var checks = SerializerChecks.All;
        foreach (var property in type.Properties)
        {
            if (property.IsExtensionData || (property.Set is null && property.AssociatedParameter is null)) continue;
            if (property.CustomConverter is not null || property.NumberHandling is not null) return SerializerChecks.None;
            if (RequiredMembers.IsRequired(property) && !property.IsRequired && property.AssociatedParameter is null) return SerializerChecks.None;
            checks = Min(checks, Of(type.Options.GetTypeInfo(property.PropertyType), above));
            if (!property.PropertyType.IsValueType && property.IsSetNullable && !SaysNull(property)) checks = Min(checks, SerializerChecks.AllButNulls);
        }

        return checks;
    }

    /// <summary>Whether the annotation itself allows null. Code without annotations says nothing, and then the schema does not allow it.</summary>
    private static bool SaysNull(JsonPropertyInfo property) => Nullability.Of(property) is { } known && Nullability.MayBeNull(known);

    private static SerializerChecks Min(SerializerChecks left, SerializerChecks right) => left < right ? left : right;
}
