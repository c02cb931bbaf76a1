namespace LlmGateway;

/// <summary>What a provider is asked: the model in the middle that every dialect is translated from and to. Immutable.</summary>
public sealed record LlmRequest
{
    /// <summary>The model's name, as the provider knows it.</summary>
    public required string Model { get; init; }

    /// <summary>The conversation, oldest first; at least one message.</summary>
    public required IReadOnlyList<LlmMessage> Messages { get; init; }

    /// <summary>The most tokens the answer may have, thinking included; null for the provider's own limit.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Whether <see cref="MaxTokens"/> is only the configuration's default, so that a provider that cannot honour it has lost nothing.</summary>
    public bool MaxTokensIsDefault { get; init; }

    /// <summary>Sampling temperature, 0 to 2; null for the vendor's own default, which many current models insist on.</summary>
    public double? Temperature { get; init; }

    /// <summary>The shape the answer must have; null for free text.</summary>
    public OutputSchema? OutputSchema { get; init; }

    /// <summary>The .NET type that the caller asked for; null for text and for a schema without a type. Never sent.</summary>
    public Type? OutputType { get; init; }

    /// <summary>Tools the model may call. Never null.</summary>
    public IReadOnlyList<LlmTool> Tools { get; init; } = [];

    /// <summary>Whether the model may or must call a tool; null for the vendor's own default.</summary>
    public LlmToolChoice? ToolChoice { get; init; }
}
