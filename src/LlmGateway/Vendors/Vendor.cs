using System.Collections.Frozen;
using System.IO.Enumeration;

namespace LlmGateway.Vendors;

/// <summary>A vendor, which is data: one row of <c>vendors.json</c>, or of a file of the user's in the same form.</summary>
internal sealed record Vendor
{
    /// <summary>The name, as in <c>LLM_PROVIDER</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Other names for it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The dialect's name.</summary>
    public required string Dialect { get; init; }

    /// <summary>Where the paths begin; <c>${NAME}</c> stands for a variable's value.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>The vendor's usual variables for another address.</summary>
    public IReadOnlyList<string> BaseUrlVariables { get; init; } = [];

    /// <summary>What is cut off the beginning of the dialect's path, where the base URL says it already.</summary>
    public string StripPath { get; init; } = "";

    /// <summary>Another form of the address, where a variable is set; null for none.</summary>
    public VendorAddress? Instead { get; init; }

    /// <summary>The header that carries the key.</summary>
    public string KeyHeader { get; init; } = "Authorization";

    /// <summary>What stands before the key.</summary>
    public string KeyPrefix { get; init; } = "Bearer ";

    /// <summary>The vendor's usual variables for the key.</summary>
    public IReadOnlyList<string> KeyVariables { get; init; } = [];

    /// <summary>Whether it answers without a key, as a server of one's own does.</summary>
    public bool IsKeyOptional { get; init; }

    /// <summary>Whether a token may stand in the key's place, from <see cref="ProviderServices.TokenProvider"/>.</summary>
    public bool TakesToken { get; init; }

    /// <summary>Headers that each request carries.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The model used where none is named; empty where one must be named.</summary>
    public string DefaultModel { get; init; } = "";

    /// <summary>How calls are paid for.</summary>
    public ProviderBilling Billing { get; init; } = ProviderBilling.PriceBook;

    /// <summary>See <see cref="Dialects.WirePeer.ReasoningField"/>.</summary>
    public string? ReasoningField { get; init; }

    /// <summary>See <see cref="Dialects.WirePeer.Refuses"/>.</summary>
    public IReadOnlySet<string> Refuses { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The wire format of embeddings; null where the vendor makes none.</summary>
    public string? EmbeddingFormat { get; init; }

    /// <summary>Where the paths of embeddings begin, where that is elsewhere; null for <see cref="BaseUrl"/>.</summary>
    public string? EmbeddingBaseUrl { get; init; }

    /// <summary>The model used for embeddings where none is named; null where one must be named.</summary>
    public string? DefaultEmbeddingModel { get; init; }

    /// <summary>What its models can do, by their names; the first that fits counts.</summary>
    public IReadOnlyList<ModelRule> Models { get; init; } = [];

    /// <summary>The public documentation that the row is from.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>The row as it was written, where it is of a file that may change: by it a changed row is known. Null elsewhere.</summary>
    public string? Written { get; init; }

    /// <summary>The rows that come with the gateway.</summary>
    public static IReadOnlyList<Vendor> All => VendorFile.BuiltIn;

    /// <summary>The name and the aliases.</summary>
    public IEnumerable<string> Names => [Name, .. Aliases];

    /// <summary>What a model can do, by the first rule that fits its name.</summary>
    public ModelCapabilities CapabilitiesOf(string model)
    {
        foreach (var rule in Models)
        {
            if (FileSystemName.MatchesSimpleExpression(rule.Match, model)) return rule.Capabilities;
        }

        return ModelCapabilities.Basic;
    }
}

/// <summary>What models can do whose names fit a pattern, in which <c>*</c> stands for anything.</summary>
internal sealed record ModelRule(string Match, ModelCapabilities Capabilities);

/// <summary>A form of a vendor's address that a variable chooses: Azure's dated versions.</summary>
/// <param name="Variable">The variable that chooses it by being set.</param>
/// <param name="BasePath">The base URL's path in this form.</param>
/// <param name="Path">The path under it; <c>{model}</c> stands for the model, <c>${NAME}</c> for a variable.</param>
internal sealed record VendorAddress(string Variable, string BasePath, string Path);
