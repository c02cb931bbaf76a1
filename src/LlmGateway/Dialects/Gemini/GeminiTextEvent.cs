using System.Text.Json;
using static LlmGateway.Dialects.TextEventReader;

namespace LlmGateway.Dialects.Gemini;

/// <summary>
/// Reads a chunk that says nothing but a piece of text, <c>{"candidates":[{"content":{"parts":[{"text":"…"}],"role":"model"}}],…}</c>,
/// without a document. Any other chunk, counts included, and any with a member more, is left to the whole reader.
/// </summary>
internal static class GeminiTextEvent
{
    public static bool TryRead(ReadOnlySpan<byte> data, out string text)
    {
        text = "";
        try
        {
            var json = new Utf8JsonReader(data);
            if (!Begins(ref json, JsonTokenType.StartObject)) return false;
            while (Member(ref json))
            {
                if (json.ValueTextEquals("candidates"u8))
                {
                    if (text.Length > 0 || !TryReadCandidates(ref json, out text)) return false;
                }
                else if (!(json.ValueTextEquals("modelVersion"u8) || json.ValueTextEquals("responseId"u8)) || !Scalar(ref json))
                {
                    return false;
                }
            }

            return text.Length > 0 && json.TokenType == JsonTokenType.EndObject && !json.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryReadCandidates(ref Utf8JsonReader json, out string text)
    {
        text = "";
        if (!Begins(ref json, JsonTokenType.StartArray) || !Begins(ref json, JsonTokenType.StartObject)) return false;
        while (Member(ref json))
        {
            if (json.ValueTextEquals("content"u8))
            {
                if (text.Length > 0 || !TryReadContent(ref json, out text)) return false;
            }
            else if (!json.ValueTextEquals("index"u8) || !Number(ref json, out var index) || index != 0)
            {
                return false;
            }
        }

        return json.TokenType == JsonTokenType.EndObject && json.Read() && json.TokenType == JsonTokenType.EndArray;
    }

    private static bool TryReadContent(ref Utf8JsonReader json, out string text)
    {
        text = "";
        if (!Begins(ref json, JsonTokenType.StartObject)) return false;
        while (Member(ref json))
        {
            if (json.ValueTextEquals("parts"u8))
            {
                if (text.Length > 0 || !TryReadPart(ref json, out text)) return false;
            }
            else if (!json.ValueTextEquals("role"u8) || !Says(ref json, "model"u8))
            {
                return false;
            }
        }

        return json.TokenType == JsonTokenType.EndObject;
    }

    /// <summary>One part, with a text and nothing else.</summary>
    private static bool TryReadPart(ref Utf8JsonReader json, out string text)
    {
        text = "";
        return Begins(ref json, JsonTokenType.StartArray) && Begins(ref json, JsonTokenType.StartObject)
            && Member(ref json) && json.ValueTextEquals("text"u8) && Text(ref json, out text)
            && json.Read() && json.TokenType == JsonTokenType.EndObject && json.Read() && json.TokenType == JsonTokenType.EndArray;
    }
}
