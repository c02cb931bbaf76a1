using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput;

/// <summary>The schema keywords that say to the model what the DataAnnotations attributes of a member will check.</summary>
internal static class AttributeKeywords
{
    public static void Add(JsonObject schema, JsonPropertyInfo property)
    {
        foreach (var attribute in MemberAttributes.Of(property)) Add(schema, attribute, IsText(schema));
    }

    private static void Add(JsonObject schema, ValidationAttribute attribute, bool isText)
    {
        switch (attribute)
        {
            case RangeAttribute range:
                if (Number(range.Minimum) is { } minimum) schema[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = minimum;
                if (Number(range.Maximum) is { } maximum) schema[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = maximum;
                break;
            case StringLengthAttribute length:
                if (length.MinimumLength > 0) schema["minLength"] = length.MinimumLength;
                schema["maxLength"] = length.MaximumLength;
                break;
            case LengthAttribute length:
                schema[isText ? "minLength" : "minItems"] = length.MinimumLength;
                schema[isText ? "maxLength" : "maxItems"] = length.MaximumLength;
                break;
            case MinLengthAttribute length:
                schema[isText ? "minLength" : "minItems"] = length.Length;
                break;
            case MaxLengthAttribute { Length: >= 0 } length:
                schema[isText ? "maxLength" : "maxItems"] = length.Length;
                break;
            case RequiredAttribute { AllowEmptyStrings: false } when isText && !schema.ContainsKey("minLength"):
                schema["minLength"] = 1;
                break;
            case RegularExpressionAttribute expression:
                schema["pattern"] = WholeText(expression.Pattern);
                break;
            case EmailAddressAttribute:
                schema["format"] = "email";
                break;
            case UrlAttribute:
                schema["format"] = "uri";
                break;
            case AllowedValuesAttribute allowed when Values(allowed.Values) is { } values:
                schema["enum"] = values;
                break;
            case DeniedValuesAttribute denied when Values(denied.Values) is { } values:
                schema["not"] = new JsonObject { ["enum"] = values };
                break;
            case Base64StringAttribute:
                schema["contentEncoding"] = "base64";
                break;
        }
    }

    /// <summary>The attribute matches the whole text, the keyword any part of it.</summary>
    private static string WholeText(string pattern)
        => pattern.StartsWith('^') && pattern.EndsWith('$') ? pattern : $"^(?:{pattern})$";

    private static bool IsText(JsonObject schema) => schema["type"] switch
    {
        JsonValue type => type.GetValue<string>() == "string",
        JsonArray types => types.Any(t => t?.GetValue<string>() == "string"),
        _ => false,
    };

    /// <summary>Null for a bound that is not a number, such as a date's: it is checked all the same, after the answer.</summary>
    private static JsonNode? Number(object? bound) => bound switch
    {
        int number => number,
        double number when double.IsFinite(number) => Math.Abs(number) < 1e15 ? (decimal)number : number,
        string text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static JsonArray? Values(object?[] values)
    {
        var array = new JsonArray();
        foreach (var value in values)
        {
            switch (value)
            {
                case null: array.Add((JsonNode?)null); break;
                case string text: array.Add((JsonNode)text); break;
                case bool flag: array.Add((JsonNode)flag); break;
                case int number: array.Add((JsonNode)number); break;
                case long number: array.Add((JsonNode)number); break;
                case double number: array.Add((JsonNode)number); break;
                default: return null;
            }
        }

        return array;
    }
}
