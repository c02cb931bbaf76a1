using LlmGateway.Messages;

namespace LlmGateway.Routing.Rescue;

/// <summary>
/// Joins the fresh answer of another target to what was handed out of a broken one: what repeats it is withheld, the rest
/// goes on in its place. So the consumer holds the fresh answer in the end, without its thoughts.
/// </summary>
/// <remarks>
/// Parts are compared in their order, thoughts not counted: text by UTF-16 unit, so that it does not matter where it was
/// split; tool calls by name and by their arguments as JSON, and the first id stays. Nothing goes out before all that stands
/// has come again.
/// </remarks>
internal sealed class Splice
{
    private readonly HandedOut _handedOut;
    private readonly List<SplicePart> _standing;
    private readonly string _provider;
    private readonly string _model;
    private readonly List<LlmDelta> _held = [];

    /// <summary>The places of the fresh answer's parts among its own, by its indices.</summary>
    private readonly Dictionary<int, int> _ordinals = [];

    private IndexMap? _map;
    private int[] _withheld = [];
    private int _joined;

    /// <param name="received">What the consumer was handed. It is read once, here.</param>
    /// <param name="provider">The provider that answers.</param>
    /// <param name="model">The model that answers.</param>
    public Splice(ReplyBuilder received, string provider, string model)
    {
        _handedOut = new HandedOut(received);
        _standing = [.. _handedOut.Parts.Take(_handedOut.Standing).Select(part => new SplicePart(part.Index, part.Part))];
        (_provider, _model) = (provider, model);
    }

    /// <summary>Where the answer became another; null where it has not. Nothing comes out after it.</summary>
    public Divergence? Divergence { get; private set; }

    /// <summary>Whether what was handed out has come again, and the answer goes on.</summary>
    public bool HasJoined => _map is not null;

    /// <summary>Takes a delta of the fresh answer, and adds to what is to be handed out.</summary>
    /// <returns>False where the answer is another: see <see cref="Divergence"/>.</returns>
    public bool Add(LlmDelta delta, Queue<LlmDelta> output)
    {
        if (Divergence is not null) return false;
        foreach (var piece in IndexMap.Pieces(delta))
        {
            if (piece is ThinkingDelta || !Counts(piece)) continue;
            if (_map is not null)
            {
                Emit(piece, output);
                continue;
            }

            _held.Add(piece);
            Match(piece);
            if (_standing.Find(part => part.IsDiverged) is { } diverged)
            {
                Divergence = diverged.ToDivergence();
                return false;
            }

            if (_standing.TrueForAll(part => part.IsMatched))
            {
                Join(_standing.Count, output);
            }
        }

        return true;
    }

    /// <summary>Notes where a part stands in the fresh answer.</summary>
    /// <returns>Whether the delta is of something that counts, no thought.</returns>
    private bool Counts(LlmDelta piece)
    {
        if (IndexMap.IndexOf(piece) is not { } index || _ordinals.ContainsKey(index)) return true;
        if (piece is PartDetailDelta) return false;
        _ordinals[index] = _ordinals.Count;
        return true;
    }

    private void Match(LlmDelta piece)
    {
        if (piece is FinishDelta)
        {
            foreach (var part in _standing) part.Close(isEnd: true);
            return;
        }

        if (IndexMap.IndexOf(piece) is not { } index) return;
        var ordinal = _ordinals[index];
        for (var i = 0; i < Math.Min(ordinal, _standing.Count); i++) _standing[i].Close(isEnd: false);
        if (ordinal < _standing.Count) _standing[ordinal].Add(piece);
    }

    /// <summary>Says what becomes of what was handed out, and hands out what of the fresh answer goes beyond it.</summary>
    private void Join(int standing, Queue<LlmDelta> output)
    {
        _joined = standing;
        var isVoid = standing < _handedOut.Parts.Count;
        output.Enqueue(isVoid ? new RestartedDelta(_handedOut.Parts[standing].Index, _provider, _model) : new ContinuedDelta(_provider, _model));
        _withheld = [.. _standing.Take(standing).Select(part => part.Part switch { TextPart text => text.Text.Length, RefusalPart refusal => refusal.Text.Length, _ => 0 })];
        _map = new IndexMap(
            isVoid ? _handedOut.Parts[standing].Index : _handedOut.Next,
            [.. _standing.Take(standing).Select(part => part.Part).OfType<ToolCallPart>().Select(call => call.Id)]);
        foreach (var (index, ordinal) in _ordinals.Where(pair => pair.Value < standing)) _map.Put(index, _standing[ordinal].Index);
        foreach (var held in _held) Emit(held, output);
        _held.Clear();
    }

    private void Emit(LlmDelta piece, Queue<LlmDelta> output)
    {
        if (IndexMap.IndexOf(piece) is { } index && _ordinals[index] is var ordinal && ordinal < _joined)
        {
            if (Beyond(piece, ordinal) is not { } beyond) return;
            piece = beyond;
        }

        if (_map!.Map(piece) is { } mapped) output.Enqueue(mapped);
    }

    /// <summary>What of a delta goes beyond a part that stands; null for nothing.</summary>
    private LlmDelta? Beyond(LlmDelta piece, int ordinal) => piece switch
    {
        TextDelta text when Rest(text.Text, ordinal) is { Length: > 0 } rest => text with { Text = rest },
        RefusalDelta refusal when Rest(refusal.Text, ordinal) is { Length: > 0 } rest => refusal with { Text = rest },
        PartDetailDelta detail when _standing[ordinal].Part is TextPart known => detail.Citation is { } citation && known.Citations.Contains(citation) ? detail with { Citation = null } : detail,

        // A call that was signed is the signer's.
        PartDetailDelta detail when _standing[ordinal].Part is { Signature: null } => detail,
        _ => null,
    };

    private string Rest(string text, int ordinal)
    {
        var withheld = Math.Min(text.Length, _withheld[ordinal]);
        _withheld[ordinal] -= withheld;
        return text[withheld..];
    }
}
