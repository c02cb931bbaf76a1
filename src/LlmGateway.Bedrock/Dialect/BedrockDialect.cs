using System.Buffers;
using System.Net.Http.Headers;
using LlmGateway.Bedrock.EventStream;
using LlmGateway.Wire;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>
/// Amazon Bedrock's Converse and ConverseStream. The model and the streaming stand in the URL, the stream is binary.
/// Sources: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html and
/// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html.
/// </summary>
internal sealed class BedrockDialect : IDialect
{
    public const string DialectName = "bedrock";

    public static BedrockDialect Instance { get; } = new();

    public string Name => DialectName;

    public bool KeepsModelInUrl => true;

    public bool IsBinaryStream => true;

    public bool RepliesNameModel => false;

    /// <summary>Escaped, since a model may be an ARN with slashes and colons in it.</summary>
    public string PathOf(LlmRequest request) => $"model/{Uri.EscapeDataString(request.Model)}/{(request.Stream ? "converse-stream" : "converse")}";

    public void AddHeaders(HttpRequestHeaders headers)
    {
    }

    public void EncodeRequest(LlmRequest request, WirePeer peer, IBufferWriter<byte> body, List<string> losses)
        => BedrockRequestEncoder.Encode(request, peer, body, losses);

    public LlmReply DecodeReply(ReadOnlyMemory<byte> body, WirePeer peer) => BedrockReplyDecoder.Decode(body);

    public EventReader ReadEvents(Stream stream) => new EventStreamReader(stream);

    public IStreamDecoder CreateStreamDecoder(WirePeer peer) => new BedrockStreamDecoder();

    public VendorError DecodeError(int status, ReadOnlyMemory<byte> body) => BedrockErrorDecoder.Decode(status, body);

    public LlmRequest DecodeRequest(ReadOnlyMemory<byte> body, RequestAddress address) => BedrockRequestDecoder.Decode(body, address);

    public void EncodeReply(LlmReply reply, IBufferWriter<byte> body, List<string> losses) => BedrockReplyEncoder.Encode(reply, body, losses);

    public IStreamEncoder CreateStreamEncoder(List<string> losses) => new BedrockStreamEncoder(losses);

    public int EncodeError(VendorError error, IBufferWriter<byte> body) => BedrockErrorEncoder.Encode(error, body);
}
