using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Embeddings;

/// <summary>One wire format of embeddings. Does no I/O and keeps no state.</summary>
internal interface IEmbeddingFormat
{
    /// <summary>The format's name, as in a vendor's row.</summary>
    string Name { get; }

    /// <summary>The path under the base URL.</summary>
    string PathOf(LlmEmbeddingRequest request);

    /// <summary>Writes the request's body. What it cannot say is added to <paramref name="losses"/>.</summary>
    void EncodeRequest(LlmEmbeddingRequest request, IBufferWriter<byte> body, List<string> losses);

    /// <summary>Reads the root of a reply.</summary>
    /// <exception cref="Dialects.DialectException">It is no reply of this format.</exception>
    LlmEmbeddings DecodeReply(JsonElement root);
}
