namespace LlmGateway;

/// <summary>One place that a route may go to. Immutable.</summary>
public sealed record RouteTarget
{
    /// <summary>The provider's name.</summary>
    public required string Vendor { get; init; }

    /// <summary>The model's name, as the vendor knows it; empty for the provider's own default.</summary>
    public required string Model { get; init; }

    /// <summary>The variable that holds the key. Default null: the vendor's usual one, or <c>LLM_API_KEY</c> where the vendor is <c>LLM_PROVIDER</c>.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>Where the vendor's API is. Default null: the vendor's usual address, or <c>LLM_BASE_URL</c> where the vendor is <c>LLM_PROVIDER</c>.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Its share under <see cref="RoutePolicy.Weighted"/>, above 0. Default 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Which requests it takes. Default null: all that its model can answer.</summary>
    public RouteCondition? When { get; init; }

    /// <summary>The time for one attempt here, above 0. Default null: <see cref="GatewayConfig.TimeoutSeconds"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The most requests under way here at once, at least 1. Default null: no limit.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>The most requests that wait for one of <see cref="MaxConcurrency"/> to end, at least 0; only where no other target can be asked. Default 100.</summary>
    public int MaxQueue { get; init; } = 100;

    /// <summary>The most requests a minute, at least 1. Default null: what the vendor's headers say.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>The most tokens a minute, input and output, at least 1. Default null: what the vendor's headers say.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>As it stands in a route: <c>vendor/model</c>, and the key's variable behind <c>#</c> where one is named.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => KeyVariable is null ? $"{Vendor}/{Model}" : $"{Vendor}/{Model}#{KeyVariable}";
}

/// <summary>Which requests a target takes: those for which all that is set holds. Immutable.</summary>
public sealed record RouteCondition
{
    /// <summary>Tags that the call must have, each with this value. Never null.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The least input, in tokens by estimate; null for none.</summary>
    public int? MinInputTokens { get; init; }

    /// <summary>The most input, in tokens by estimate; null for none.</summary>
    public int? MaxInputTokens { get; init; }

    /// <summary>Whether the request must offer tools (true) or none (false); null for either.</summary>
    public bool? Tools { get; init; }

    /// <summary>Whether the request must show images (true) or none (false); null for either.</summary>
    public bool? Vision { get; init; }

    /// <summary>Whether the request must ask for a schema (true) or for none (false); null for either.</summary>
    public bool? Schema { get; init; }
}
