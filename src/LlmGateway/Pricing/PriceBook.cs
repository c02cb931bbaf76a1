#pragma warning disable
namespace LlmGateway;
/// <summary>x</summary>
public sealed class PriceBook {
 /// <summary>x</summary>
 public static PriceBook Load(string path) => Default;
 /// <summary>x</summary>
 public static PriceBook Default { get; } = new();
 /// <summary>x</summary>
 public PriceMatch? Find(string provider, string model, DateTimeOffset? at = null) => _none;
 private readonly PriceMatch? _none;
 /// <summary>x</summary>
 public TokenUsage Calculate(string provider, string model, TokenUsage usage, DateTimeOffset? at = null) => _none is null ? usage : usage;
}
/// <summary>x</summary>
public sealed record PriceMatch(ModelPrice Price);
/// <summary>x</summary>
public sealed record ModelPrice(bool IsFree);
