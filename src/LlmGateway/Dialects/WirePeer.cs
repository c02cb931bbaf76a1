using System.Collections.Frozen;

namespace LlmGateway.Dialects;

/// <summary>Who speaks the protocol at the other end, as far as an encoder or decoder must know: vendors of one dialect differ in small things.</summary>
internal sealed record WirePeer
{
    /// <summary>Nobody in particular: everything that the protocol's own documentation allows is allowed.</summary>
    public static WirePeer Any { get; } = new();

    /// <summary>The vendor's name, as in its row; empty for nobody in particular.</summary>
    public string Vendor { get; init; } = "";

    /// <summary>What the model can do; what is null there is allowed.</summary>
    public ModelCapabilities Model { get; init; } = ModelCapabilities.Basic;

    /// <summary>Names of top-level request fields, in the wire's spelling, that the vendor refuses: they are left out, and that is a loss.</summary>
    public IReadOnlySet<string> Refuses { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The field of a message in which the vendor gives and takes thoughts, where the dialect leaves it open (<c>reasoning_content</c>, <c>reasoning</c>); null for the dialect's usual.</summary>
    public string? ReasoningField { get; init; }
}
