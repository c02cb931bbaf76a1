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

    public static double? RealOf(this JsonElement element, ReadOnlySpan<byte> camel, ReadOnlySpan<byte> snake) => element.Real(camel) ?? element.Real(snake);
}
