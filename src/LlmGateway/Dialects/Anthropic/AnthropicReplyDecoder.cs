using System.Text.Json;
using LlmGateway.PriceData;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>Reads the body of a reply to <c>POST /v1/messages</c>.</summary>
internal static class AnthropicReplyDecoder
{
    /// <summary>No reply can have used more. Without a bound, the sums of made-up counts would overflow.</summary>
    private const long MaxCount = 1_000_000_000_000;

    public static LlmReply Decode(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Decode(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new DialectException(ProviderErrorKind.MalformedReply, "The reply is not JSON.", innerException: e);
        }
        catch (InvalidOperationException e)
        {
            // The parser takes any bytes inside a string; only reading them shows that they are none.
            throw new DialectException(ProviderErrorKind.MalformedReply, "The reply holds text that is not UTF-8.", innerException: e);
        }
    }

    private static LlmReply Decode(JsonElement root)
    {
        if (root.Text("type"u8) == "error")
        {
            var error = AnthropicErrorDecoder.Read(status: 200, root);
            throw new DialectException(error.Kind, error.Message ?? "The reply is an error.", error);
        }

        if (root.Member("content"u8, JsonValueKind.Array) is not { } content)
        {
            throw new DialectException(ProviderErrorKind.MalformedReply, "The reply has no content array: it is not one of the Messages API. Check LLM_BASE_URL.");
        }

        var parts = new List<LlmPart>(content.GetArrayLength());
        foreach (var block in content.EnumerateArray()) parts.Add(DecodeBlock(block));

        var reason = root.Text("stop_reason"u8);
        var (usage, losses) = ReadUsage(root);
        return new LlmReply
        {
            Parts = parts,
            Model = root.Text("model"u8),
            Id = root.Text("id"u8),
            FinishReason = FinishReasonOf(reason),
            VendorFinishReason = reason,
            Usage = usage,
            BilledApart = BilledApart.In(root),
            Losses = losses,
        };
    }

    /// <summary>An answer is not lost because its counts cannot be read: they are estimated, and that is said.</summary>
    private static (TokenUsage? Usage, IReadOnlyList<string> Losses) ReadUsage(JsonElement root)
    {
        if (root.Member("usage"u8, JsonValueKind.Object) is not { } usage) return (null, []);
        try
        {
            var read = AnthropicUsage.Read(usage);
            return Math.Max(read.InputTokens, read.OutputTokens) <= MaxCount ? (read, []) : (null, ["The reply's token counts are beyond belief, and are estimated."]);
        }
        catch (UsageFormatException e)
        {
            return (null, [$"The reply's token counts could not be read, and are estimated: {e.Message}"]);
        }
    }

    /// <summary>https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons; what is not listed there is "other".</summary>
    public static FinishReason FinishReasonOf(string? reason) => reason switch
    {
        "end_turn" or "stop_sequence" => FinishReason.Stop,
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "tool_use" => FinishReason.ToolCalls,
        "refusal" => FinishReason.Refusal,
        _ => FinishReason.Other,
    };

    /// <summary>A block of an unknown type, or a known one without what it needs, is kept as it is.</summary>
    private static LlmPart DecodeBlock(JsonElement block) => block.Text("type"u8) switch
    {
        "text" when block.Text("text"u8) is { } text => new TextPart(text),
        "thinking" when block.Text("thinking"u8) is { } thinking => new ThinkingPart(thinking, block.Text("signature"u8)),
        "tool_use" when block.Text("id"u8) is { } id && block.Text("name"u8) is { } name && block.TryGetProperty("input"u8, out var input)
            => new ToolCallPart(id, name, input.GetRawText()),
        _ => new RawPart("anthropic", block.GetRawText()),
    };
}
