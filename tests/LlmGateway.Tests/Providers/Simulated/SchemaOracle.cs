using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmGateway.Tests.Providers.Simulated;

/// <summary>A plain validator of the tests' own, written apart from the provider's: the generated answers are held against it.</summary>
internal static class SchemaOracle
{
    public static bool Accepts(JsonElement value, JsonElement schema) => Accepts(value, schema, schema);

    private static bool Accepts(JsonElement value, JsonElement schema, JsonElement root)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False) return schema.ValueKind == JsonValueKind.True;
        foreach (var keyword in schema.EnumerateObject())
        {
            if (!Holds(value, keyword.Name, keyword.Value, schema, root)) return false;
        }

        return true;
    }

    private static bool Holds(JsonElement value, string keyword, JsonElement asked, JsonElement schema, JsonElement root)
    {
        var number = value.ValueKind == JsonValueKind.Number ? value.GetDecimal() : (decimal?)null;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var count = value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : (int?)null;
        switch (keyword)
        {
            case "type":
                return asked.ValueKind == JsonValueKind.String ? IsType(value, asked.GetString()!) : asked.EnumerateArray().Any(type => IsType(value, type.GetString()!));
            case "const":
                return JsonElement.DeepEquals(value, asked);
            case "enum":
                return asked.EnumerateArray().Any(allowed => JsonElement.DeepEquals(value, allowed));
            case "minimum":
                return number is null || number >= asked.GetDecimal();
            case "maximum":
                return number is null || number <= asked.GetDecimal();
            case "exclusiveMinimum":
                return number is null || number > asked.GetDecimal();
            case "exclusiveMaximum":
                return number is null || number < asked.GetDecimal();
            case "multipleOf":
                return number is null || number % asked.GetDecimal() == 0;
            case "minLength":
                return text is null || new StringInfo(text).LengthInTextElements >= asked.GetInt32();
            case "maxLength":
                return text is null || text.Length <= asked.GetInt32();
            case "pattern":
                return text is null || Regex.IsMatch(text, asked.GetString()!, RegexOptions.ECMAScript);
            case "format":
                return text is null || IsFormat(text, asked.GetString()!);
            case "minItems":
                return count is null || count >= asked.GetInt32();
            case "maxItems":
                return count is null || count <= asked.GetInt32();
            case "uniqueItems":
                return count is null || !asked.GetBoolean() || value.EnumerateArray().Select(item => item.GetRawText()).Distinct().Count() == count;
            case "items":
                return count is null || value.EnumerateArray().Skip(schema.TryGetProperty("prefixItems", out var prefix) ? prefix.GetArrayLength() : 0).All(item => Accepts(item, asked, root));
            case "prefixItems":
                return count is null || value.EnumerateArray().Zip(asked.EnumerateArray()).All(pair => Accepts(pair.First, pair.Second, root));
            case "required":
                return value.ValueKind != JsonValueKind.Object || asked.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _));
            case "properties":
                return value.ValueKind != JsonValueKind.Object || value.EnumerateObject().All(member => !asked.TryGetProperty(member.Name, out var own) || Accepts(member.Value, own, root));
            case "additionalProperties":
                return value.ValueKind != JsonValueKind.Object || value.EnumerateObject().All(member =>
                    (schema.TryGetProperty("properties", out var declared) && declared.TryGetProperty(member.Name, out _)) || Accepts(member.Value, asked, root));
            case "minProperties":
                return value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Count() >= asked.GetInt32();
            case "allOf":
                return asked.EnumerateArray().All(branch => Accepts(value, branch, root));
            case "anyOf":
                return asked.EnumerateArray().Any(branch => Accepts(value, branch, root));
            case "oneOf":
                return asked.EnumerateArray().Count(branch => Accepts(value, branch, root)) == 1;
            case "$ref":
                return Accepts(value, asked.GetString()![1..].Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(root, (at, step) => at.GetProperty(step)), root);
            case "$defs" or "description" or "title" or "default":
                return true;
            default:
                throw new NotSupportedException($"The tests' validator does not know '{keyword}'.");
        }
    }

    private static bool IsType(JsonElement value, string type) => (value.ValueKind, type) switch
    {
        (JsonValueKind.Null, "null") or (JsonValueKind.String, "string") or (JsonValueKind.Object, "object") or (JsonValueKind.Array, "array") => true,
        (JsonValueKind.True or JsonValueKind.False, "boolean") => true,
        (JsonValueKind.Number, "number") => true,
        (JsonValueKind.Number, "integer") => value.GetDecimal() % 1 == 0,
        _ => false,
    };

    private static bool IsFormat(string text, string format) => format switch
    {
        "date" => DateOnly.TryParseExact(text, "O", out _),
        "date-time" => text.Contains('T') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        "time" => TimeOnly.TryParse(text.TrimEnd('Z'), CultureInfo.InvariantCulture, out _),
        "email" => System.Net.Mail.MailAddress.TryCreate(text, out var address) && address.Address == text,
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "hostname" => Uri.CheckHostName(text) == UriHostNameType.Dns,
        "ipv4" => Uri.CheckHostName(text) == UriHostNameType.IPv4,
        "ipv6" => Uri.CheckHostName(text) == UriHostNameType.IPv6,
        "duration" => text.StartsWith('P') && System.Xml.XmlConvert.ToTimeSpan(text) >= TimeSpan.Zero,
        _ => throw new NotSupportedException(format),
    };
}
