namespace LlmGateway;

/// <summary>A named list of targets, and how one is chosen among them. A client whose model is a route's name asks it. Immutable.</summary>
public sealed record RouteConfig
{
    /// <summary>The route's name, for <c>LLM_MODEL</c> or a call's model.</summary>
    public required string Name { get; init; }

    /// <summary>Which target is asked first, and which next. Default <see cref="RoutePolicy.Priority"/>.</summary>
    public RoutePolicy Policy { get; init; }

    /// <summary>Where it may go, at least one. The order is what <see cref="RoutePolicy.Priority"/> goes by.</summary>
    public required IReadOnlyList<RouteTarget> Targets { get; init; }

    /// <summary>
    /// What else moves a call to the next target: errors that another target may not have, such as
    /// <see cref="ProviderErrorKind.Authentication"/>, <see cref="ProviderErrorKind.NotFound"/> or <see cref="ProviderErrorKind.Refusal"/>.
    /// Default none: such an error goes to the caller. Never null.
    /// </summary>
    public IReadOnlyList<ProviderErrorKind> FallbackOn { get; init; } = [];

    /// <summary>When a second target is asked beside a slow first one. Default null: never.</summary>
    public RouteHedge? Hedge { get; init; }

    /// <summary>What becomes of a stream that dies after some of it was handed out. Default null: as <see cref="GatewayConfig.StreamRescue"/> says.</summary>
    public StreamRescue? Rescue { get; init; }
}

/// <summary>Which of a route's targets is asked.</summary>
public enum RoutePolicy
{
    /// <summary>The first that can be asked, in the order written.</summary>
    Priority,

    /// <summary>By chance, each as often as its <see cref="RouteTarget.Weight"/> says.</summary>
    Weighted,

    /// <summary>The faster of two that chance picks, by the recent mean of the time to the first token.</summary>
    LeastLatency,

    /// <summary>The one that the request costs least at, by estimate; those of unknown price last.</summary>
    LowestCost,

    /// <summary>Each in turn.</summary>
    RoundRobin,
}

/// <summary>When a second target is asked beside a slow first one. The first answer wins; the other is cancelled, and paid for.</summary>
public sealed record RouteHedge
{
    /// <summary>After this percentile of the first target's recent times, above 0 and below 1; null where <see cref="After"/> says when. Not before 20 times are known.</summary>
    public double? Percentile { get; init; }

    /// <summary>After this long, above 0; with <see cref="Percentile"/> as well, until enough times are known.</summary>
    public TimeSpan? After { get; init; }
}

/// <summary>What becomes of a stream that dies after some of it was handed out. Several go together: what comes first here is tried first.</summary>
[Flags]
public enum StreamRescue
{
    /// <summary>It ends with an error that holds what was received.</summary>
    Off = 0,

    /// <summary>The next target goes on from the partial answer, where its model takes one.</summary>
    Continue = 1,

    /// <summary>The next target answers afresh; what repeats the part handed out is withheld, and it goes on from there.</summary>
    Splice = 2,

    /// <summary>Nothing is handed out before the answer is whole.</summary>
    Buffer = 4,
}
