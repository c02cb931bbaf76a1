using System.Text.Json;

namespace LlmGateway.Dialects.Gemini;

/// <summary>Reads members by either of their names: the API takes camel case and the snake case of its protocol buffers.</summary>
internal static class GeminiJson
{
    public static JsonElement? Either(this JsonElement element, ReadOnlySpan<byte> camel, ReadOnlySpan<byte> snake)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        if (element.TryGetProperty(camel, out var value) || element.TryGetProperty(snake, out value)) return value.ValueKind == JsonValueKind.Null ? null : value;
        return null;
    }

    public static JsonElement? ObjectOf(this JsonElement element, ReadOnlySpan<byte> camel, ReadOnlySpan<byte> snake)
        => element.Either(camel, snake) is { ValueKind: JsonValueKind.Object } value ? value : null;

    public static string? TextOf(this JsonElement element, ReadOnlySpan<byte> camel, ReadOnlySpan<byte> snake) => element.Text(camel) ?? element.Text(snake);

    public static int? IntOf(this JsonElement element, ReadOnlySpan<byte> camel, ReadOnlySpan<byte> snake) => element.Int(camel) ?? element.Int(snake);

    public static JsonElement? AskedObjectOf(this JsonElement element, ReadOnlySpan<byte> camel, ReadOnlySpan<byte> snake, string within = "") => element.AskedObject(camel, within) ?? element.AskedObject(snake, within);

    public static string? AskedTextOf(this JsonElement element, ReadOnlySpan<byte> camel, ReadOnlySpan<byte> snake, string within) => element.AskedText(camel, within) ?? element.AskedText(snake, within);

    public static int? AskedIntOf(this JsonElement element, ReadOnlySpan<byte> camel, ReadOnlySpan<byte> snake, string within) => element.AskedInt(camel, within, mayBeText: true) ?? element.AskedInt(snake, within, mayBeText: true);

    public static double? AskedRealOf(this JsonElement element, ReadOnlySpan<byte> camel, ReadOnlySpan<byte> snake, string within) => element.AskedReal(camel, within, mayBeText: true) ?? element.AskedReal(snake, within, mayBeText: true);

    /// <summary>The items of a list, for which the vendor also takes the one item by itself.</summary>
    public static IEnumerable<JsonElement> OneOrMore(this JsonElement element, ReadOnlySpan<byte> name, string within = "")
        => element.Object(name) is { } only ? [only] : element.AskedItems(name, within);

    public static double? RealOf(this JsonElement element, ReadOnlySpan<byte> camel, ReadOnlySpan<byte> snake) => element.Real(camel) ?? element.Real(snake);
}
