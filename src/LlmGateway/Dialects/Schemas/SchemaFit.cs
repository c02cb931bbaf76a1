using System.Text.Json;

namespace LlmGateway.Dialects.Schemas;

/// <summary>A schema as a vendor takes it, or why it cannot be said to that vendor.</summary>
internal sealed record SchemaFit
{
    /// <summary>The schema; undefined where there is a <see cref="Refusal"/>.</summary>
    public JsonElement Schema { get; init; }

    /// <summary>What cannot be said, and where; null where all can.</summary>
    public string? Refusal { get; init; }

    /// <summary>What was changed, each with its place, in words.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether a null stands for a member that is left out, where the full schema allows no null.</summary>
    public bool HasNullsForAbsent { get; init; }
}
