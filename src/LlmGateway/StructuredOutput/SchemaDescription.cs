using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput;

/// <summary>What <see cref="DescriptionAttribute"/> says of a place: the member's own, or else the type's; and of each value of an enum.</summary>
internal static class SchemaDescription
{
    public static string? Of(JsonSchemaExporterContext context)
    {
        var text = Find(context.PropertyInfo?.AttributeProvider) ?? Find(context.PropertyInfo?.AssociatedParameter?.AttributeProvider) ?? Find(context.TypeInfo.Type);
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (!type.IsEnum || ValuesOf(type, context.TypeInfo.Options) is not { } values) return text;
        return text is null ? values : $"{text} {values}";
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The fields of an enum are kept with it; where they were not, words would be missing and no check.")]
    private static string? ValuesOf(Type type, JsonSerializerOptions options)
    {
        if (!options.TryGetTypeInfo(type, out var info)) return null;
        var lines = new List<string>();
        foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            if (Find(field) is { } text) lines.Add($"{NameOf(field, info)}: {text}");
        }

        return lines.Count == 0 ? null : string.Join(" ", lines);
    }

    private static string NameOf(FieldInfo field, JsonTypeInfo info) => JsonSerializer.SerializeToElement(field.GetValue(null), info).ToString();

    private static string? Find(ICustomAttributeProvider? provider)
        => provider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true).OfType<DescriptionAttribute>().FirstOrDefault()?.Description;
}
