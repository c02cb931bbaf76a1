namespace LlmGateway.Routing.Targets;

/// <summary>
/// Whether a target can take a request at all. What is not known is taken for possible. A schema is never in the way by
/// itself: it can always be put in words.
/// </summary>
internal static class TargetFit
{
    /// <summary>The estimate of the input is rough: only what is clearly larger than the window is.</summary>
    private const double Tolerance = 1.1;

    public static bool Fits(Target target, in RequestNeeds needs) => Find(target, needs) == Misfit.None;

    /// <summary>Why the target can't take the request, in words; null where it can.</summary>
    public static string? WhyNot(Target target, in RequestNeeds needs) => Find(target, needs) switch
    {
        Misfit.None => null,
        Misfit.Tools => $"{target.Model} calls no tools",
        Misfit.Images => $"{target.Model} sees no images",
        Misfit.Documents => $"{target.Model} reads no documents",
        Misfit.Audio => $"{target.Model} hears no sound",
        Misfit.Window => $"the input is about {needs.InputTokens} tokens, and {target.Model} reads at most {target.Capabilities.ContextWindow}",
        Misfit.Tags => $"the call has not the tags that {target.Name} is for",
        Misfit.Small => $"the input is about {needs.InputTokens} tokens, and {target.Name} is for {target.Options.When!.MinInputTokens} and more",
        Misfit.Large => $"the input is about {needs.InputTokens} tokens, and {target.Name} is for {target.Options.When!.MaxInputTokens} and fewer",
        Misfit.WithTools => $"{target.Name} is for requests {Without(target.Options.When!.Tools)} tools",
        Misfit.WithImages => $"{target.Name} is for requests {Without(target.Options.When!.Vision)} images",
        _ => $"{target.Name} is for requests {Without(target.Options.When!.Schema)} a schema",
    };

    private static Misfit Find(Target target, in RequestNeeds needs)
    {
        var can = target.Capabilities;
        if (needs.Tools && can.Tools == false) return Misfit.Tools;
        if (needs.Images && can.Vision == false) return Misfit.Images;
        if (needs.Documents && can.Documents == false) return Misfit.Documents;
        if (needs.Audio && can.Audio == false) return Misfit.Audio;
        if (can.ContextWindow is { } window && needs.InputTokens > window * Tolerance) return Misfit.Window;
        return target.Options.When is { } when ? Find(when, needs) : Misfit.None;
    }

    private static Misfit Find(RouteCondition when, in RequestNeeds needs)
    {
        if (when.MinInputTokens > needs.InputTokens) return Misfit.Small;
        if (when.MaxInputTokens < needs.InputTokens) return Misfit.Large;
        if (when.Tools is { } tools && tools != needs.Tools) return Misfit.WithTools;
        if (when.Vision is { } vision && vision != needs.Images) return Misfit.WithImages;
        if (when.Schema is { } schema && schema != needs.Schema) return Misfit.WithSchema;
        return when.Tags.Count == 0 || HasTags(when, needs) ? Misfit.None : Misfit.Tags;
    }

    private static bool HasTags(RouteCondition when, in RequestNeeds needs)
    {
        foreach (var (name, value) in when.Tags)
            if (!needs.Tags.TryGetValue(name, out var given) || given != value) return false;
        return true;
    }

    private static string Without(bool? with) => with == true ? "with" : "without";

    private enum Misfit
    {
        None,
        Tools,
        Images,
        Documents,
        Audio,
        Window,
        Tags,
        Small,
        Large,
        WithTools,
        WithImages,
        WithSchema,
    }
}
