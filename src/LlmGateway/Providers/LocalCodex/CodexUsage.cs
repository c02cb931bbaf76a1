using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalCodex;

/// <summary>The tokens of a run. The CLI passes on the API's counts, whose input holds what was cached, and whose output holds the reasoning.</summary>
internal static class CodexUsage
{
    /// <summary>Null where the CLI reports none, and the client estimates: it prints zeros where the API told nothing.</summary>
    public static TokenUsage? Read(JsonElement completed)
    {
        if (completed.Member("usage"u8, JsonValueKind.Object) is not { } usage) return null;
        var input = CliCount.Of(usage, "input_tokens"u8);
        var output = CliCount.Of(usage, "output_tokens"u8);
        if (input + output == 0) return null;
        var read = Math.Min(CliCount.Of(usage, "cached_input_tokens"u8), input);
        return new TokenUsage
        {
            InputTokens = input,
            CacheReadTokens = read,
            CacheWriteTokens = Math.Min(CliCount.Of(usage, "cache_write_input_tokens"u8), input - read),
            OutputTokens = output,
            ReasoningTokens = Math.Min(CliCount.Of(usage, "reasoning_output_tokens"u8), output),
        };
    }
}
