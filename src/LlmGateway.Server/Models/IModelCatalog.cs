namespace LlmGateway.Server.Models;

/// <summary>What may be asked for here.</summary>
internal interface IModelCatalog
{
    /// <summary>All that is told of: routes first, then each vendor's default model, then its other models that have a price.</summary>
    IReadOnlyList<ModelEntry> List();

    /// <summary>What a name means, also one that is not told of but would be asked of a vendor; null where it means nothing here.</summary>
    ModelEntry? Find(string name);
}
