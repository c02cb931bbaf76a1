using LlmGateway.Messages;

namespace LlmGateway.Routing.Rescue;

/// <summary>
/// Puts the deltas of a model that was asked to go on (<see cref="Continuation"/>) behind what the consumer holds: its
/// first text goes on in the last text that was handed out. Thoughts are left out.
/// </summary>
/// <remarks>
/// What was handed out but not sent, white space at the end, is dropped from the beginning of the continuation as far as the
/// model repeats it. Compared by UTF-16 unit: a pair of surrogates or of CR and LF that was cut comes out whole.
/// </remarks>
internal sealed class ContinuationFilter
{
    private readonly ContinuedDelta _marker;
    private readonly IndexMap _map;
    private readonly string _unsent;
    private readonly int _last;
    private int _repeated;
    private bool _hasBegun;

    /// <param name="received">What the consumer was handed; its text is not empty.</param>
    /// <param name="provider">The provider that goes on.</param>
    /// <param name="model">The model that goes on.</param>
    public ContinuationFilter(ReplyBuilder received, string provider, string model)
    {
        var text = received.Build().Text;
        var handedOut = new HandedOut(received);
        _unsent = text[Continuation.SentPart(text).Length..];
        _last = handedOut.Parts.FindLast(part => part.Part is TextPart).Index;
        _map = new IndexMap(handedOut.Next, []);
        _marker = new ContinuedDelta(provider, model);
    }

    /// <summary>Takes a delta of the model that goes on, and adds to what is to be handed out.</summary>
    public void Add(LlmDelta delta, Queue<LlmDelta> output)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            output.Enqueue(_marker);
        }

        foreach (var piece in IndexMap.Pieces(delta))
        {
            if (_map.Map(piece, _last) is not { } mapped) continue;
            if (mapped is TextDelta text && text.Index == _last)
            {
                if (WithoutRepeated(text.Text) is { Length: > 0 } rest) output.Enqueue(text with { Text = rest });
            }
            else if (mapped is not PartDetailDelta detail || detail.Index != _last)
            {
                output.Enqueue(mapped);
            }
            else
            {
                // A signature is of the continuation alone, and so of no part of the answer.
                output.Enqueue(detail with { Signature = null, Origin = null, EncryptedContent = null });
            }
        }
    }

    private string WithoutRepeated(string text)
    {
        var start = 0;
        while (start < text.Length && _repeated < _unsent.Length && text[start] == _unsent[_repeated])
        {
            start++;
            _repeated++;
        }

        if (start < text.Length) _repeated = _unsent.Length;
        return text[start..];
    }
}
