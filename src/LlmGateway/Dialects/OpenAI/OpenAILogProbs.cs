using System.Text.Json;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>Log-probabilities both ways: https://platform.openai.com/docs/api-reference/chat/object#chat-object-choices-logprobs.</summary>
internal static class OpenAILogProbs
{
    public static IReadOnlyList<TokenLogProb> Read(JsonElement choice)
    {
        if (choice.Object("logprobs"u8) is not { } logProbs) return [];
        var tokens = new List<TokenLogProb>();
        foreach (var item in logProbs.Items("content"u8))
        {
            if (ReadOne(item) is { } token) tokens.Add(token);
        }

        return tokens;
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyList<TokenLogProb> tokens)
    {
        if (tokens.Count == 0) return;
        json.WriteStartObject("logprobs"u8);
        json.WriteStartArray("content"u8);
        foreach (var token in tokens) WriteOne(json, token, withTop: true);
        json.WriteEndArray();
        json.WriteNull("refusal"u8);
        json.WriteEndObject();
    }

    /// <summary>The list that Responses has in its texts and deltas.</summary>
    public static IReadOnlyList<TokenLogProb> ReadList(JsonElement element) => [.. element.Items("logprobs"u8).Select(ReadOne).OfType<TokenLogProb>()];

    /// <summary>The list that Responses has in its texts.</summary>
    public static void WriteList(Utf8JsonWriter json, IReadOnlyList<TokenLogProb> tokens)
    {
        json.WriteStartArray("logprobs"u8);
        foreach (var token in tokens) WriteOne(json, token, withTop: true);
        json.WriteEndArray();
    }

    private static TokenLogProb? ReadOne(JsonElement item)
    {
        if (item.Text("token"u8) is not { } text || item.Real("logprob"u8) is not { } logProb) return null;
        var top = new List<TokenLogProb>();
        foreach (var other in item.Items("top_logprobs"u8))
        {
            if (other.Text("token"u8) is { } otherText && other.Real("logprob"u8) is { } otherProb) top.Add(new TokenLogProb(otherText, otherProb) { Bytes = Bytes(other) });
        }

        return new TokenLogProb(text, logProb) { Bytes = Bytes(item), Top = top };
    }

    private static List<byte>? Bytes(JsonElement item)
    {
        if (item.Member("bytes"u8, JsonValueKind.Array) is not { } list) return null;
        var bytes = new List<byte>();
        foreach (var value in list.EnumerateArray())
        {
            if (value.ValueKind == JsonValueKind.Number && value.TryGetByte(out var one)) bytes.Add(one);
        }

        return bytes;
    }

    private static void WriteOne(Utf8JsonWriter json, TokenLogProb token, bool withTop)
    {
        json.WriteStartObject();
        json.WriteString("token"u8, token.Token);
        json.WriteNumber("logprob"u8, token.LogProb);
        if (token.Bytes is { } bytes)
        {
            json.WriteStartArray("bytes"u8);
            foreach (var one in bytes) json.WriteNumberValue(one);
            json.WriteEndArray();
        }
        else
        {
            json.WriteNull("bytes"u8);
        }

        if (withTop)
        {
            json.WriteStartArray("top_logprobs"u8);
            foreach (var other in token.Top) WriteOne(json, other, withTop: false);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
