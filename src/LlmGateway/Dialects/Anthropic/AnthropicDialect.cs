using System.Buffers;
using System.Net.Http.Headers;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>
/// Anthropic's Messages API. Source: https://platform.claude.com/docs/en/api/messages; the version header is the only
/// one there is, https://platform.claude.com/docs/en/api/versioning.
/// </summary>
internal sealed class AnthropicDialect : IDialect
{
    public const string DialectName = "anthropic";

    public static AnthropicDialect Instance { get; } = new();

    public string Name => DialectName;

    public bool RequiresMaxTokens => true;

    public string PathOf(LlmRequest request) => "v1/messages";

    public void AddHeaders(HttpRequestHeaders headers) => headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");

    public void EncodeRequest(LlmRequest request, WirePeer peer, IBufferWriter<byte> body, List<string> losses)
        => AnthropicRequestEncoder.Encode(request, peer, body, losses);

    public LlmReply DecodeReply(ReadOnlyMemory<byte> body, WirePeer peer) => AnthropicReplyDecoder.Decode(body);

    public IStreamDecoder CreateStreamDecoder(WirePeer peer) => new AnthropicStreamDecoder();

    public VendorError DecodeError(int status, ReadOnlyMemory<byte> body) => AnthropicErrorDecoder.Decode(status, body);

    public LlmRequest DecodeRequest(ReadOnlyMemory<byte> body, RequestAddress address) => AnthropicRequestDecoder.Decode(body, isCount: false);

    public void EncodeReply(LlmReply reply, IBufferWriter<byte> body, List<string> losses) => AnthropicReplyEncoder.Encode(reply, body, losses);

    public IStreamEncoder CreateStreamEncoder(List<string> losses) => new AnthropicStreamEncoder(losses);

    public int EncodeError(VendorError error, IBufferWriter<byte> body) => AnthropicErrorEncoder.Encode(error, body);
}
