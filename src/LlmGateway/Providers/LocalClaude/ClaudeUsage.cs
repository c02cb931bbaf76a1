using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Dialects.Anthropic;

namespace LlmGateway.Providers.LocalClaude;

/// <summary>
/// The tokens of a run: the CLI reports them as the API does (<c>usage</c>), and by model (<c>modelUsage</c>), which also
/// counts requests that broke off.
/// </summary>
internal static class ClaudeUsage
{
    /// <summary>About so many characters are a token.</summary>
    private const int CharactersPerToken = 4;

    /// <summary>Null where the CLI reports none, and the client estimates.</summary>
    public static TokenUsage? Read(ClaudeOutput output)
    {
        var whole = output.Result.Member("usage", JsonValueKind.Object) is { } usage ? AnthropicUsage.Read(usage) : null;
        var models = ByModel(output.Result);
        if (models is not null && (whole is null || models.TotalTokens > whole.TotalTokens)) whole = models with { CacheWrite1hTokens = whole?.CacheWrite1hTokens ?? 0 };

        // A run that ends on an answer that does not fit the schema is reported without its last request.
        return whole is { TotalTokens: 0 } && OfMessages(output) is { TotalTokens: > 0 } messages ? messages : whole;
    }

    /// <summary>The model that wrote most of the answer, by the CLI's report; null where it names none.</summary>
    public static string? Model(ClaudeOutput output)
    {
        string? model = null;
        var most = -1L;
        foreach (var (name, usage) in Models(output.Result))
        {
            var count = Count(usage, "outputTokens");
            if (count <= most) continue;
            (model, most) = (name, count);
        }

        return model ?? output.FromModel.Select(m => m.Text("model")).LastOrDefault(m => !string.IsNullOrEmpty(m));
    }

    private static TokenUsage? ByModel(JsonElement result)
    {
        TokenUsage? sum = null;
        foreach (var (_, usage) in Models(result))
        {
            var read = Count(usage, "cacheReadInputTokens");
            var write = Count(usage, "cacheCreationInputTokens");
            sum = (sum ?? new TokenUsage()) + new TokenUsage
            {
                InputTokens = Count(usage, "inputTokens") + read + write,
                CacheReadTokens = read,
                CacheWriteTokens = write,
                OutputTokens = Count(usage, "outputTokens"),
            };
        }

        return sum;
    }

    /// <summary>A message tells its input exactly, and its output only as it was when the message began.</summary>
    private static TokenUsage OfMessages(ClaudeOutput output)
    {
        var sum = new TokenUsage { IsEstimated = true };
        foreach (var message in output.FromModel.GroupBy(m => m.Text("id")))
        {
            if (message.Last().Member("usage", JsonValueKind.Object) is not { } usage) continue;
            var written = message.Sum(m => m.Member("content", JsonValueKind.Array) is { } content ? content.GetRawText().Length : 0);
            var counted = AnthropicUsage.Read(usage);
            sum += counted with { OutputTokens = Math.Max(counted.OutputTokens, (written + CharactersPerToken - 1) / CharactersPerToken) };
        }

        return sum;
    }

    private static IEnumerable<(string Name, JsonElement Usage)> Models(JsonElement result)
        => result.Member("modelUsage", JsonValueKind.Object) is { } models ? models.EnumerateObject().Select(m => (m.Name, m.Value)) : [];

    /// <summary>A count beyond 2^50 is no count.</summary>
    private static long Count(JsonElement usage, string name)
        => usage.Member(name, JsonValueKind.Number) is { } value && value.TryGetInt64(out var count) && count is >= 0 and < 1L << 50 ? count : 0;
}
