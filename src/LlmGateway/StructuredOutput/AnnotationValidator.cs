using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput;

/// <summary>
/// Checks an answer against the DataAnnotations attributes of its members and types and against
/// <see cref="IValidatableObject"/>, all the way down, through the serialization contract: trim-safe, and it sees the
/// attributes on the parameters of positional records.
/// </summary>
internal static class AnnotationValidator
{
    private static readonly ConditionalWeakTable<JsonTypeInfo, TypeRules> RulesByType = [];

    public static void Validate(object? value, JsonTypeInfo type, JsonPointer at, List<ValidationError> errors)
    {
        if (value is null) return;
        type = RuntimeType(value, type);
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                ValidateObject(value, type, at, errors);
                break;
            case JsonTypeInfoKind.Enumerable when value is IEnumerable items && ElementType(type) is { } element:
                var index = 0;
                foreach (var item in items) Validate(item, element, at.Item(index++), errors);
                break;
            case JsonTypeInfoKind.Dictionary when value is IDictionary entries && ElementType(type) is { } element:
                foreach (DictionaryEntry entry in entries) Validate(entry.Value, element, at.Member(entry.Key.ToString() ?? ""), errors);
                break;
        }
    }

    private static void ValidateObject(object value, JsonTypeInfo type, JsonPointer at, List<ValidationError> errors)
    {
        var rules = RulesByType.GetValue(type, TypeRules.Of);
        foreach (var (property, attributes) in rules.Members)
        {
            var member = property.Get!(value);
            var place = at.Member(property.Name);
            foreach (var attribute in attributes) Check(attribute, member, Context(value, property.Name, ClrNameOf(property)), place, errors);
            Validate(member, type.Options.GetTypeInfo(property.PropertyType), place, errors);
        }

        foreach (var attribute in rules.OfType) Check(attribute, value, Context(value, type.Type.Name), at, errors);
        if (value is IValidatableObject validatable) ValidateItself(validatable, type, at, errors);
    }

    private static void ValidateItself(IValidatableObject value, JsonTypeInfo type, JsonPointer at, List<ValidationError> errors)
    {
        foreach (var result in value.Validate(Context(value, type.Type.Name)))
        {
            if (result is null || result == ValidationResult.Success) continue;
            var places = result.MemberNames.Select(name => at.Member(JsonNameOf(type, name)).ToString()).DefaultIfEmpty(at.ToString());
            errors.AddRange(places.Select(place => new ValidationError(place, result.ErrorMessage ?? "is invalid")));
        }
    }

    private static void Check(ValidationAttribute attribute, object? value, ValidationContext context, JsonPointer at, List<ValidationError> errors)
    {
        if (attribute.GetValidationResult(value, context) is { } result && result != ValidationResult.Success)
        {
            errors.Add(new(at.ToString(), result.ErrorMessage ?? $"does not satisfy {attribute.GetType().Name}"));
        }
    }

    /// <summary>Messages show the JSON name, which the model knows; attributes that look at other members need the .NET one.</summary>
    private static ValidationContext Context(object instance, string displayName, string? memberName = null)
        => new(instance, displayName, serviceProvider: null, items: null) { MemberName = memberName };

    private static string JsonNameOf(JsonTypeInfo type, string clrName)
        => type.Properties.FirstOrDefault(p => ClrNameOf(p) == clrName)?.Name ?? clrName;

    private static string ClrNameOf(JsonPropertyInfo property) => (property.AttributeProvider as MemberInfo)?.Name ?? property.Name;

    private static JsonTypeInfo? ElementType(JsonTypeInfo type)
        => type.ElementType is { } element ? type.Options.GetTypeInfo(element) : null;

    /// <summary>A derived type has members of its own.</summary>
    private static JsonTypeInfo RuntimeType(object value, JsonTypeInfo declared)
        => value.GetType() != declared.Type && declared.Kind == JsonTypeInfoKind.Object && declared.Options.TryGetTypeInfo(value.GetType(), out var actual)
            ? actual
            : declared;

    private sealed record TypeRules(IReadOnlyList<(JsonPropertyInfo Property, ValidationAttribute[] Attributes)> Members, ValidationAttribute[] OfType)
    {
        public static TypeRules Of(JsonTypeInfo type) => new(
            [.. type.Properties.Where(p => p.Get is not null && !p.IsExtensionData).Select(p => (p, MemberAttributes.Of(p)))],
            [.. type.Type.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>()]);
    }
}
