namespace LlmGateway.Dialects.Bedrock;

/// <summary>Stop reasons both ways: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseResponse.html; what is not listed there is "other".</summary>
internal static class BedrockFinish
{
    /// <summary>Some models say <c>end_turn</c> and call a tool all the same: the call is what counts.</summary>
    public static FinishReason Of(string? reason, bool hasCalls) => Of(reason) is FinishReason.Stop && hasCalls ? FinishReason.ToolCalls : Of(reason);

    /// <summary>The vendor's own word again where it means the same; else the usual one.</summary>
    public static string WordOf(FinishReason reason, string? vendorWord, string? stopSequence, List<string> losses)
    {
        if (vendorWord is not null && reason != FinishReason.Other && IsDocumented(vendorWord) && Of(vendorWord) == reason) return vendorWord;
        switch (reason)
        {
            case FinishReason.Stop:
                return stopSequence is null ? "end_turn" : "stop_sequence";
            case FinishReason.Length:
                return "max_tokens";
            case FinishReason.ToolCalls:
                return "tool_use";
            case FinishReason.ContentFilter:
                return "content_filtered";
            case FinishReason.Refusal:
                losses.Once($"the finish reason refusal was written as content_filtered: the {BedrockDialect.DialectName} dialect has no other word for it.");
                return "content_filtered";
            default:
                if (vendorWord is "malformed_model_output" or "malformed_tool_use") return vendorWord;
                losses.NoPlace($"finish reason '{vendorWord ?? "other"}'", BedrockDialect.DialectName);
                return "end_turn";
        }
    }

    private static FinishReason Of(string? reason) => reason switch
    {
        "end_turn" or "stop_sequence" => FinishReason.Stop,
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "tool_use" => FinishReason.ToolCalls,
        "guardrail_intervened" or "content_filtered" => FinishReason.ContentFilter,
        "refusal" => FinishReason.Refusal, // Not listed, but what Claude says for it in its own protocol.
        _ => FinishReason.Other,
    };

    private static bool IsDocumented(string word) => word != "refusal";
}
