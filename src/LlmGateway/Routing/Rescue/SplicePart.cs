using System.Text;

namespace LlmGateway.Routing.Rescue;

/// <summary>One part that was handed out, while the same part of another answer is held against it.</summary>
internal sealed class SplicePart(int index, LlmPart part)
{
    private readonly string _text = part switch
    {
        TextPart text => text.Text,
        RefusalPart refusal => refusal.Text,
        ToolCallPart call => call.ArgumentsJson,
        _ => "",
    };

    private readonly StringBuilder _fresh = new();
    private string? _freshName;
    private int _matched;

    public int Index => index;

    public LlmPart Part => part;

    /// <summary>Whether all of it has come again.</summary>
    public bool IsMatched { get; private set; }

    /// <summary>Whether the other answer is another.</summary>
    public bool IsDiverged { get; private set; }

    /// <summary>Takes a piece of the other answer's part in this one's place.</summary>
    public void Add(LlmDelta delta)
    {
        switch (delta)
        {
            case TextDelta text when part is TextPart:
                AddText(text.Text);
                break;
            case RefusalDelta refusal when part is RefusalPart:
                AddText(refusal.Text);
                break;
            case ToolCallDelta call when part is ToolCallPart known:
                _freshName ??= call.Name;
                _fresh.Append(call.ArgumentsJson);
                IsDiverged |= _freshName is not null && _freshName != known.Name;
                break;
            case PartDelta { Part: var whole }:
                _fresh.Append(KindOf(whole));
                IsMatched = AreEqual(part, whole);
                IsDiverged = !IsMatched;
                break;
            case PartDetailDelta:
                break;
            default:
                _fresh.Append(delta switch
                {
                    TextDelta text => text.Text,
                    RefusalDelta refusal => refusal.Text,
                    ToolCallDelta call => $"{call.Name} {call.ArgumentsJson}",
                    _ => "",
                });
                IsDiverged = true;
                break;
        }
    }

    /// <summary>Settles a tool call, whose pieces say nothing before they are whole. Called where another part begins, and at the end.</summary>
    public void Close(bool isEnd)
    {
        if (!IsMatched && !IsDiverged && part is ToolCallPart call && CallArguments.AreComplete(_fresh.ToString()))
        {
            IsMatched = CallArguments.AreEqual(call.ArgumentsJson, _fresh.ToString());
            IsDiverged = !IsMatched;
        }

        IsDiverged |= isEnd && !IsMatched;
    }

    public Divergence ToDivergence() => part switch
    {
        ToolCallPart call => new Divergence(index, $"{call.Name} {_text}", $"{_freshName} {_fresh}".Trim()),
        TextPart or RefusalPart => new Divergence(index, _text, _fresh.ToString()),
        _ => new Divergence(index, KindOf(part), _fresh.ToString()),
    };

    private void AddText(string more)
    {
        _fresh.Append(more);
        var length = Math.Min(more.Length, _text.Length - _matched);
        if (!more.AsSpan(0, length).SequenceEqual(_text.AsSpan(_matched, length))) IsDiverged = true;
        else _matched += length;
        IsMatched = !IsDiverged && _matched == _text.Length;
    }

    private static bool AreEqual(LlmPart left, LlmPart right) => (left, right) switch
    {
        (RawPart one, RawPart other) => one.Dialect == other.Dialect && CallArguments.AreEqual(one.Json, other.Json),
        _ => left.Equals(right),
    };

    private static string KindOf(LlmPart part) => part is RawPart raw ? raw.Json : part.GetType().Name;
}
