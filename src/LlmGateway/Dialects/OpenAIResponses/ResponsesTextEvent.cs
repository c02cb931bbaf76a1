using System.Text.Json;
using static LlmGateway.Dialects.TextEventReader;

namespace LlmGateway.Dialects.OpenAIResponses;

/// <summary>
/// Reads <c>{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"…",…}</c> without a document.
/// Any other event, and one with log-probabilities or a member more, is left to the whole reader.
/// </summary>
internal static class ResponsesTextEvent
{
    public static bool TryRead(ReadOnlySpan<byte> data, out (long Item, long Content) place, out string text)
    {
        place = default;
        text = "";
        if (data.IndexOf("\"response.output_text.delta\""u8) < 0) return false;
        try
        {
            var json = new Utf8JsonReader(data);
            if (!Begins(ref json, JsonTokenType.StartObject)) return false;
            var hasType = false;
            while (Member(ref json))
            {
                if (json.ValueTextEquals("type"u8))
                {
                    if (!Says(ref json, "response.output_text.delta"u8)) return false;
                    hasType = true;
                }
                else if (json.ValueTextEquals("output_index"u8))
                {
                    if (!Number(ref json, out place.Item)) return false;
                }
                else if (json.ValueTextEquals("content_index"u8))
                {
                    if (!Number(ref json, out place.Content)) return false;
                }
                else if (json.ValueTextEquals("delta"u8))
                {
                    if (text.Length > 0 || !Text(ref json, out text)) return false;
                }
                else if (json.ValueTextEquals("logprobs"u8))
                {
                    if (!Begins(ref json, JsonTokenType.StartArray) || !json.Read() || json.TokenType != JsonTokenType.EndArray) return false;
                }
                else if (!(json.ValueTextEquals("sequence_number"u8) || json.ValueTextEquals("item_id"u8) || json.ValueTextEquals("obfuscation"u8)) || !Scalar(ref json))
                {
                    return false;
                }
            }

            return hasType && text.Length > 0 && json.TokenType == JsonTokenType.EndObject && !json.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
