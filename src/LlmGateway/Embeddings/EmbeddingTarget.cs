namespace LlmGateway.Embeddings;

/// <summary>Where and how a vendor makes embeddings.</summary>
/// <param name="Format">The wire format.</param>
/// <param name="BaseUrl">Where its paths begin, which for some vendors is not where chat's begin.</param>
/// <param name="DefaultModel">The model used where the request names none; null where one must be named.</param>
internal sealed record EmbeddingTarget(IEmbeddingFormat Format, Uri BaseUrl, string? DefaultModel);
