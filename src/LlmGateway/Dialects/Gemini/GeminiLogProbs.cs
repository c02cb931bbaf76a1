using System.Text.Json;

namespace LlmGateway.Dialects.Gemini;

/// <summary>Log-probabilities both ways: https://ai.google.dev/api/generate-content#LogprobsResult.</summary>
internal static class GeminiLogProbs
{
    public static IReadOnlyList<TokenLogProb> Read(JsonElement candidate)
    {
        if (candidate.Object("logprobsResult"u8) is not { } result) return [];
        var top = result.Items("topCandidates"u8).Select(place => place.Items("candidates"u8).Select(One).OfType<TokenLogProb>().ToList()).ToList();
        var tokens = new List<TokenLogProb>();
        foreach (var chosen in result.Items("chosenCandidates"u8))
        {
            if (One(chosen) is { } token) tokens.Add(tokens.Count < top.Count ? token with { Top = top[tokens.Count] } : token);
        }

        return tokens;
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyList<TokenLogProb> tokens)
    {
        if (tokens.Count == 0) return;
        json.WriteStartObject("logprobsResult"u8);
        json.WriteStartArray("topCandidates"u8);
        foreach (var token in tokens)
        {
            json.WriteStartObject();
            json.WriteStartArray("candidates"u8);
            foreach (var other in token.Top) WriteOne(json, other);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("chosenCandidates"u8);
        foreach (var token in tokens) WriteOne(json, token);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static TokenLogProb? One(JsonElement item)
        => item.Text("token"u8) is { } text && item.Real("logProbability"u8) is { } logProb ? new TokenLogProb(text, logProb) { TokenId = item.Whole("tokenId"u8) } : null;

    private static void WriteOne(Utf8JsonWriter json, TokenLogProb token)
    {
        json.WriteStartObject();
        json.WriteString("token"u8, token.Token);
        if (token.TokenId is { } id) json.WriteNumber("tokenId"u8, id);
        json.WriteNumber("logProbability"u8, token.LogProb);
        json.WriteEndObject();
    }
}
