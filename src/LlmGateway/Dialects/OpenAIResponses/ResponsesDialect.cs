using System.Buffers;
using System.Net.Http.Headers;
using LlmGateway.Dialects.OpenAI;

namespace LlmGateway.Dialects.OpenAIResponses;

/// <summary>OpenAI's Responses. Source: https://platform.openai.com/docs/api-reference/responses. Used without the vendor's memory: each request carries the whole conversation.</summary>
internal sealed class ResponsesDialect : IDialect
{
    public const string DialectName = "openai_responses";

    public static ResponsesDialect Instance { get; } = new();

    public string Name => DialectName;

    public string PathOf(LlmRequest request) => "responses";

    public void AddHeaders(HttpRequestHeaders headers)
    {
    }

    public void EncodeRequest(LlmRequest request, WirePeer peer, IBufferWriter<byte> body, List<string> losses)
        => ResponsesRequestEncoder.Encode(request, peer, body, losses);

    public LlmReply DecodeReply(ReadOnlyMemory<byte> body, WirePeer peer) => ResponsesReplyDecoder.Decode(body);

    public IStreamDecoder CreateStreamDecoder(WirePeer peer) => new ResponsesStreamDecoder();

    public VendorError DecodeError(int status, ReadOnlyMemory<byte> body) => OpenAIErrorDecoder.Decode(status, body);

    public LlmRequest DecodeRequest(ReadOnlyMemory<byte> body, RequestAddress address) => ResponsesRequestDecoder.Decode(body);

    public void EncodeReply(LlmReply reply, IBufferWriter<byte> body, List<string> losses) => ResponsesReplyEncoder.Encode(reply, body, losses);

    public IStreamEncoder CreateStreamEncoder(List<string> losses) => new ResponsesStreamEncoder(losses);

    public int EncodeError(VendorError error, IBufferWriter<byte> body) => OpenAIErrorEncoder.Encode(error, body);
}
