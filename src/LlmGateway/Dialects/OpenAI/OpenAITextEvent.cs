using System.Text.Json;
using static LlmGateway.Dialects.TextEventReader;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>
/// Reads a chunk that says nothing but a piece of text, <c>{"choices":[{"index":0,"delta":{"content":"…"},"finish_reason":null}],…}</c>,
/// without a document. Any other chunk, and any with a member more than the documented ones, is left to the whole reader.
/// </summary>
internal static class OpenAITextEvent
{
    public static bool TryRead(ReadOnlySpan<byte> data, out string text, out Range place)
    {
        text = "";
        place = default;
        try
        {
            var json = new Utf8JsonReader(data);
            if (!Begins(ref json, JsonTokenType.StartObject)) return false;
            while (Member(ref json))
            {
                if (json.ValueTextEquals("choices"u8))
                {
                    if (text.Length > 0 || !TryReadChoices(ref json, out text, out place)) return false;
                }
                else if (json.ValueTextEquals("usage"u8))
                {
                    if (!Null(ref json)) return false;
                }
                else if (json.ValueTextEquals("service_tier"u8))
                {
                    // Another tier has a price of its own, which the whole reader sees to.
                    if (!json.Read() || !(json.TokenType == JsonTokenType.Null || (json.TokenType == JsonTokenType.String && json.ValueTextEquals("default"u8)))) return false;
                }
                else if (!IsKnown(ref json) || !Scalar(ref json))
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

    private static bool IsKnown(ref Utf8JsonReader json)
        => json.ValueTextEquals("id"u8) || json.ValueTextEquals("object"u8) || json.ValueTextEquals("created"u8) || json.ValueTextEquals("model"u8)
            || json.ValueTextEquals("system_fingerprint"u8) || json.ValueTextEquals("obfuscation"u8);

    private static bool TryReadChoices(ref Utf8JsonReader json, out string text, out Range place)
    {
        text = "";
        place = default;
        if (!Begins(ref json, JsonTokenType.StartArray) || !Begins(ref json, JsonTokenType.StartObject)) return false;
        while (Member(ref json))
        {
            if (json.ValueTextEquals("index"u8))
            {
                if (!Number(ref json, out var index) || index != 0) return false;
            }
            else if (json.ValueTextEquals("delta"u8))
            {
                if (text.Length > 0 || !TryReadDelta(ref json, out text, out place)) return false;
            }
            else if (!(json.ValueTextEquals("finish_reason"u8) || json.ValueTextEquals("logprobs"u8)) || !Null(ref json))
            {
                return false;
            }
        }

        return json.TokenType == JsonTokenType.EndObject && json.Read() && json.TokenType == JsonTokenType.EndArray;
    }

    private static bool TryReadDelta(ref Utf8JsonReader json, out string text, out Range place)
    {
        text = "";
        place = default;
        if (!Begins(ref json, JsonTokenType.StartObject)) return false;
        while (Member(ref json))
        {
            if (json.ValueTextEquals("content"u8))
            {
                if (text.Length > 0 || !Text(ref json, out text, out place)) return false;
            }
            else if (json.ValueTextEquals("role"u8))
            {
                if (!Says(ref json, "assistant"u8)) return false;
            }
            else if (!(json.ValueTextEquals("refusal"u8) || json.ValueTextEquals("tool_calls"u8) || json.ValueTextEquals("reasoning_content"u8) || json.ValueTextEquals("reasoning"u8)) || !Null(ref json))
            {
                return false;
            }
        }

        return json.TokenType == JsonTokenType.EndObject;
    }
}
