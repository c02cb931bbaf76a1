using System.Buffers;

namespace LlmGateway.StructuredOutput.Streaming;

/// <summary>
/// Reads a JSON object while its text comes, piece by piece, wherever the pieces are cut. Each character is looked at once:
/// what has been read is only added to, so that a snapshot is no more than how far the reading had come.
/// </summary>
/// <remarks>
/// Strict JSON, and never throws: at the first character that cannot stand where it stands, the reading ends. What the text
/// means as a whole is not decided here. The reader holds back while it can be no answer yet: what stands before the
/// object (a fence, a sentence) is passed over, and so is a brace that begins no object.
/// </remarks>
internal sealed class PartialJsonReader
{
    /// <summary>As deep as System.Text.Json reads.</summary>
    public const int MaxDepth = 64;

    private const int MinimumCapacity = 1024;

    private static readonly SearchValues<char> StringStops = SearchValues.Create(['"', '\\', .. Enumerable.Range(0, 0x20).Select(code => (char)code)]);

    private readonly int[] _open = new int[MaxDepth];
    private PartialNode[] _nodes = new PartialNode[64];
    private char[] _text = [];
    private int _length;
    private int _read;
    private int _root;
    private int _count;
    private int _depth;
    private string _literal = "";
    private State _state = State.Lead;

    private enum State
    {
        Lead,
        Root,
        FirstName,
        Name,
        InName,
        Colon,
        Value,
        FirstItem,
        InString,
        InLiteral,
        AfterValue,
        Done,
        Malformed,

        // Within a number, by what came last.
        Minus,
        Zero,
        Integer,
        Point,
        Fraction,
        E,
        ESign,
        Exponent,
    }

    /// <summary>Whether the object is whole: what follows it is not read.</summary>
    public bool IsDone => _state == State.Done;

    /// <summary>Whether the text cannot be JSON any more: nothing more is read.</summary>
    public bool IsMalformed => _state == State.Malformed;

    /// <summary>Whether something other than space and the first line of a code fence stands before the object.</summary>
    public bool HasProse => !IsPlainLead(_text.AsSpan(0, _count > 0 ? _root : _length));

    public void Append(ReadOnlySpan<char> piece)
    {
        if (IsDone || IsMalformed) return;
        if (_text.Length - _length < piece.Length) GrowText(_length + piece.Length);
        piece.CopyTo(_text.AsSpan(_length));
        _length += piece.Length;
        Read();
    }

    /// <summary>The object as far as it has come. It does not change when more comes.</summary>
    public PartialJson Snapshot() => new(new PartialDocument(_text, _read, _nodes, _count, IsMalformed), _count > 0 ? 0 : -1);

    private static bool IsSpace(char c) => c is ' ' or '\n' or '\r' or '\t';

    private static bool IsPlainLead(ReadOnlySpan<char> lead)
    {
        lead = lead.TrimStart('\uFEFF').Trim();
        return lead.IsEmpty || (lead.StartsWith("```") && !lead.ContainsAnyExcept(FenceLine));
    }

    private static readonly SearchValues<char> FenceLine = SearchValues.Create("`abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    /// <summary>The length of the escape sequence that the text begins with; 0 where its end has not come, -1 where it is none.</summary>
    private static int EscapeLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 2) return 0;
        if (text[1] is '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't') return 2;
        if (text[1] != 'u') return -1;
        for (var i = 2; i < 6; i++)
        {
            if (i == text.Length) return 0;
            if (!char.IsAsciiHexDigit(text[i])) return -1;
        }

        return 6;
    }

    private static State InNumber(State state, char c) => state switch
    {
        State.Minus => c == '0' ? State.Zero : char.IsAsciiDigit(c) ? State.Integer : State.Malformed,
        State.Point => char.IsAsciiDigit(c) ? State.Fraction : State.Malformed,
        State.E when c is '+' or '-' => State.ESign,
        State.E or State.ESign => char.IsAsciiDigit(c) ? State.Exponent : State.Malformed,
        State.Integer or State.Fraction or State.Exponent when char.IsAsciiDigit(c) => state,
        State.Zero or State.Integer when c == '.' => State.Point,
        State.Zero or State.Integer or State.Fraction when c is 'e' or 'E' => State.E,
        _ => State.AfterValue,
    };

    private void Read()
    {
        ReadOnlySpan<char> text = _text.AsSpan(0, _length);
        var state = _state;
        var at = _read;
        while (at < text.Length)
        {
            var c = text[at];
            switch (state)
            {
                case State.Lead:
                    var brace = text[at..].IndexOf('{');
                    if (brace >= 0) state = State.Root;
                    _root = at + brace;
                    at = brace >= 0 ? _root + 1 : text.Length;
                    continue;
                case State.Root:
                    // A name, or the end: other braces begin no object.
                    if (c is '"' or '}')
                    {
                        Open(_root);
                        state = State.FirstName;
                    }
                    else if (!IsSpace(c)) state = State.Lead;
                    else at++;
                    continue;
                case State.InName or State.InString:
                    var stop = text[at..].IndexOfAny(StringStops);
                    at = stop < 0 ? text.Length : at + stop;
                    if (stop < 0) continue;
                    if (text[at] == '"')
                    {
                        _nodes[_count - 1].End = ++at;
                        state = state == State.InName ? State.Colon : State.AfterValue;
                        continue;
                    }

                    var length = text[at] == '\\' ? EscapeLength(text[at..]) : -1;
                    if (length == 0) goto OutOfText;
                    if (length > 0) at += length;
                    else state = State.Malformed;
                    break;
                case State.InLiteral:
                    if (c != _literal[at - _nodes[_count - 1].Start])
                    {
                        state = State.Malformed;
                        break;
                    }

                    at++;
                    if (at - _nodes[_count - 1].Start < _literal.Length) continue;
                    _nodes[_count - 1].End = at;
                    state = State.AfterValue;
                    continue;
                case >= State.Minus:
                    state = InNumber(state, c);
                    if (state == State.AfterValue) _nodes[_count - 1].End = at;
                    else if (state != State.Malformed) at++;
                    break;
                default:
                    if (!IsSpace(c)) state = Between(state, c, at);
                    if (state != State.Malformed) at++;
                    if (state == State.Done) goto OutOfText;
                    break;
            }

            if (state == State.Malformed) break;
        }

    OutOfText:
        _state = state;
        _read = at;
    }

    /// <summary>What a character between two tokens, or at the first of one, leads to.</summary>
    private State Between(State state, char c, int at)
    {
        switch (state)
        {
            case State.FirstName when c == '}':
            case State.FirstItem when c == ']':
                return Close(at + 1);
            case State.FirstName or State.Name when c == '"':
                Add(at);
                return State.InName;
            case State.Colon when c == ':':
                return State.Value;
            case State.Value or State.FirstItem:
                return BeginValue(c, at);
            case State.AfterValue:
                var isObject = _text[_nodes[_open[_depth - 1]].Start] == '{';
                if (c == ',') return isObject ? State.Name : State.Value;
                return c == (isObject ? '}' : ']') ? Close(at + 1) : State.Malformed;
            default:
                return State.Malformed;
        }
    }

    private State BeginValue(char c, int at)
    {
        if (c is '{' or '[')
        {
            if (_depth == MaxDepth) return State.Malformed;
            Open(at);
            return c == '{' ? State.FirstName : State.FirstItem;
        }

        var state = c switch
        {
            '"' => State.InString,
            '-' => State.Minus,
            '0' => State.Zero,
            >= '1' and <= '9' => State.Integer,
            't' or 'f' or 'n' => State.InLiteral,
            _ => State.Malformed,
        };
        if (state == State.InLiteral) _literal = c switch { 't' => "true", 'f' => "false", _ => "null" };
        if (state != State.Malformed) Add(at);
        return state;
    }

    private void Open(int at)
    {
        _open[_depth++] = _count;
        Add(at);
    }

    private State Close(int end)
    {
        ref var node = ref _nodes[_open[--_depth]];
        node.Next = _count;
        node.End = end;
        return _depth == 0 ? State.Done : State.AfterValue;
    }

    private void Add(int start)
    {
        // A new array: snapshots keep the one they were made with.
        if (_count == _nodes.Length) Array.Resize(ref _nodes, _count * 2);
        _nodes[_count++] = new PartialNode(start);
    }

    private void GrowText(int needed)
    {
        var grown = GC.AllocateUninitializedArray<char>(Math.Max(MinimumCapacity, Math.Max(needed, (int)Math.Min(2L * _text.Length, Array.MaxLength))));
        _text.AsSpan(0, _length).CopyTo(grown);
        _text = grown;
    }
}
