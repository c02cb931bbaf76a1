namespace LlmGateway.Dialects.Anthropic;

/// <summary>Stop reasons both ways: https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons; what is not listed there is "other".</summary>
internal static class AnthropicFinish
{
    public static FinishReason Of(string? reason) => reason switch
    {
        "end_turn" or "stop_sequence" => FinishReason.Stop,
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "tool_use" => FinishReason.ToolCalls,
        "refusal" => FinishReason.Refusal,
        _ => FinishReason.Other,
    };

    /// <summary>The vendor's own word again where it means the same; else the usual one.</summary>
    public static string WordOf(FinishReason reason, string? vendorWord, string? stopSequence, List<string> losses)
    {
        if (vendorWord is not null && (Of(vendorWord) == reason && reason != FinishReason.Other)) return vendorWord;
        switch (reason)
        {
            case FinishReason.Stop:
                return stopSequence is null ? "end_turn" : "stop_sequence";
            case FinishReason.Length:
                return "max_tokens";
            case FinishReason.ToolCalls:
                return "tool_use";
            case FinishReason.Refusal:
                return "refusal";
            case FinishReason.ContentFilter:
                losses.Once("the finish reason content_filter was written as refusal: the anthropic dialect has no other word for it.");
                return "refusal";
            default:
                if (vendorWord is "pause_turn" or "compaction") return vendorWord;
                losses.NoPlace($"finish reason '{vendorWord ?? "other"}'", AnthropicDialect.DialectName);
                return "end_turn";
        }
    }
}
