using LlmGateway.Budgets;

namespace LlmGateway.Routing.Targets;

/// <summary>What a request needs of a target, made once a call.</summary>
internal readonly struct RequestNeeds
{
    private readonly Shown _shown;

    /// <param name="request">What is asked.</param>
    /// <param name="tags">The call's tags; null for the request's own.</param>
    public RequestNeeds(LlmRequest request, IReadOnlyDictionary<string, string>? tags = null)
    {
        InputTokens = UsageEstimate.Of(request, Nothing).InputTokens;
        MaxOutputTokens = request.MaxTokens;
        Tools = request.Tools.Count > 0;
        Schema = request.OutputSchema is not null;
        Tags = tags ?? request.Tags;
        foreach (var message in request.Messages) _shown |= ShownIn(message.Parts);
    }

    [Flags]
    private enum Shown
    {
        None = 0,
        Images = 1,
        Documents = 2,
        Audio = 4,
    }

    /// <summary>The input, by estimate. What an image or a recording counts is not known here.</summary>
    public long InputTokens { get; }

    /// <summary>The most output that the request allows; null for the vendor's limit.</summary>
    public int? MaxOutputTokens { get; }

    /// <summary>What it is counted at under a limit of tokens a minute, until what it used is known.</summary>
    public long Tokens => InputTokens + (MaxOutputTokens ?? 0);

    public bool Tools { get; }

    public bool Schema { get; }

    public bool Images => (_shown & Shown.Images) != 0;

    public bool Documents => (_shown & Shown.Documents) != 0;

    public bool Audio => (_shown & Shown.Audio) != 0;

    public IReadOnlyDictionary<string, string> Tags { get; }

    private static LlmReply Nothing { get; } = new();

    private static Shown ShownIn(IReadOnlyList<LlmPart> parts)
    {
        var shown = Shown.None;
        for (var i = 0; i < parts.Count; i++)
        {
            shown |= parts[i] switch
            {
                ImagePart => Shown.Images,
                // A text is written out where a model reads no documents.
                DocumentPart { Source.Text: null } => Shown.Documents,
                AudioPart => Shown.Audio,
                ToolResultPart result => ShownIn(result.Parts),
                _ => Shown.None,
            };
        }

        return shown;
    }
}
