using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmGateway.StructuredOutput;

/// <summary>Reads a decimal only where it holds the number exactly; System.Text.Json rounds what is too long.</summary>
internal sealed class StrictDecimalConverter : JsonConverter<decimal>
{
    /// <summary>A decimal holds any 28 digits, with the point anywhere among them.</summary>
    private const int AlwaysExactLength = 28;

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number) throw new JsonException("must be a number");
        if (!reader.HasValueSequence && reader.ValueSpan.Length <= AlwaysExactLength && reader.ValueSpan.IndexOfAny((byte)'e', (byte)'E') < 0) return reader.GetDecimal();

        var text = Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan);
        if (!reader.TryGetDecimal(out var value) || Canonical(text) != Canonical(value.ToString(CultureInfo.InvariantCulture)))
        {
            throw new JsonException($"is {text}, which a decimal cannot hold without rounding");
        }

        return value;
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value);

    /// <summary>The significant digits and the power of ten: the same for every way of writing the same number.</summary>
    private static (bool IsNegative, string Digits, long Exponent) Canonical(string text)
    {
        var isNegative = text.StartsWith('-');
        var mantissa = text.AsSpan(isNegative ? 1 : 0);
        long exponent = 0;
        if (mantissa.IndexOfAny('e', 'E') is >= 0 and var e)
        {
            if (!long.TryParse(mantissa[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)) return (isNegative, text, 0);
            mantissa = mantissa[..e];
        }

        var point = mantissa.IndexOf('.');
        var digits = point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        if (point >= 0) exponent -= mantissa.Length - point - 1;
        var trimmed = digits.TrimEnd('0');
        exponent += digits.Length - trimmed.Length;
        trimmed = trimmed.TrimStart('0');
        return trimmed.Length == 0 ? (false, "", 0) : (isNegative, trimmed, exponent);
    }
}

/// <summary>Reads a double only where it is finite; System.Text.Json makes 1e400 infinity.</summary>
internal sealed class FiniteDoubleConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value)
            ? value
            : throw new JsonException("must be a number that a double can hold");

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>Reads a float only where it is finite.</summary>
internal sealed class FiniteSingleConverter : JsonConverter<float>
{
    public override float Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out var value) && float.IsFinite(value)
            ? value
            : throw new JsonException("must be a number that a float can hold");

    public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
