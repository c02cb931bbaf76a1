using System.Collections.ObjectModel;

namespace LlmGateway.PriceData;

/// <summary>What vendors bill by the piece. The list is closed, so that a slip of the pen in a price file is not a fee that is never charged.</summary>
internal static class FeeKind
{
    internal const string Request = "request";
    internal const string WebSearch = "web_search";
    internal const string FileSearch = "file_search";
    internal const string CodeInterpreter = "code_interpreter";
    internal const string Grounding = "grounding";
    internal const string GroundingQuery = "grounding_query";
    internal const string MapsGrounding = "maps_grounding";
    internal const string XSearch = "x_search";
    internal const string DocumentSearch = "document_search";
    internal const string LiveSearchSource = "live_search_source";
    internal const string CitationToken = "citation_token";
    internal const string ImageGeneration = "image_generation";

    /// <summary>Before the size of the context that a request was searched with: request_low, request_medium, request_high.</summary>
    internal const string RequestOf = "request_";

    internal static IReadOnlyList<string> All { get; } =
    [
        Request, "request_low", "request_medium", "request_high", WebSearch, FileSearch, CodeInterpreter, Grounding, GroundingQuery,
        MapsGrounding, XSearch, DocumentSearch, LiveSearchSource, CitationToken, ImageGeneration,
    ];

    internal static ReadOnlyDictionary<string, decimal> Checked(IReadOnlyDictionary<string, decimal> fees)
    {
        ArgumentNullException.ThrowIfNull(fees);
        Dictionary<string, decimal> copy = [];
        foreach (var (kind, price) in fees)
            copy[All.Contains(kind) ? kind : throw new ArgumentException($"'{kind}' is no known kind of fee; known are {string.Join(", ", All)}.", nameof(fees))] = PriceNumber.Checked(price, kind);
        return copy.AsReadOnly();
    }
}
