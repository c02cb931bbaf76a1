using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalGemini;

/// <summary>
/// The CLI's log of what it did, for what its output leaves out. Events and members:
/// https://github.com/google-gemini/gemini-cli/blob/main/docs/cli/telemetry.md.
/// </summary>
internal static class GeminiReport
{
    /// <summary>Why the answer ended: <c>stop</c>, <c>length</c>, <c>content_filter</c>, …; the last of a reason for each piece of it. Null where it is not told.</summary>
    public static string? FinishReason(string report)
    {
        var response = CliMessages.Read(report)
            .Select(record => record.Member("attributes"u8, JsonValueKind.Object))
            .LastOrDefault(a => a?.Text("event.name"u8) == "gemini_cli.api_response");
        return response?.Member("finish_reasons"u8, JsonValueKind.Array) is { } reasons && reasons.GetArrayLength() > 0 && reasons[reasons.GetArrayLength() - 1] is { ValueKind: JsonValueKind.String } last
            ? last.GetString()
            : null;
    }
}
