using Microsoft.Extensions.AI;

namespace LlmGateway.ExtensionsAI;

/// <summary>Finish reasons in both forms.</summary>
internal static class Finish
{
    public static ChatFinishReason ToChat(LlmReply reply) => reply.FinishReason switch
    {
        FinishReason.Stop => ChatFinishReason.Stop,
        FinishReason.Length => ChatFinishReason.Length,
        FinishReason.ToolCalls => ChatFinishReason.ToolCalls,
        FinishReason.ContentFilter => ChatFinishReason.ContentFilter,
        FinishReason.Refusal => new ChatFinishReason("refusal"),
        _ => new ChatFinishReason(reply.VendorFinishReason is { Length: > 0 } word ? word : "other"),
    };

    /// <summary>A chat client that names no reason and ended in order has stopped, or wants its calls made.</summary>
    public static (FinishReason Reason, string? Word) Of(ChatFinishReason? reason, bool hasCalls) => (reason?.Value) switch
    {
        null => (hasCalls ? FinishReason.ToolCalls : FinishReason.Stop, null),
        "stop" => (FinishReason.Stop, "stop"),
        "length" => (FinishReason.Length, "length"),
        "tool_calls" => (FinishReason.ToolCalls, "tool_calls"),
        "content_filter" => (FinishReason.ContentFilter, "content_filter"),
        "refusal" => (FinishReason.Refusal, "refusal"),
        { } other => (FinishReason.Other, other),
    };
}
