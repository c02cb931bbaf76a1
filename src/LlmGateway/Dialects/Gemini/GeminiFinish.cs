namespace LlmGateway.Dialects.Gemini;

/// <summary>Finish reasons both ways: https://ai.google.dev/api/generate-content#FinishReason. A turn of calls ends with STOP too.</summary>
internal static class GeminiFinish
{
    public static FinishReason Of(string? word, bool hasCalls) => word switch
    {
        "STOP" => hasCalls ? FinishReason.ToolCalls : FinishReason.Stop,
        "MAX_TOKENS" => FinishReason.Length,
        "SAFETY" or "RECITATION" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION" or "MODEL_ARMOR" => FinishReason.ContentFilter,
        _ => FinishReason.Other,
    };

    public static string WordOf(FinishReason reason, string? vendorWord, List<string> losses)
    {
        if (vendorWord is not null && reason != FinishReason.Other && Of(vendorWord, reason == FinishReason.ToolCalls) == reason) return vendorWord;
        switch (reason)
        {
            case FinishReason.Stop or FinishReason.ToolCalls:
                return "STOP";
            case FinishReason.Length:
                return "MAX_TOKENS";
            case FinishReason.ContentFilter:
                return "SAFETY";
            case FinishReason.Refusal:
                losses.Once($"the finish reason refusal was written as SAFETY: the {GeminiDialect.DialectName} dialect has no other word for it.");
                return "SAFETY";
            default:
                if (vendorWord is { Length: > 0 } && char.IsAsciiLetterUpper(vendorWord[0])) return vendorWord;
                losses.NoPlace($"finish reason '{vendorWord ?? "other"}'", GeminiDialect.DialectName);
                return "OTHER";
        }
    }
}
