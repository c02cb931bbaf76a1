namespace LlmGateway.Server.Models;

/// <summary>One model or route that may be asked for, with what it can do and costs. Immutable.</summary>
internal sealed record ModelEntry
{
    private readonly byte[]?[] _json = new byte[]?[3];

    /// <summary>What a caller writes for it: a route's name, or <c>vendor/model</c>; or the bare name that was asked for.</summary>
    public required string Id { get; init; }

    /// <summary>The vendor; null for a route.</summary>
    public string? Vendor { get; init; }

    /// <summary>The model's name at its vendor; null for a route.</summary>
    public string? Model { get; init; }

    /// <summary>What the vendor speaks; null where that is not one thing, or not known.</summary>
    public string? Dialect { get; init; }

    /// <summary>What it can do; of a route what any of its targets can, as a request goes to one that can take it.</summary>
    public ModelCapabilities Capabilities { get; init; } = ModelCapabilities.Basic;

    /// <summary>What it costs now, in US dollars per million tokens; null where that is unknown, or a route's targets differ in it.</summary>
    public ModelPrice? Price { get; init; }

    /// <summary>The route that it is; null for a model.</summary>
    public RouteConfig? Route { get; init; }

    /// <summary>What it means, as a key's rules are asked.</summary>
    public ModelName Name => new(Id, Route, Route?.Targets ?? [new RouteTarget { Vendor = Vendor!, Model = Model! }]);

    /// <summary>Its JSON in a protocol's form, made once.</summary>
    public ReadOnlySpan<byte> JsonIn(ModelForm form) => _json[(int)form] ??= ModelJson.Of(this, form);
}
