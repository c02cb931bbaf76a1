using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>
/// Reads the event that makes up nearly all of a stream, <c>{"contentBlockIndex":0,"delta":{"text":"…"},"p":"…"}</c>,
/// without a document: the text is all that is allocated. Any other is left to the whole reader.
/// </summary>
internal static class BedrockTextEvent
{
    public static bool TryRead(ReadOnlySpan<byte> data, out long index, out string text)
    {
        index = -1;
        text = "";
        try
        {
            var json = new Utf8JsonReader(data);
            var hasText = false;
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("contentBlockIndex"u8))
                {
                    if (index >= 0 || !json.Read() || json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out index)) return false;
                }
                else if (json.ValueTextEquals("delta"u8))
                {
                    if (hasText || !TryReadDelta(ref json, out text)) return false;
                    hasText = true;
                }
                else if (json.ValueTextEquals("p"u8))
                {
                    if (!json.Read() || json.TokenType != JsonTokenType.String) return false;
                }
                else
                {
                    return false;
                }
            }

            return hasText && index >= 0 && json.TokenType == JsonTokenType.EndObject && !json.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryReadDelta(ref Utf8JsonReader json, out string text)
    {
        text = "";
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
        if (!json.Read() || json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals("text"u8)) return false;
        if (!json.Read() || json.TokenType != JsonTokenType.String) return false;
        text = json.GetString()!;
        return json.Read() && json.TokenType == JsonTokenType.EndObject;
    }
}
