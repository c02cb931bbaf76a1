using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary><c>POST /v1/messages/count_tokens</c>, both ways: https://platform.claude.com/docs/en/api/messages-count-tokens.</summary>
internal static class AnthropicTokenCount
{
    public const string Path = "v1/messages/count_tokens";

    public static void EncodeRequest(LlmRequest request, WirePeer peer, IBufferWriter<byte> body, List<string> losses)
        => AnthropicRequestEncoder.EncodeCount(request, peer, body, losses);

    public static LlmRequest DecodeRequest(ReadOnlyMemory<byte> body) => AnthropicRequestDecoder.Decode(body, isCount: true);

    /// <exception cref="DialectException">The body holds no count.</exception>
    public static long DecodeReply(ReadOnlyMemory<byte> body) => JsonRead.Parse(
        body,
        ProviderErrorKind.MalformedReply,
        "The reply",
        static root => root.Whole("input_tokens"u8) is >= 0 and var count ? count : throw new DialectException(ProviderErrorKind.MalformedReply, "The reply holds no input_tokens: it is not one of count_tokens. Check LLM_BASE_URL."));

    public static void EncodeReply(long inputTokens, IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        json.WriteNumber("input_tokens"u8, inputTokens);
        json.WriteEndObject();
    }
}
