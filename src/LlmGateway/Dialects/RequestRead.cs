using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace LlmGateway.Dialects;

/// <summary>
/// Reads of a caller's request. What is absent or null is not said; what is said in a form that can't be read is refused, with its
/// name: left out unseen, the answer would be to another question.
/// </summary>
internal static class RequestRead
{
    /// <summary>Two members of one name mean two things to two readers: the gateway would count one, and the vendor answer the other.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a body, whatever its bytes.</summary>
    /// <exception cref="DialectException">The body is not JSON, says something twice, or holds text that is none.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> body, string what, Func<JsonElement, T> read)
    {
        if (!Utf8.IsValid(body.Span)) throw Invalid($"{what} is not JSON: it holds bytes that are not UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(body, Strict);

            // Only such an escape can be half of a character, and few texts have one.
            if (body.Span.IndexOf("\\ud"u8) >= 0 || body.Span.IndexOf("\\uD"u8) >= 0) CheckTexts(document.RootElement);
            return read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new DialectException(ProviderErrorKind.InvalidRequest, $"{what} is not JSON that can be read: {e.Message}", innerException: e);
        }
        catch (InvalidOperationException e)
        {
            throw new DialectException(ProviderErrorKind.InvalidRequest, $"{what} holds half of a surrogate pair (such as \\ud83d by itself), which is no text.", innerException: e);
        }
    }

    /// <summary>A text.</summary>
    public static string? AskedText(this JsonElement element, ReadOnlySpan<byte> name, string within = "")
        => element.Said(name) is not { } value ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Not("a string", name, within);

    /// <summary>True or false.</summary>
    public static bool? AskedFlag(this JsonElement element, ReadOnlySpan<byte> name, string within = "")
        => element.Said(name) is not { } value ? null : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Not("true or false", name, within);

    /// <summary>A finite number.</summary>
    /// <param name="element">The object.</param>
    /// <param name="name">Its member.</param>
    /// <param name="within">Where the object stands, with the dot behind it; empty for the request itself.</param>
    /// <param name="mayBeText">Whether a string that holds a number is one, as in the JSON of protocol buffers.</param>
    public static double? AskedReal(this JsonElement element, ReadOnlySpan<byte> name, string within = "", bool mayBeText = false)
    {
        if (element.Said(name) is not { } value) return null;
        return Number(value, mayBeText) is { } number && number.TryGetDouble(out var real) && double.IsFinite(real) ? real : throw Not("a number", name, within);
    }

    /// <summary>A whole number, also where it is written as one with a fraction of zero.</summary>
    /// <inheritdoc cref="AskedReal"/>
    public static long? AskedWhole(this JsonElement element, ReadOnlySpan<byte> name, string within = "", bool mayBeText = false)
    {
        if (element.Said(name) is not { } value) return null;
        if (Number(value, mayBeText) is { } number)
        {
            if (number.TryGetInt64(out var whole)) return whole;
            if (number.TryGetDecimal(out var exact) && exact == decimal.Truncate(exact) && exact is >= long.MinValue and <= long.MaxValue) return (long)exact;
        }

        throw Not("a whole number", name, within);
    }

    /// <summary>A whole number that fits 32 bits.</summary>
    /// <inheritdoc cref="AskedReal"/>
    public static int? AskedInt(this JsonElement element, ReadOnlySpan<byte> name, string within = "", bool mayBeText = false) => element.AskedWhole(name, within, mayBeText) switch
    {
        null => null,
        >= int.MinValue and <= int.MaxValue and var value => (int)value,
        _ => throw Not($"a number up to {int.MaxValue}", name, within),
    };

    /// <summary>An object.</summary>
    public static JsonElement? AskedObject(this JsonElement element, ReadOnlySpan<byte> name, string within = "")
        => element.Said(name) is not { } value ? null : value.ValueKind == JsonValueKind.Object ? value : throw Not("an object", name, within);

    /// <summary>An object, where the member is not a text, which is read as such elsewhere.</summary>
    public static JsonElement? AskedObjectOrText(this JsonElement element, ReadOnlySpan<byte> name, string within = "")
        => element.Said(name) is not { } value || value.ValueKind == JsonValueKind.String ? null : value.ValueKind == JsonValueKind.Object ? value : throw Not("a string or an object", name, within);

    /// <summary>The items of a list.</summary>
    public static JsonElement.ArrayEnumerator AskedItems(this JsonElement element, ReadOnlySpan<byte> name, string within = "")
        => element.Said(name) is not { } value ? default : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Not("a list", name, within);

    /// <summary>The texts of a list, or the one text that stands in its place.</summary>
    public static List<string> AskedTexts(this JsonElement element, ReadOnlySpan<byte> name, string within = "")
    {
        if (element.Said(name) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        if (value.ValueKind != JsonValueKind.Array) throw Not("a string or a list of strings", name, within);
        var texts = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray()) texts.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Not("a list of strings", name, within));
        return texts;
    }

    private static JsonElement? Said(this JsonElement element, ReadOnlySpan<byte> name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static JsonElement? Number(JsonElement value, bool mayBeText)
    {
        if (value.ValueKind == JsonValueKind.Number) return value;
        if (!mayBeText || value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return JsonElement.Parse(value.GetString()!) is { ValueKind: JsonValueKind.Number } number ? number : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads every text once, since the parser takes any bytes inside a string.</summary>
    /// <exception cref="InvalidOperationException">One is none.</exception>
    public static void CheckTexts(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray()) CheckTexts(item);
                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    _ = member.Name;
                    CheckTexts(member.Value);
                }

                break;
        }
    }

    private static DialectException Not(string what, ReadOnlySpan<byte> name, string within) => Invalid($"{within}{Encoding.UTF8.GetString(name)} is not {what}.");

    private static DialectException Invalid(string message) => new(ProviderErrorKind.InvalidRequest, message);
}
