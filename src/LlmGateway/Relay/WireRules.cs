namespace LlmGateway.Relay;

/// <summary>What must be known of a protocol to send a request of its on as it came. Immutable.</summary>
internal sealed record WireRules
{
    /// <summary>Nothing in particular.</summary>
    public static WireRules Plain { get; } = new();

    /// <summary>Fields of the top level that say the same thing: where two of a group stand together, servers differ in which they heed.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Aliases { get; init; } = [];

    /// <summary>The fields for the most output tokens, where models differ in which they take (<see cref="ModelCapabilities.MaxTokensField"/>).</summary>
    public IReadOnlyList<string> MaxTokensFields { get; init; } = [];

    /// <summary>Whether a stream tells its tokens only where <c>stream_options</c> asks for them.</summary>
    public bool MustAskForUsage { get; init; }
}
