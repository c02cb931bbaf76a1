using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput;

/// <summary>
/// The schema keywords that say to the model what the DataAnnotations attributes of a member will check, and words in the
/// description for what no keyword says.
/// </summary>
internal static class AttributeKeywords
{
    public static void Add(JsonObject schema, JsonPropertyInfo property)
    {
        foreach (var attribute in MemberAttributes.Of(property)) Add(schema, attribute, property);
        if (!schema.ContainsKey("default") && DefaultOf(property) is { } value && AttributeValues.Of([value.Value], property.Options) is [var json]) schema["default"] = json?.DeepClone();
    }

    /// <summary>Whether an attribute refuses a null, whatever the annotation says.</summary>
    public static bool MustBeGiven(JsonPropertyInfo property) => MemberAttributes.Of(property).Any(attribute => attribute is RequiredAttribute);

    private static void Add(JsonObject schema, ValidationAttribute attribute, JsonPropertyInfo property)
    {
        switch (attribute)
        {
            case RangeAttribute range:
                RangeKeywords.Add(schema, range);
                break;
            case StringLengthAttribute length:
                Bound(schema, property, length.MinimumLength, length.MaximumLength);
                break;
            case LengthAttribute length:
                Bound(schema, property, length.MinimumLength, length.MaximumLength);
                break;
            case MinLengthAttribute length:
                Bound(schema, property, length.Length, null);
                break;
            case MaxLengthAttribute length:
                Bound(schema, property, 0, length.Length < 0 ? null : length.Length);
                break;
            case RequiredAttribute required:
                RefuseNull(schema);
                if (!required.AllowEmptyStrings && IsText(schema) && !schema.ContainsKey("minLength") && !IsFixed(schema)) schema["minLength"] = 1;
                break;
            case RegularExpressionAttribute expression:
                if (AttributePattern.Of(expression.Pattern) is { } pattern) schema["pattern"] = pattern;
                else SchemaWords.Append(schema, $"must match the .NET regular expression {expression.Pattern} as a whole");
                break;
            case EmailAddressAttribute:
                schema["format"] = "email";
                break;
            case UrlAttribute:
                schema["format"] = "uri";
                SchemaWords.Append(schema, "a full address that begins with http://, https:// or ftp://");
                break;
            case PhoneAttribute:
                SchemaWords.Append(schema, "a telephone number");
                break;
            case CreditCardAttribute:
                SchemaWords.Append(schema, "a credit card number");
                break;
            case FileExtensionsAttribute extensions:
                SchemaWords.Append(schema, $"a file name that ends with one of: {string.Join(", ", extensions.Extensions.Split(',').Select(e => "." + e.Trim().TrimStart('.')))}");
                break;
            case Base64StringAttribute:
                schema["contentEncoding"] = "base64";
                break;
            case EnumDataTypeAttribute { EnumType: var type } when IsText(schema) && !type.IsDefined(typeof(FlagsAttribute)):
                schema["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => (JsonNode)name)]);
                break;
            case AllowedValuesAttribute allowed:
                if (AttributeValues.Of(allowed.Values, property.Options) is { } values) schema["enum"] = values;
                else SchemaWords.Append(schema, $"one of: {string.Join(", ", allowed.Values)}");
                break;
            case DeniedValuesAttribute denied:
                if (AttributeValues.Of(denied.Values, property.Options) is { } refused) schema["not"] = new JsonObject { ["enum"] = refused };
                else SchemaWords.Append(schema, $"none of: {string.Join(", ", denied.Values)}");
                break;
            case CompareAttribute compare:
                SchemaWords.Append(schema, $"the same as {NameOf(compare.OtherProperty, property)}");
                break;
        }
    }

    /// <summary>A length is of a text's characters, of a list's items, of a dictionary's entries, or of bytes, which their base64 has no keyword for.</summary>
    private static void Bound(JsonObject schema, JsonPropertyInfo property, int least, int? most)
    {
        if (property.PropertyType == typeof(byte[]))
        {
            if (least > 0) SchemaWords.Append(schema, $"at least {least} bytes");
            if (most is { } bytes) SchemaWords.Append(schema, $"at most {bytes} bytes");
            return;
        }

        var of = IsText(schema) ? "Length" : HasType(schema, "array") ? "Items" : "Properties";
        if (least > 0) schema["min" + of] = least;
        if (most is { } bound) schema["max" + of] = bound;
    }

    private static void RefuseNull(JsonObject schema)
    {
        if (schema["type"] is JsonArray types)
        {
            var left = types.Select(type => type!.GetValue<string>()).Where(type => type != "null").ToList();
            schema["type"] = left.Count == 1 ? left[0] : new JsonArray([.. left.Select(type => (JsonNode)type)]);
        }

        if (schema["enum"] is JsonArray values)
        {
            for (var i = values.Count - 1; i >= 0; i--)
            {
                if (values[i] is null) values.RemoveAt(i);
            }
        }

        if (schema["anyOf"] is JsonArray branches)
        {
            for (var i = branches.Count - 1; i >= 0; i--)
            {
                if (branches[i] is JsonObject { Count: 1 } branch && branch["type"] is JsonValue type && type.GetValue<string>() == "null") branches.RemoveAt(i);
            }
        }
    }

    private static bool IsFixed(JsonObject schema) => schema.ContainsKey("enum") || schema.ContainsKey("const");

    private static bool IsText(JsonObject schema) => HasType(schema, "string");

    private static bool HasType(JsonObject schema, string name) => schema["type"] switch
    {
        JsonValue type => type.GetValue<string>() == name,
        JsonArray types => types.Any(t => t?.GetValue<string>() == name),
        _ => false,
    };

    private static DefaultValueAttribute? DefaultOf(JsonPropertyInfo property)
        => property.AttributeProvider?.GetCustomAttributes(typeof(DefaultValueAttribute), inherit: true).OfType<DefaultValueAttribute>().FirstOrDefault()
            ?? property.AssociatedParameter?.AttributeProvider?.GetCustomAttributes(typeof(DefaultValueAttribute), inherit: true).OfType<DefaultValueAttribute>().FirstOrDefault();

    /// <summary>The model knows the other member by its JSON name.</summary>
    private static string NameOf(string clrName, JsonPropertyInfo property)
        => property.Options.TryGetTypeInfo(property.DeclaringType, out var type)
            ? type.Properties.FirstOrDefault(p => (p.AttributeProvider as MemberInfo)?.Name == clrName)?.Name ?? clrName
            : clrName;
}
