using LlmGateway.Dialects;
using LlmGateway.Embeddings;

namespace LlmGateway.Providers.Http;

/// <summary>All that tells one vendor's API from another's. Immutable.</summary>
internal sealed record HttpTarget
{
    /// <summary>The provider's name.</summary>
    public required string Name { get; init; }

    /// <summary>The model used where the configuration names none.</summary>
    public required string DefaultModel { get; init; }

    /// <summary>Where the paths begin.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>What is spoken.</summary>
    public required IDialect Dialect { get; init; }

    /// <summary>Who is asking.</summary>
    public required IRequestAuthorizer Authorizer { get; init; }

    /// <summary>What the vendor's model, by its name, can do, and where the vendor differs from its dialect.</summary>
    public required Func<string, WirePeer> PeerOf { get; init; }

    /// <summary>The path under the base URL, where it is not the dialect's.</summary>
    public Func<LlmRequest, string>? PathOf { get; init; }

    /// <summary>Headers that each request carries.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The most output tokens that are asked for where neither the request nor what is known of the model says, and the protocol must have a number.</summary>
    public int? DefaultMaxTokens { get; init; }

    /// <summary>How calls are paid for.</summary>
    public ProviderBilling Billing { get; init; } = ProviderBilling.PriceBook;

    /// <summary>The region by which the vendor bills; null for none.</summary>
    public string? BillingRegion { get; init; }

    /// <summary>Where and how the vendor makes embeddings; null where it makes none.</summary>
    public EmbeddingTarget? Embeddings { get; init; }

    /// <summary>The settings that hold the key, for error texts: <c>LLM_API_KEY or ANTHROPIC_API_KEY</c>.</summary>
    public required string KeySettings { get; init; }
}
