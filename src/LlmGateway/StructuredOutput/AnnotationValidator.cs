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

    public static void Validate(object? value, JsonTypeInfo type, JsonPlace at, List<ValidationError> errors)
    {
        if (value is null || !RulesByType.GetValue(type, TypeRules.Of).Exist) return;
        type = RuntimeType(value, type);
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                ValidateObject(value, type, at, errors);
                break;
            case JsonTypeInfoKind.Enumerable when value is IEnumerable items && TypeRules.ElementOf(type) is { Kind: not JsonTypeInfoKind.None } element:
                var index = 0;
                foreach (var item in items)
                {
                    at.Enter(index++);
                    Validate(item, element, at, errors);
                    at.Leave();
                }

                break;
            case JsonTypeInfoKind.Dictionary when value is IDictionary entries && TypeRules.ElementOf(type) is { Kind: not JsonTypeInfoKind.None } element:
                foreach (DictionaryEntry entry in entries)
                {
                    at.Enter(entry.Key.ToString() ?? "");
                    Validate(entry.Value, element, at, errors);
                    at.Leave();
                }

                break;
        }
    }

    private static void ValidateObject(object value, JsonTypeInfo type, JsonPlace at, List<ValidationError> errors)
    {
        var rules = RulesByType.GetValue(type, TypeRules.Of);
        foreach (var (property, propertyType, attributes) in rules.Members)
        {
            var member = property.Get!(value);
            at.Enter(property.Name);
            foreach (var attribute in attributes)
            {
                if (!SaysYes(attribute, member)) Check(attribute, member, Context(value, property.Name, TypeRules.ClrNameOf(property)), at, errors);
            }

            Validate(member, propertyType, at, errors);
            at.Leave();
        }

        foreach (var attribute in rules.OfType) Check(attribute, value, Context(value, type.Type.Name), at, errors);
        if (value is IValidatableObject validatable) ValidateItself(validatable, type, at, errors);
    }

    private static void ValidateItself(IValidatableObject value, JsonTypeInfo type, JsonPlace at, List<ValidationError> errors)
    {
        foreach (var result in value.Validate(Context(value, type.Type.Name)))
        {
            if (result is null || result == ValidationResult.Success) continue;
            var places = result.MemberNames.Select(name => at.Of(TypeRules.JsonNameOf(type, name))).DefaultIfEmpty(at.ToString());
            errors.AddRange(places.Select(place => new ValidationError(place, result.ErrorMessage ?? "is invalid")));
        }
    }

    /// <summary>
    /// The framework's own attributes that look at nothing but the value can be asked without a context, which costs more than
    /// the check. A caller's attribute may need one even where it does not say so.
    /// </summary>
    private static bool SaysYes(ValidationAttribute attribute, object? value)
        => !attribute.RequiresValidationContext && attribute.GetType().Assembly == typeof(ValidationAttribute).Assembly && attribute.IsValid(value);

    private static void Check(ValidationAttribute attribute, object? value, ValidationContext context, JsonPlace at, List<ValidationError> errors)
    {
        if (attribute.GetValidationResult(value, context) is { } result && result != ValidationResult.Success)
        {
            errors.Add(new(at.ToString(), result.ErrorMessage ?? $"does not satisfy {attribute.GetType().Name}"));
        }
    }

    /// <summary>Messages show the JSON name, which the model knows; attributes that look at other members need the .NET one.</summary>
    private static ValidationContext Context(object instance, string displayName, string? memberName = null)
        => new(instance, displayName, serviceProvider: null, items: null) { MemberName = memberName };

    /// <summary>A derived type has members of its own.</summary>
    private static JsonTypeInfo RuntimeType(object value, JsonTypeInfo declared)
        => value.GetType() != declared.Type && declared.Kind == JsonTypeInfoKind.Object && declared.Options.TryGetTypeInfo(value.GetType(), out var actual)
            ? actual
            : declared;

    /// <summary>What there is to check in a type. A member of a plain value without attributes is left out.</summary>
    private sealed record TypeRules(bool Exist, IReadOnlyList<(JsonPropertyInfo Property, JsonTypeInfo Type, ValidationAttribute[] Attributes)> Members, ValidationAttribute[] OfType)
    {
        public static TypeRules Of(JsonTypeInfo type) => new(
            HasRules(type, []),
            [.. from property in type.Properties
                where property.Get is not null && !property.IsExtensionData
                let attributes = MemberAttributes.Of(property)
                let propertyType = type.Options.GetTypeInfo(property.PropertyType)
                where attributes.Length > 0 || HasRules(propertyType, [])
                select (property, propertyType, attributes)],
            [.. type.Type.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>()]);

        public static JsonTypeInfo? ElementOf(JsonTypeInfo type)
            => type.ElementType is { } element ? type.Options.GetTypeInfo(element) : null;

        public static string JsonNameOf(JsonTypeInfo type, string clrName)
            => type.Properties.FirstOrDefault(p => ClrNameOf(p) == clrName)?.Name ?? clrName;

        public static string ClrNameOf(JsonPropertyInfo property) => (property.AttributeProvider as MemberInfo)?.Name ?? property.Name;

        /// <summary>Whether anything at or below a type could object. What cannot be known from the type alone counts as if it could.</summary>
        public static bool HasRules(JsonTypeInfo type, HashSet<JsonTypeInfo> above)
        {
            if (type.Kind == JsonTypeInfoKind.None || !above.Add(type)) return false;
            if (type.Kind != JsonTypeInfoKind.Object) return ElementOf(type) is { } element && HasRules(element, above);
            return type.PolymorphismOptions is not null
                || type.Type is { IsAbstract: true } or { IsInterface: true }
                || typeof(IValidatableObject).IsAssignableFrom(type.Type)
                || type.Type.IsDefined(typeof(ValidationAttribute), inherit: true)
                || type.Properties.Any(p => MemberAttributes.Of(p).Length > 0 || HasRules(type.Options.GetTypeInfo(p.PropertyType), above));
        }
    }
}
