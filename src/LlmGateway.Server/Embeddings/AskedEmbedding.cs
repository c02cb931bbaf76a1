namespace LlmGateway.Server.Embeddings;

/// <summary>What a caller asks to be put in numbers.</summary>
/// <param name="Request">What.</param>
/// <param name="IsBase64">Whether the vectors are wanted as base64 of little-endian floats.</param>
/// <param name="Losses">What of the request can't be passed on, in words.</param>
internal sealed record AskedEmbedding(LlmEmbeddingRequest Request, bool IsBase64, IReadOnlyList<string> Losses);
