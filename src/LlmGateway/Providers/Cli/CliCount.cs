using System.Text.Json;
using LlmGateway.Dialects;

namespace LlmGateway.Providers.Cli;

/// <summary>A count of tokens in what a program printed.</summary>
internal static class CliCount
{
    /// <summary>0 where there is none. A count beyond 2^50 is no count.</summary>
    public static long Of(JsonElement usage, ReadOnlySpan<byte> name)
        => usage.Member(name, JsonValueKind.Number) is { } value && value.TryGetInt64(out var count) && count is >= 0 and < 1L << 50 ? count : 0;
}
