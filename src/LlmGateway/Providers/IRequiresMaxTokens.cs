namespace LlmGateway.Providers;

/// <summary>A provider whose protocol must be told how many tokens an answer may have. What came over the wire of another need not say it.</summary>
internal interface IRequiresMaxTokens
{
    /// <summary>The limit where the request names none: the model's own where it is known, else the configuration's. Null where the protocol needs none.</summary>
    int? MaxTokensOf(string model);
}
