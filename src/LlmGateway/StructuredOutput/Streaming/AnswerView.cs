using LlmGateway.Messages;

namespace LlmGateway.StructuredOutput.Streaming;

/// <summary>The answer as far as it has come: finds its text among the deltas of a reply, by the way it was asked for.</summary>
internal sealed class AnswerView(OutputMode mode, bool isWrapped, string tool = OutputPlan.ToolName)
{
    private readonly PartialJsonReader _reader = new();
    private int? _call;

    /// <summary>The answer so far, without its wrapper.</summary>
    public PartialJson Snapshot => isWrapped ? _reader.Snapshot().Unwrap(OutputContract.WrapperMember) : _reader.Snapshot();

    /// <summary>Whether it can already be told that this is the answer: it begins the text.</summary>
    public bool IsFirst => !_reader.HasProse;

    /// <summary>Whether it is the whole text: then there is no other value that could be meant.</summary>
    public bool IsAll => _reader is { IsDone: true, HasProse: false, HasTail: false };

    /// <summary>All of the answer's text that has been read.</summary>
    public string Text => _reader.Text;

    /// <summary>Takes a delta of the reply.</summary>
    /// <returns>Whether there is more to see.</returns>
    public bool Add(LlmDelta delta)
    {
        if (delta is PartDelta whole)
        {
            var hasGrown = false;
            foreach (var piece in ReplyDeltas.OfPart(whole.Index, whole.Part)) hasGrown |= piece is not PartDelta && Add(piece);
            return hasGrown;
        }

        return TextOf(delta) is { Length: > 0 } text && Append(text);
    }

    private bool Append(string text)
    {
        var before = (_reader.Position, _reader.IsMalformed);
        _reader.Append(text);
        return (_reader.Position, _reader.IsMalformed) != before && (_reader.IsMalformed || Snapshot.Kind != default);
    }

    private string? TextOf(LlmDelta delta) => delta switch
    {
        ToolCallDelta call when mode == OutputMode.Tool && IsAnswer(call) => call.ArgumentsJson,
        TextDelta text when mode != OutputMode.Tool => text.Text,
        _ => null,
    };

    private bool IsAnswer(ToolCallDelta call)
    {
        if (call.Name == tool) _call ??= call.Index;
        return call.Index == _call;
    }
}
