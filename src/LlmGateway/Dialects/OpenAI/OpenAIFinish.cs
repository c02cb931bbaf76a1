namespace LlmGateway.Dialects.OpenAI;

/// <summary>Finish reasons both ways: https://platform.openai.com/docs/api-reference/chat/object#chat-object-choices-finish_reason.</summary>
internal static class OpenAIFinish
{
    /// <summary>What a word means. Some compatible servers say "eos", "end_turn" or "max_tokens".</summary>
    public static FinishReason Of(string? word, bool hasCalls, bool hasRefusal) => word switch
    {
        "stop" when hasRefusal => FinishReason.Refusal,
        "stop" or "eos" or "end_turn" or "stop_sequence" => hasCalls ? FinishReason.ToolCalls : FinishReason.Stop,
        "length" or "max_tokens" or "model_length" => FinishReason.Length,
        "tool_calls" or "function_call" or "tool_use" => FinishReason.ToolCalls,
        "content_filter" or "safety" => FinishReason.ContentFilter,
        "refusal" => FinishReason.Refusal,
        _ => FinishReason.Other,
    };

    /// <summary>The documented word for a reason.</summary>
    public static string WordOf(FinishReason reason, string? vendorWord, bool hasRefusal, List<string> losses)
    {
        switch (reason)
        {
            case FinishReason.Stop:
            case FinishReason.Refusal when hasRefusal:
                return "stop";
            case FinishReason.Refusal:
                // Elsewhere a refusal is a reason without words of its own; "stop" would make a whole answer of it.
                losses.Once($"finish reason '{vendorWord ?? "refusal"}' was said as 'content_filter': the {OpenAIDialect.DialectName} dialect tells a refusal by its text.");
                return "content_filter";
            case FinishReason.Length:
                return "length";
            case FinishReason.ToolCalls:
                return "tool_calls";
            case FinishReason.ContentFilter:
                return "content_filter";
            default:
                losses.NoPlace($"finish reason '{vendorWord ?? "other"}'", OpenAIDialect.DialectName);
                return "stop";
        }
    }
}
