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

    /// <summary>The part of JSON Schema that the vendor's own schemas take.</summary>
    public SchemaSubset SchemaSubset { get; init; }

    /// <summary>Whether the vendor's own schemas go together with tools in one request; null where it is not known, and then they are not put together.</summary>
    public bool? SchemaWithTools { get; init; }

    /// <summary>Whether a tool can be forced while the model thinks; null where it is not known, and then it is.</summary>
    public bool? ForcedToolWhileThinking { get; init; }

    /// <summary>Whether the model can be made to call a tool (<see cref="OutputMode.Tool"/>).</summary>
    public bool ForcedTool { get; init; }

    /// <summary>Whether the model can call tools; null where it is not known.</summary>
    public bool? Tools { get; init; }

    /// <summary>Whether the vendor can hold a tool's arguments to its schema; null where it is not known.</summary>
    public bool? StrictTools { get; init; }

    /// <summary>Whether the model sees images; null where it is not known.</summary>
    public bool? Vision { get; init; }

    /// <summary>Whether the model reads documents, such as PDFs; null where it is not known.</summary>
    public bool? Documents { get; init; }

    /// <summary>Whether the model hears sound; null where it is not known.</summary>
    public bool? Audio { get; init; }

    /// <summary>Whether the model goes on with an answer that the request begins (a last message of the assistant's); null where it is not known.</summary>
    public bool? Prefill { get; init; }

    /// <summary>Whether the model can think before it answers; null where it is not known.</summary>
    public bool? Thinking { get; init; }

    /// <summary>Whether the model thinks although the request does not ask for it; null where it is not known.</summary>
    public bool? ThinksUnasked { get; init; }

    /// <summary>Whether the model lets the temperature be set; null where it is not known. Where it is false, the temperature is left out, which is a reported loss.</summary>
    public bool? Temperature { get; init; }

    /// <summary>The wire's name of the field for the most output tokens, where the dialect has several (<c>max_tokens</c>, <c>max_completion_tokens</c>); null for the dialect's usual.</summary>
    public string? MaxTokensField { get; init; }

    /// <summary>The context window in tokens; null where it is not known.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>The most tokens that an answer may have; null where it is not known.</summary>
    public int? MaxOutputTokens { get; init; }
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
