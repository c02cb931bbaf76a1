using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput;

/// <summary>
/// The DataAnnotations attributes of a member: of the property or field itself, and of the positional record's
/// parameter behind it, where <c>Validator</c> does not look.
/// </summary>
internal static class MemberAttributes
{
    public static ValidationAttribute[] Of(JsonPropertyInfo property)
    {
        var own = property.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true) ?? [];
        var parameters = property.AssociatedParameter?.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true) ?? [];
        return [.. own.Concat(parameters).OfType<ValidationAttribute>()];
    }
}
