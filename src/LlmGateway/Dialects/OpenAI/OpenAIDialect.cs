using System.Buffers;
using System.Net.Http.Headers;
using LlmGateway.Relay;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>OpenAI's Chat Completions, which most vendors speak. Source: https://platform.openai.com/docs/api-reference/chat.</summary>
internal sealed class OpenAIDialect : IDialect
{
    public const string DialectName = "openai";

    public static OpenAIDialect Instance { get; } = new();

    public string Name => DialectName;

    public WireRules WireRules { get; } = new()
    {
        Aliases = [["max_tokens", "max_completion_tokens"], ["tools", "functions"], ["tool_choice", "function_call"]],
        MaxTokensFields = ["max_tokens", "max_completion_tokens"],
        MustAskForUsage = true,
    };

    public string PathOf(LlmRequest request) => "chat/completions";

    public void AddHeaders(HttpRequestHeaders headers)
    {
    }

    public void EncodeRequest(LlmRequest request, WirePeer peer, IBufferWriter<byte> body, List<string> losses)
        => OpenAIRequestEncoder.Encode(request, peer, body, losses);

    public LlmReply DecodeReply(ReadOnlyMemory<byte> body, WirePeer peer) => OpenAIReplyDecoder.Decode(body, peer);

    public IStreamDecoder CreateStreamDecoder(WirePeer peer) => new OpenAIStreamDecoder(peer);

    public bool IsUsageAlone(ReadOnlySpan<byte> data) => OpenAIUsage.IsAlone(data);

    public VendorError DecodeError(int status, ReadOnlyMemory<byte> body) => OpenAIErrorDecoder.Decode(status, body);

    public LlmRequest DecodeRequest(ReadOnlyMemory<byte> body, RequestAddress address) => OpenAIRequestDecoder.Decode(body);

    public void EncodeReply(LlmReply reply, IBufferWriter<byte> body, List<string> losses) => OpenAIReplyEncoder.Encode(reply, body, losses);

    public IStreamEncoder CreateStreamEncoder(List<string> losses) => new OpenAIStreamEncoder(losses);

    public int EncodeError(VendorError error, IBufferWriter<byte> body) => OpenAIErrorEncoder.Encode(error, body);
}
