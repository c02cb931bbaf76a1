using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput;

/// <summary>
/// Which types an answer can be read as. What cannot is refused before anything is asked and paid for, and a member that
/// nothing could set is no member of an answer: its value would be taken and dropped.
/// </summary>
internal static class ReadableTypes
{
    /// <summary>Takes away members without a setter and without a constructor's parameter, such as computed ones.</summary>
    public static void KeepSettable(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object) return;
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            var property = type.Properties[i];
            var isFilled = (property.ObjectCreationHandling ?? type.PreferredPropertyObjectCreationHandling) == JsonObjectCreationHandling.Populate;
            if (property.Set is null && property.AssociatedParameter is null && !property.IsExtensionData && !isFilled) type.Properties.RemoveAt(i);
        }
    }

    /// <exception cref="NotSupportedException">A type cannot be read; the message names it and says what to do.</exception>
    public static void Check(JsonTypeInfo root) => Check(root, isBranch: false, []);

    private static void Check(JsonTypeInfo type, bool isBranch, HashSet<JsonTypeInfo> seen)
    {
        if (!seen.Add(type)) return;
        if (type.ElementType is { } element) Check(type.Options.GetTypeInfo(element), isBranch: false, seen);
        if (type.Kind != JsonTypeInfoKind.Object) return;
        if (type.PolymorphismOptions is { } union)
        {
            foreach (var derived in union.DerivedTypes) Check(type.Options.GetTypeInfo(derived.DerivedType), isBranch: true, seen);
        }
        else if (type.Type.IsAbstract)
        {
            throw Unreadable(type, "it is abstract or an interface. Name the types it can be with [JsonPolymorphic] and [JsonDerivedType], or use one of them");
        }
        else if (type.CreateObject is null && !type.Properties.Any(property => property.AssociatedParameter is not null))
        {
            throw Unreadable(type, "it has no constructor that can be used. Give it a public one, or mark one with [JsonConstructor]");
        }
        else if (type.Properties.Count == 0 && !isBranch)
        {
            throw Unreadable(type, "it has no members that an answer could set: fields, tuples and properties without a setter do not count. Use a record, or properties with a setter");
        }

        foreach (var property in type.Properties) Check(type.Options.GetTypeInfo(property.PropertyType), isBranch: false, seen);
    }

    private static NotSupportedException Unreadable(JsonTypeInfo type, string why) => new($"An answer cannot be read as {type.Type}: {why}.");
}
