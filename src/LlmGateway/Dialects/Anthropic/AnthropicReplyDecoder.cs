using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>Reads the body of a reply to <c>POST /v1/messages</c>.</summary>
internal static class AnthropicReplyDecoder
{
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
    }

    private static LlmReply Decode(JsonElement root)
    {
        if (root.Text("type") == "error")
        {
            var error = AnthropicErrorDecoder.Read(status: 200, root);
            throw new DialectException(error.Kind, error.Message ?? "The reply is an error.", error);
        }

        if (root.Member("content", JsonValueKind.Array) is not { } content)
        {
            throw new DialectException(ProviderErrorKind.MalformedReply, "The reply has no content array: it is not one of the Messages API. Check LLM_BASE_URL.");
        }

        var parts = new List<LlmPart>(content.GetArrayLength());
        foreach (var block in content.EnumerateArray()) parts.Add(DecodeBlock(block));

        var reason = root.Text("stop_reason");
        return new LlmReply
        {
            Parts = parts,
            Model = root.Text("model"),
            Id = root.Text("id"),
            FinishReason = FinishReasonOf(reason),
            VendorFinishReason = reason,
            Usage = root.Member("usage", JsonValueKind.Object) is { } usage ? AnthropicUsage.Read(usage) : null,
        };
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
    private static LlmPart DecodeBlock(JsonElement block) => block.Text("type") switch
    {
        "text" when block.Text("text") is { } text => new TextPart(text),
        "thinking" when block.Text("thinking") is { } thinking => new ThinkingPart(thinking, block.Text("signature")),
        "tool_use" when block.Text("id") is { } id && block.Text("name") is { } name && block.TryGetProperty("input", out var input)
            => new ToolCallPart(id, name, input.GetRawText()),
        _ => new RawPart("anthropic", block.GetRawText()),
    };
}
