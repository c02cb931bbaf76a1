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
