using System.Text.Json;

namespace LlmGateway.Dialects;

/// <summary>
/// Reads the one event that makes up nearly all of a stream without a document, so that the text is all that is allocated.
/// Each method says false where the event is anything else, and it is then left to the whole reader.
/// </summary>
internal static class TextEventReader
{
    /// <summary>Steps onto the value of the member, which must be a string that says just this.</summary>
    public static bool Says(ref Utf8JsonReader json, ReadOnlySpan<byte> word) => json.Read() && json.TokenType == JsonTokenType.String && json.ValueTextEquals(word);

    public static bool Text(ref Utf8JsonReader json, out string text) => Text(ref json, out text, out _);

    /// <param name="json">The event.</param>
    /// <param name="text">The text.</param>
    /// <param name="place">Where it stands, without its quotes.</param>
    public static bool Text(ref Utf8JsonReader json, out string text, out Range place)
    {
        text = "";
        place = default;
        if (!json.Read() || json.TokenType != JsonTokenType.String) return false;
        text = json.GetString()!;
        var start = (int)json.TokenStartIndex + 1;
        place = start..(start + json.ValueSpan.Length);
        return true;
    }

    public static bool Number(ref Utf8JsonReader json, out long number)
    {
        number = 0;
        return json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out number);
    }

    public static bool Null(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.Null;

    /// <summary>A value that tells the whole reader nothing more once the stream has begun.</summary>
    public static bool Scalar(ref Utf8JsonReader json) => json.Read() && json.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null;

    public static bool Begins(ref Utf8JsonReader json, JsonTokenType token) => json.Read() && json.TokenType == token;

    /// <summary>Steps onto the next member's name; false at the end of the object, or where it is broken.</summary>
    public static bool Member(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;
}
