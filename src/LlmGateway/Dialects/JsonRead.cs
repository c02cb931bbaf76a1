using System.Text.Json;

namespace LlmGateway.Dialects;

/// <summary>Reads of members that may be absent or of another type than documented, neither of which may throw.</summary>
internal static class JsonRead
{
    public static string? Text(this JsonElement element, ReadOnlySpan<byte> name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? TextOrNull(value)
            : null;

    public static JsonElement? Member(this JsonElement element, ReadOnlySpan<byte> name, JsonValueKind kind)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;

    /// <summary>A whole number; null where the member is absent, no number, or not whole.</summary>
    public static long? Whole(this JsonElement element, ReadOnlySpan<byte> name)
        => element.Member(name, JsonValueKind.Number) is { } number && number.TryGetInt64(out var value) ? value : null;

    /// <summary>A whole number that fits 32 bits.</summary>
    public static int? Int(this JsonElement element, ReadOnlySpan<byte> name) => element.Whole(name) is >= int.MinValue and <= int.MaxValue and var value ? (int)value : null;

    /// <summary>A finite number.</summary>
    public static double? Real(this JsonElement element, ReadOnlySpan<byte> name)
        => element.Member(name, JsonValueKind.Number) is { } number && number.TryGetDouble(out var value) && double.IsFinite(value) ? value : null;

    /// <summary>True or false.</summary>
    public static bool? Flag(this JsonElement element, ReadOnlySpan<byte> name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    /// <summary>An object.</summary>
    public static JsonElement? Object(this JsonElement element, ReadOnlySpan<byte> name) => element.Member(name, JsonValueKind.Object);

    /// <summary>The items of a list; none where the member is absent or no list.</summary>
    public static JsonElement.ArrayEnumerator Items(this JsonElement element, ReadOnlySpan<byte> name)
        => element.Member(name, JsonValueKind.Array) is { } list ? list.EnumerateArray() : default;

    /// <summary>The texts of a list, or the one text that stands in its place.</summary>
    public static List<string> Texts(this JsonElement element, ReadOnlySpan<byte> name)
    {
        var texts = new List<string>();
        if (element.Text(name) is { } only) texts.Add(only);
        foreach (var item in element.Items(name))
        {
            if (item.ValueKind == JsonValueKind.String && TextOrNull(item) is { } text) texts.Add(text);
        }

        return texts;
    }

    /// <summary>Refuses what is said in a form that can't be read, which would be left out unseen otherwise. What is absent or null is not said.</summary>
    /// <param name="element">The object.</param>
    /// <param name="name">Its member.</param>
    /// <param name="place">How the refusal names the member.</param>
    /// <param name="mayBeText">Whether a string may stand in the list's place.</param>
    /// <exception cref="DialectException">The member is neither a list nor, where it may be one, a string.</exception>
    public static void CheckList(this JsonElement element, ReadOnlySpan<byte> name, string place, bool mayBeText = true)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Array or JsonValueKind.Null || (mayBeText && value.ValueKind == JsonValueKind.String)) return;
        throw new DialectException(ProviderErrorKind.InvalidRequest, mayBeText ? $"{place} is neither a string nor a list." : $"{place} is not a list.");
    }

    /// <summary>Reads a body, whatever its bytes.</summary>
    /// <exception cref="DialectException">The body is not JSON, or holds text that is none.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> body, ProviderErrorKind kind, string what, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new DialectException(kind, $"{what} is not JSON.", innerException: e);
        }
        catch (InvalidOperationException e)
        {
            // The parser takes any bytes inside a string; only reading them shows that they are none.
            throw new DialectException(kind, $"{what} holds text that is not UTF-8.", innerException: e);
        }
    }

    /// <summary>A lone surrogate in an escape cannot be made a string.</summary>
    private static string? TextOrNull(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
