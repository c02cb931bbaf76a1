using System.Text;
using System.Text.Json;

namespace LlmGateway.Cli.Filters;

/// <summary>Writes what is wrong with a value: <c>"errors":[{"instance","schema","message"}]</c>, both places as JSON Pointers.</summary>
internal static class ErrorJson
{
    /// <param name="json">Where to.</param>
    /// <param name="errors">The errors.</param>
    /// <param name="whereNoRule">What stands for the place of the rule where no rule of a schema was broken.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<ValidationError> errors, string? whereNoRule)
    {
        json.WriteStartArray("errors");
        foreach (var error in errors)
        {
            json.WriteStartObject();
            Write(json, "instance", error.Pointer);
            Write(json, "schema", error.SchemaPointer ?? whereNoRule);
            Write(json, "message", error.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Half of a surrogate pair, which a pattern that a message quotes may hold, can only be written as an escape.</summary>
    private static void Write(Utf8JsonWriter json, string name, string? text)
    {
        if (text is null || !HasHalfPair(text))
        {
            json.WriteString(name, text);
            return;
        }

        var escaped = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is < ' ' or '"' or '\\' || char.IsSurrogate(c)) escaped.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else escaped.Append(c);
        }

        json.WritePropertyName(name);
        json.WriteRawValue(escaped.Append('"').ToString(), skipInputValidation: true);
    }

    private static bool HasHalfPair(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[++i])) return true;
        }

        return false;
    }
}
