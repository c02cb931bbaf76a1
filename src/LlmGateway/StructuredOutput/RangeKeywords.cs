using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;

namespace LlmGateway.StructuredOutput;

/// <summary>The bounds of a <see cref="RangeAttribute"/>: keywords where they are numbers of a number, words where they are dates or texts.</summary>
internal static class RangeKeywords
{
    public static void Add(JsonObject schema, RangeAttribute range)
    {
        Add(schema, range, range.Minimum, range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum", range.MinimumIsExclusive ? "after" : "from");
        Add(schema, range, range.Maximum, range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum", range.MaximumIsExclusive ? "before" : "to");
    }

    private static void Add(JsonObject schema, RangeAttribute range, object? bound, string keyword, string word)
    {
        if (bound is double.PositiveInfinity or double.NegativeInfinity or float.PositiveInfinity or float.NegativeInfinity) return; // No bound.
        if (IsNumber(schema) && Number(range, bound) is { } number) schema[keyword] = number;
        else if (bound is not null) SchemaWords.Append(schema, $"{word} {Convert.ToString(bound, CultureInfo.InvariantCulture)}");
    }

    private static bool IsNumber(JsonObject schema) => schema["type"] switch
    {
        JsonValue type => type.GetValue<string>() is "integer" or "number",
        JsonArray types => types.Any(t => t?.GetValue<string>() is "integer" or "number"),
        _ => false,
    };

    /// <summary>A bound that is written as a text is read as the attribute itself reads it.</summary>
    private static JsonNode? Number(RangeAttribute range, object? bound) => bound switch
    {
        double number => Math.Abs(number) < 1e15 ? (decimal)number : number,
        string text when decimal.TryParse(text, NumberStyles.Float, range.ParseLimitsInInvariantCulture ? CultureInfo.InvariantCulture : CultureInfo.CurrentCulture, out var number) => number,
        sbyte or byte or short or ushort or int or uint or long or ulong or float or decimal => Convert.ToDecimal(bound, CultureInfo.InvariantCulture),
        _ => null,
    };
}
