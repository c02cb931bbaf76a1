namespace LlmGateway.Routing.Targets;

/// <summary>One place to ask: a model of a provider.</summary>
internal sealed class Target(RouteTarget options, ILlmProvider provider, string model)
{
    public string Name { get; } = options.ToString();

    public RouteTarget Options => options;

    public ILlmProvider Provider => provider;

    public string Model => model;

    public ModelCapabilities Capabilities { get; } = provider.GetCapabilities(model);

    public bool? PrefillRefused { get; private set; }

    public void RefusesPrefill() => PrefillRefused = true;

    public void Leave()
    {
    }

    public void Began(RouteRun run)
    {
    }

    public void Ended(CallOutcome? outcome, ProviderException? error, TimeSpan time, TokenUsage usage)
    {
    }

    public TimeSpan? HedgeAfter(RouteHedge hedge) => hedge.After;
}

internal readonly record struct RequestNeeds(long InputTokens)
{
    public static RequestNeeds Of(LlmRequest request, IReadOnlyDictionary<string, string> tags) => new(0);
}
