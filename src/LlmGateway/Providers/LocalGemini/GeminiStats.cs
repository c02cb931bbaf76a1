using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalGemini;

/// <summary>The statistics of a run, by model. As with the API, a prompt's tokens hold what was cached, and thoughts stand beside the answer's.</summary>
internal static class GeminiStats
{
    /// <summary>Null where the CLI reports none, and the client estimates.</summary>
    public static TokenUsage? Usage(JsonElement printed)
    {
        var sum = new TokenUsage();
        foreach (var (_, model) in Models(printed))
        {
            if (model.Member("tokens"u8, JsonValueKind.Object) is not { } tokens) continue;
            var prompt = CliCount.Of(tokens, "prompt"u8);
            var thoughts = CliCount.Of(tokens, "thoughts"u8);
            sum += new TokenUsage
            {
                InputTokens = prompt + CliCount.Of(tokens, "tool"u8),
                CacheReadTokens = Math.Min(CliCount.Of(tokens, "cached"u8), prompt),
                OutputTokens = CliCount.Of(tokens, "candidates"u8) + thoughts,
                ReasoningTokens = thoughts,
            };
        }

        return sum.TotalTokens == 0 ? null : sum;
    }

    /// <summary>The model that answered; null where none is named.</summary>
    public static string? Model(JsonElement printed) => Models(printed).Select(m => m.Name).LastOrDefault();

    /// <summary>What went wrong with an answer that is printed all the same; null for nothing.</summary>
    public static string? Error(JsonElement printed)
        => Models(printed)
            .SelectMany(m => m.Model.Member("api"u8, JsonValueKind.Object)?.Member("errorsByType"u8, JsonValueKind.Object) is { } errors ? errors.EnumerateObject().Select(e => e.Name).ToList() : [])
            .LastOrDefault();

    private static IEnumerable<(string Name, JsonElement Model)> Models(JsonElement printed)
        => printed.Member("stats"u8, JsonValueKind.Object)?.Member("models"u8, JsonValueKind.Object) is { } models ? models.EnumerateObject().Select(m => (m.Name, m.Value)) : [];
}
