using System.Buffers;
using System.Net.Http.Headers;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>
/// Anthropic's Messages API. Source: https://platform.claude.com/docs/en/api/messages; the version header is the only
/// one there is, https://platform.claude.com/docs/en/api/versioning.
/// </summary>
internal sealed class AnthropicDialect : IDialect
{
    public static AnthropicDialect Instance { get; } = new();

    public string Name => "anthropic";

    public string PathOf(LlmRequest request) => "v1/messages";

    public void AddHeaders(HttpRequestHeaders headers) => headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");

    public void EncodeRequest(LlmRequest request, WirePeer peer, IBufferWriter<byte> body, List<string> losses)
        => AnthropicRequestEncoder.Encode(request, body, losses);

    public LlmReply DecodeReply(ReadOnlyMemory<byte> body, WirePeer peer) => AnthropicReplyDecoder.Decode(body);

    public VendorError DecodeError(int status, ReadOnlyMemory<byte> body) => AnthropicErrorDecoder.Decode(status, body);

    public IStreamDecoder CreateStreamDecoder(WirePeer peer) => throw NotYet();

    public LlmRequest DecodeRequest(ReadOnlyMemory<byte> body, RequestAddress address) => throw NotYet();

    public void EncodeReply(LlmReply reply, IBufferWriter<byte> body, List<string> losses) => throw NotYet();

    public IStreamEncoder CreateStreamEncoder(List<string> losses) => throw NotYet();

    public int EncodeError(VendorError error, IBufferWriter<byte> body) => throw NotYet();

    private static DialectException NotYet() => new(ProviderErrorKind.InvalidRequest, "This half of the dialect comes with the next change.");
}
