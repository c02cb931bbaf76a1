using System.Text.Json;

namespace LlmGateway.Dialects.OpenAIResponses;

/// <summary>How a reply ended, both ways: a status, and for an incomplete one a reason. https://platform.openai.com/docs/api-reference/responses/object#responses-object-status.</summary>
internal static class ResponsesFinish
{
    public static (FinishReason Reason, string? Word) Of(JsonElement response, bool hasCalls, bool hasRefusal)
    {
        var status = response.Text("status"u8);
        if (status == "incomplete")
        {
            var reason = response.Object("incomplete_details"u8)?.Text("reason"u8);
            return (reason switch { "max_output_tokens" or "max_tokens" => FinishReason.Length, "content_filter" => FinishReason.ContentFilter, _ => FinishReason.Other }, reason ?? status);
        }

        if (status is not (null or "completed")) return (FinishReason.Other, status);
        return (hasCalls ? FinishReason.ToolCalls : hasRefusal ? FinishReason.Refusal : FinishReason.Stop, status);
    }

    /// <summary>The status, and the reason of an incomplete one.</summary>
    public static (string Status, string? Reason) WordOf(FinishReason reason, string? vendorWord, bool hasRefusal, List<string> losses)
    {
        switch (reason)
        {
            case FinishReason.Length:
                return ("incomplete", "max_output_tokens");
            case FinishReason.ContentFilter:
                return ("incomplete", "content_filter");
            case FinishReason.Refusal when !hasRefusal:
                losses.Once($"finish reason '{vendorWord ?? "refusal"}' was said as 'content_filter': the {ResponsesDialect.DialectName} dialect tells a refusal by its text.");
                return ("incomplete", "content_filter");
            case FinishReason.Other when vendorWord is "cancelled" or "in_progress" or "queued":
                return (vendorWord, null);
            case FinishReason.Other:
                losses.NoPlace($"finish reason '{vendorWord ?? "other"}'", ResponsesDialect.DialectName);
                return ("completed", null);
            default:
                return ("completed", null);
        }
    }
}
