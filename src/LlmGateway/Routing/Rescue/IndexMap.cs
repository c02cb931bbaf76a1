using LlmGateway.Messages;

namespace LlmGateway.Routing.Rescue;

/// <summary>Gives the parts of another target's answer their places among those that were handed out before. Thoughts have none.</summary>
/// <param name="next">The first free index.</param>
/// <param name="ids">The ids of the tool calls that stand.</param>
internal sealed class IndexMap(int next, HashSet<string> ids)
{
    private readonly Dictionary<int, int> _indices = [];
    private int _next = next;

    /// <summary>A whole part of a kind that also comes in pieces, as its pieces.</summary>
    public static IEnumerable<LlmDelta> Pieces(LlmDelta delta) => delta is PartDelta whole ? ReplyDeltas.OfPart(whole.Index, whole.Part) : [delta];

    /// <summary>The index of the part that a delta is of; null where it is of the reply itself.</summary>
    public static int? IndexOf(LlmDelta delta) => delta switch
    {
        TextDelta text => text.Index,
        RefusalDelta refusal => refusal.Index,
        ThinkingDelta thinking => thinking.Index,
        ToolCallDelta call => call.Index,
        PartDelta part => part.Index,
        PartDetailDelta detail => detail.Index,
        _ => null,
    };

    public void Put(int index, int at) => _indices[index] = at;

    /// <param name="delta">A delta of the other target, no whole part of a kind that comes in pieces.</param>
    /// <param name="first">Where its first part goes, if that is text; null for a new place.</param>
    /// <returns>The delta in its new place; null where it has none.</returns>
    public LlmDelta? Map(LlmDelta delta, int? first = null)
    {
        if (IndexOf(delta) is not { } index) return delta;
        if (!_indices.TryGetValue(index, out var at))
        {
            if (delta is ThinkingDelta or PartDetailDelta) return null; // A thought, or a detail of one.
            at = first is { } place && delta is TextDelta && _indices.Count == 0 ? place : _next++;
            _indices[index] = at;
        }

        return delta switch
        {
            TextDelta text => text with { Index = at },
            RefusalDelta refusal => refusal with { Index = at },
            ToolCallDelta call => call with { Index = at, Id = Unique(call.Id, at) },
            PartDelta part => part with { Index = at },
            PartDetailDelta detail => detail with { Index = at },
            _ => null,
        };
    }

    /// <summary>Two vendors may give the same id.</summary>
    private string? Unique(string? id, int at) => id is null || ids.Add(id) ? id : $"{id}_{at}";
}
