using System.Text.Json;
using LlmGateway.Budgets;
using LlmGateway.Dialects;
using LlmGateway.Dialects.Anthropic;
using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalClaude;

/// <summary>
/// The tokens of a run: the CLI reports them as the API does (<c>usage</c>), and by model (<c>modelUsage</c>), which also
/// counts requests that broke off.
/// </summary>
internal static class ClaudeUsage
{
    /// <summary>Null where the CLI reports none, and the client estimates.</summary>
    public static TokenUsage? Read(ClaudeOutput output)
    {
        var whole = Counts(output.Result);
        var models = ByModel(output.Result);
        if (models is not null && (whole is null || models.TotalTokens > whole.TotalTokens)) whole = models with { CacheWrite1hTokens = Math.Min(whole?.CacheWrite1hTokens ?? 0, models.CacheWriteTokens) };

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
            var count = CliCount.Of(usage, "outputTokens"u8);
            if (count <= most) continue;
            (model, most) = (name, count);
        }

        return model ?? output.FromModel.Select(m => m.Text("model"u8)).LastOrDefault(m => !string.IsNullOrEmpty(m));
    }

    private static TokenUsage? ByModel(JsonElement result)
    {
        TokenUsage? sum = null;
        foreach (var (_, usage) in Models(result))
        {
            var read = CliCount.Of(usage, "cacheReadInputTokens"u8);
            var write = CliCount.Of(usage, "cacheCreationInputTokens"u8);
            sum = (sum ?? new TokenUsage()) + new TokenUsage
            {
                InputTokens = CliCount.Of(usage, "inputTokens"u8) + read + write,
                CacheReadTokens = read,
                CacheWriteTokens = write,
                OutputTokens = CliCount.Of(usage, "outputTokens"u8),
            };
        }

        return sum;
    }

    /// <summary>A message tells its input exactly, and its output only as it was when the message began.</summary>
    private static TokenUsage OfMessages(ClaudeOutput output)
    {
        var sum = new TokenUsage { IsEstimated = true };
        foreach (var message in output.FromModel.GroupBy(m => m.Text("id"u8)))
        {
            if (Counts(message.Last()) is not { } counted) continue;
            var written = message.Sum(m => m.Member("content"u8, JsonValueKind.Array) is { } content ? content.GetRawText().Length : 0);
            sum += counted with { OutputTokens = Math.Max(counted.OutputTokens, UsageEstimate.TokensOf(written)) };
        }

        return sum;
    }

    /// <summary>Null where there are none, or none that can be read: an answer is not lost for that.</summary>
    private static TokenUsage? Counts(JsonElement message)
    {
        try
        {
            return message.Member("usage"u8, JsonValueKind.Object) is { } usage ? AnthropicUsage.Read(usage) : null;
        }
        catch (UsageFormatException)
        {
            return null;
        }
    }

    private static IEnumerable<(string Name, JsonElement Usage)> Models(JsonElement result)
        => result.Member("modelUsage"u8, JsonValueKind.Object) is { } models ? models.EnumerateObject().Select(m => (m.Name, m.Value)) : [];
}
