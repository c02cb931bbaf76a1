using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput;

/// <summary>
/// Which parts of a member may be null by its nullable annotation: the items of its lists and the values of its
/// dictionaries, which the serializer's contract does not say.
/// </summary>
/// <remarks>
/// A trimmed application keeps the annotations only where <c>NullabilityInfoContextSupport</c> is true, which this
/// package sets. Where they are gone, items count as non-null: refusing a null is an error that is seen.
/// </remarks>
internal static class Nullability
{
    private static readonly bool IsSupported = !AppContext.TryGetSwitch("System.Reflection.NullabilityInfoContext.IsSupported", out var on) || on;

    public static NullabilityInfo? Of(JsonPropertyInfo property)
    {
        if (!IsSupported) return null;
        var context = new NullabilityInfoContext();
        return property.AttributeProvider switch
        {
            PropertyInfo member => context.Create(member),
            FieldInfo field => context.Create(field),
            _ => property.AssociatedParameter?.AttributeProvider is ParameterInfo parameter ? context.Create(parameter) : null,
        };
    }

    /// <summary>The annotation of the items of a list, or of the values of a dictionary; null for anything else.</summary>
    public static NullabilityInfo? OfItems(NullabilityInfo info)
        => info.ElementType ?? (info.GenericTypeArguments is [.., var last] ? last : null);

    public static bool MayBeNull(NullabilityInfo info)
        => !info.Type.IsValueType && (info.ReadState == NullabilityState.Nullable || info.WriteState == NullabilityState.Nullable);
}
