using System.Buffers;
using System.Net.Http.Headers;
using LlmGateway.Relay;

namespace LlmGateway.Dialects.Gemini;

/// <summary>Google's generateContent and streamGenerateContent. Source: https://ai.google.dev/api/generate-content.</summary>
internal sealed class GeminiDialect : IDialect
{
    public const string DialectName = "gemini";

    public static GeminiDialect Instance { get; } = new();

    public string Name => DialectName;

    public bool KeepsModelInUrl => true;

    public WireRules WireRules { get; } = new()
    {
        Aliases = [["generationConfig", "generation_config"], ["systemInstruction", "system_instruction"], ["toolConfig", "tool_config"], ["cachedContent", "cached_content"]],
    };

    /// <summary>A model may be named with its collection (<c>models/x</c>, <c>tunedModels/x</c>); a bare name is one of <c>models</c>.</summary>
    public string PathOf(LlmRequest request)
    {
        var model = request.Model.Contains('/') ? string.Join('/', request.Model.Split('/').Select(Uri.EscapeDataString)) : "models/" + Uri.EscapeDataString(request.Model);
        return $"v1beta/{model}:{(request.Stream ? "streamGenerateContent?alt=sse" : "generateContent")}";
    }

    public void AddHeaders(HttpRequestHeaders headers)
    {
    }

    public void EncodeRequest(LlmRequest request, WirePeer peer, IBufferWriter<byte> body, List<string> losses)
        => GeminiRequestEncoder.Encode(request, peer, body, losses);

    public LlmReply DecodeReply(ReadOnlyMemory<byte> body, WirePeer peer) => GeminiReplyDecoder.Decode(body);

    public IStreamDecoder CreateStreamDecoder(WirePeer peer) => new GeminiStreamDecoder();

    public VendorError DecodeError(int status, ReadOnlyMemory<byte> body) => GeminiErrorDecoder.Decode(status, body);

    public LlmRequest DecodeRequest(ReadOnlyMemory<byte> body, RequestAddress address) => GeminiRequestDecoder.Decode(body, address);

    public void EncodeReply(LlmReply reply, IBufferWriter<byte> body, List<string> losses) => GeminiReplyEncoder.Encode(reply, body, losses);

    public IStreamEncoder CreateStreamEncoder(List<string> losses) => new GeminiStreamEncoder(losses);

    public int EncodeError(VendorError error, IBufferWriter<byte> body) => GeminiErrorEncoder.Encode(error, body);
}
