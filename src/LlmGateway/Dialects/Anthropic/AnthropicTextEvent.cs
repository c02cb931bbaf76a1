using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>
/// Reads the event that makes up nearly all of a stream, <c>{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"…"}}</c>,
/// without a document: the text is all that is allocated. Any other event, and any with a member more, is left to the whole reader.
/// </summary>
internal static class AnthropicTextEvent
{
    public static bool TryRead(ReadOnlySpan<byte> data, out long index, out string text, out Range place)
    {
        index = -1;
        place = default;
        text = "";
        if (data.IndexOf("\"text_delta\""u8) < 0) return false;
        try
        {
            var json = new Utf8JsonReader(data);
            var hasType = false;
            var hasText = false;
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("type"u8))
                {
                    if (!json.Read() || json.TokenType != JsonTokenType.String || !json.ValueTextEquals("content_block_delta"u8)) return false;
                    hasType = true;
                }
                else if (json.ValueTextEquals("index"u8))
                {
                    if (!json.Read() || json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out index)) return false;
                }
                else if (json.ValueTextEquals("delta"u8))
                {
                    if (!TryReadDelta(ref json, out text, out place)) return false;
                    hasText = true;
                }
                else
                {
                    return false;
                }
            }

            return hasType && hasText && index >= 0 && json.TokenType == JsonTokenType.EndObject && !json.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryReadDelta(ref Utf8JsonReader json, out string text, out Range place)
    {
        text = "";
        place = default;
        var hasType = false;
        var hasText = false;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("type"u8) && !hasType)
            {
                if (!json.Read() || json.TokenType != JsonTokenType.String || !json.ValueTextEquals("text_delta"u8)) return false;
                hasType = true;
            }
            else if (json.ValueTextEquals("text"u8) && !hasText)
            {
                if (!TextEventReader.Text(ref json, out text, out place)) return false;
                hasText = true;
            }
            else
            {
                return false;
            }
        }

        return hasType && hasText && json.TokenType == JsonTokenType.EndObject;
    }
}
