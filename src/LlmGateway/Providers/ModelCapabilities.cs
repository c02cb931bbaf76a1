namespace LlmGateway;

/// <summary>What a model can do, as far as the client must know it before it asks.</summary>
public sealed record ModelCapabilities
{
    /// <summary>Plain text in and out: a schema goes into the prompt.</summary>
    public static ModelCapabilities Basic { get; } = new();

    /// <summary>Whether the vendor itself holds the answer to a JSON schema (<see cref="OutputMode.Native"/>).</summary>
    public bool NativeSchema { get; init; }

    /// <summary>What the vendor's own schemas cannot say; a schema that needs it is put another way. Default none.</summary>
    public SchemaFeatures UnsupportedSchemaFeatures { get; init; }

    /// <summary>Whether the model can be made to call a tool (<see cref="OutputMode.Tool"/>).</summary>
    public bool ForcedTool { get; init; }
}

/// <summary>How a provider's calls are paid for.</summary>
public enum ProviderBilling
{
    /// <summary>By the token, at the price book's prices for the provider's name and model.</summary>
    PriceBook,

    /// <summary>Not by the call: every call is known to cost 0.</summary>
    Free,

    /// <summary>By the call, and the provider reports the cost with each reply; before that it is unknown.</summary>
    Reported,
}
