using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput;

/// <summary>
/// Which members an answer must give: each that cannot be null. Without it the answer would hold a value that nobody gave, a
/// 0 or an empty string. Exempt is a constructor's parameter with a default of its own.
/// </summary>
internal static class RequiredMembers
{
    public static bool IsRequired(JsonPropertyInfo property)
    {
        if (property.IsRequired) return true;
        if (property.IsExtensionData) return false;
        if (property.AssociatedParameter is { } parameter) return !parameter.HasDefaultValue && !IsNullable(property);
        return property.Set is not null && !IsNullable(property);
    }

    /// <summary>Lets the serializer itself refuse an answer without them.</summary>
    public static void Require(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object) return;
        foreach (var property in type.Properties)
        {
            if (property.Set is not null && !property.IsRequired && IsRequired(property)) property.IsRequired = true;
        }
    }

    public static bool IsNullable(JsonPropertyInfo property)
        => Nullable.GetUnderlyingType(property.PropertyType) is not null || (!property.PropertyType.IsValueType && property.IsSetNullable && property.IsGetNullable);
}
