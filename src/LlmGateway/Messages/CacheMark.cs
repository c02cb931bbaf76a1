namespace LlmGateway;

/// <summary>Asks a vendor to cache what stands up to here.</summary>
/// <param name="Lifetime">How long: <c>5m</c>, <c>1h</c>, or another word of the vendor's; null for its default.</param>
public sealed record CacheMark(string? Lifetime = null);
