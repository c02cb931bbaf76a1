using System.Collections.ObjectModel;
using LlmGateway.Client;
using LlmGateway.Relay;

namespace LlmGateway;

/// <summary>What a provider is asked: the model in the middle that every dialect is translated from and to. Immutable.</summary>
public sealed record LlmRequest
{
    /// <summary>The model's name, as the provider knows it; empty for the client's own.</summary>
    public string Model { get; init; } = "";

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

    /// <summary>Whether the model may call several tools in one turn; null for the vendor's own default.</summary>
    public bool? ParallelToolCalls { get; init; }

    /// <summary>Whether the reply is to come in pieces. The client sets it.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether the answer must be some JSON object, where no schema says which.</summary>
    public bool JsonMode { get; init; }

    /// <summary>Texts at which the model stops. Never null.</summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <summary>Nucleus sampling: the share of probability that tokens are drawn from, 0 to 1; null for the vendor's default.</summary>
    public double? TopP { get; init; }

    /// <summary>Tokens are drawn from this many of the likeliest; null for the vendor's default.</summary>
    public int? TopK { get; init; }

    /// <summary>Makes sampling repeatable, as far as the vendor can; null for none.</summary>
    public long? Seed { get; init; }

    /// <summary>Lowers the chance of tokens by how often they have come, -2 to 2; null for the vendor's default.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>Lowers the chance of tokens that have come at all, -2 to 2; null for the vendor's default.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>Whether to give the log-probability of each token of the answer; null for the vendor's default.</summary>
    public bool? LogProbs { get; init; }

    /// <summary>How many of the likeliest tokens to give in each place, with <see cref="LogProbs"/>; null for none.</summary>
    public int? TopLogProbs { get; init; }

    /// <summary>How much to think; null for the vendor's default.</summary>
    public LlmReasoning? Reasoning { get; init; }

    /// <summary>The tier to be served by: <c>auto</c>, or a word of the vendor's; null for its default.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Labels that the vendor keeps with the request. Never null.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The caller's own labels, such as user, team and feature, for budgets and the ledger. Never sent. Never null.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>An opaque id of the end user, for the vendor's abuse detection; null for none.</summary>
    public string? User { get; init; }

    /// <summary>What the request says in its own dialect that the middle has no name for; null for nothing.</summary>
    public LlmExtensions? Extensions { get; init; }

    /// <summary>What the request was decoded from, where it came over the wire.</summary>
    internal WireRequest? Wire { get; init; }

    /// <summary>What a server says of the call beside.</summary>
    internal CallScope? Scope { get; init; }
}
