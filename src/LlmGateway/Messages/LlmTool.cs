using System.Text.Json;

namespace LlmGateway;

/// <summary>A tool that the model may call.</summary>
/// <param name="Name">Its name: letters, digits, <c>_</c> and <c>-</c>, at most 64 (the strictest of the vendors' rules).</param>
/// <param name="Description">What it does, for the model; null for none.</param>
/// <param name="Parameters">The JSON schema of its arguments, an object; undefined (<see langword="default"/>) for a tool without parameters.</param>
public sealed record LlmTool(string Name, string? Description, JsonElement Parameters)
{
    /// <summary>Whether the vendor is to hold the arguments to the schema; null for its default.</summary>
    public bool? Strict { get; init; }

    /// <summary>Asks the vendor to cache the tools up to this one; null for no mark.</summary>
    public CacheMark? Cache { get; init; }

    /// <summary>What the tool says in its own dialect that the middle has no name for; null for nothing.</summary>
    public LlmExtensions? Extensions { get; init; }

    /// <summary>The whole definition of a tool that the vendor itself runs (a web search, a code interpreter), in its dialect's JSON; null for a tool of the caller's.</summary>
    public RawPart? Raw { get; init; }

    /// <summary>A tool that the vendor itself runs.</summary>
    /// <param name="name">Its name or type.</param>
    /// <param name="raw">Its whole definition, in the dialect's JSON.</param>
    /// <returns>The tool.</returns>
    public static LlmTool VendorSide(string name, RawPart raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        return new LlmTool(name, null, default) { Raw = raw };
    }
}
