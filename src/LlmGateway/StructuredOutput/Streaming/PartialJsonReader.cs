using System.Buffers;
using System.Text.Json;

namespace LlmGateway.StructuredOutput.Streaming;

/// <summary>
/// Reads a JSON object while its text comes, piece by piece, wherever the pieces are cut. Each character is looked at once:
/// what has been read is only added to, so that a snapshot is no more than how far the reading had come.
/// </summary>
/// <remarks>
/// Strict JSON, and never throws: at the first character that cannot stand where it stands, the reading ends. What the text
/// means as a whole is not decided here. What stands before the object (a fence, a sentence) is passed over, and so is a
/// brace that begins no object.
/// </remarks>
internal sealed class PartialJsonReader
{
    /// <summary>As deep as System.Text.Json reads.</summary>
    public const int MaxDepth = 64;

    private static readonly SearchValues<char> StringStops = SearchValues.Create(['"', '\\', .. Enumerable.Range(0, 0x20).Select(code => (char)code)]);
    private static readonly SearchValues<char> FenceLine = SearchValues.Create("`abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private readonly int[] _open = new int[MaxDepth];
    private readonly PartialNodes _nodes = new();
    private readonly PartialPieces _pieces = new();
    private int _read;
    private int _root;
    private int _depth;
    private int _escape;
    private int _progress;
    private string _literal = "";
    private bool? _hasProse;
    private State _afterString;
    private State _state = State.Lead;

    private enum State
    {
        Lead,
        Root,
        FirstName,
        Name,
        Colon,
        Value,
        FirstItem,
        AfterValue,
        InString,
        Escape,
        EscapeDigit,
        InLiteral,
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

    /// <summary>How far the text has been read; what cannot be read as JSON counts no more.</summary>
    public int Position => _read;

    /// <summary>Whether something other than space and the first line of a code fence stands before the object.</summary>
    public bool HasProse => _hasProse ?? !IsPlainLead(View().Text(0, _read));

    /// <summary>Whether something other than space and the end of a code fence stands behind the object.</summary>
    public bool HasTail { get; private set; }

    /// <summary>The text as far as it has been read.</summary>
    public string Text => new(View().Text(0, _read));

    public void Append(string piece)
    {
        if (IsDone) HasTail |= !IsPlainTail(piece);
        if (IsDone || IsMalformed || piece.Length == 0) return;
        if (piece.Length > PartialNode.MaxLength - _pieces.Length)
        {
            _state = State.Malformed;
            return;
        }

        _pieces.Append(piece);
        var start = _read;
        Read(piece);
        if (IsDone) HasTail = !IsPlainTail(piece.AsSpan(_read - start));
    }

    /// <summary>The object as far as it has come. It does not change when more comes.</summary>
    public PartialJson Snapshot() => new(View(), _nodes.Count > 0 ? 0 : -1);

    private static bool IsSpace(char c) => c is ' ' or '\n' or '\r' or '\t';

    private static bool IsPlainLead(ReadOnlySpan<char> lead)
    {
        lead = lead.TrimStart('\uFEFF').Trim();
        return lead.IsEmpty || (lead.StartsWith("```") && !lead.ContainsAnyExcept(FenceLine));
    }

    private static bool IsPlainTail(ReadOnlySpan<char> tail) => tail.Trim().Trim('`').Trim().IsEmpty;

    private static State InNumber(State state, char c) => state switch
    {
        State.Integer or State.Fraction or State.Exponent when char.IsAsciiDigit(c) => state,
        State.Minus => c == '0' ? State.Zero : char.IsAsciiDigit(c) ? State.Integer : State.Malformed,
        State.Point => char.IsAsciiDigit(c) ? State.Fraction : State.Malformed,
        State.E when c is '+' or '-' => State.ESign,
        State.E or State.ESign => char.IsAsciiDigit(c) ? State.Exponent : State.Malformed,
        State.Zero or State.Integer when c == '.' => State.Point,
        State.Zero or State.Integer or State.Fraction when c is 'e' or 'E' => State.E,
        _ => State.AfterValue,
    };

    /// <summary>An escape sequence that is not whole is not read yet.</summary>
    private PartialDocument View() => new(_pieces, _state is State.Escape or State.EscapeDigit ? _escape : _read, _nodes, IsMalformed);

    private void Read(ReadOnlySpan<char> piece)
    {
        var start = _read;
        var state = _state;
        var i = 0;
        while (i < piece.Length && state is not (State.Done or State.Malformed))
        {
            var c = piece[i];
            switch (state)
            {
                case State.InString:
                    var stop = piece[i..].IndexOfAny(StringStops);
                    i = stop < 0 ? piece.Length : i + stop;
                    if (stop >= 0) state = InString(piece[i], start + i);
                    if (state is not State.Malformed && stop >= 0) i++;
                    break;
                case State.Escape or State.EscapeDigit:
                    state = InEscape(state, c);
                    i++;
                    break;
                case State.InLiteral:
                    state = c == _literal[_progress] ? State.InLiteral : State.Malformed;
                    if (state == State.Malformed) break;
                    i++;
                    if (++_progress < _literal.Length) break;
                    _nodes.Last.End = start + i;
                    state = State.AfterValue;
                    break;
                case >= State.Minus:
                    state = InNumber(state, c);
                    if (state == State.AfterValue) _nodes.Last.End = start + i;
                    else if (state != State.Malformed) i++;
                    break;
                case State.Lead:
                    var brace = piece[i..].IndexOf('{');
                    i = brace < 0 ? piece.Length : i + brace + 1;
                    _root = start + i - 1;
                    if (brace >= 0) state = State.Root;
                    break;
                case State.Root when c is '"' or '}':
                    _hasProse = !IsPlainLead(View().Text(0, _root));
                    Open(JsonValueKind.Object, _root);
                    state = State.FirstName;
                    break;
                case State.Root when !IsSpace(c):
                    state = State.Lead; // The brace began no object.
                    break;
                default:
                    if (!IsSpace(c)) state = Between(state, c, start + i);
                    if (state != State.Malformed) i++;
                    break;
            }
        }

        _state = state;
        _read = state == State.Malformed && _escape > 0 ? _escape : start + i;
    }

    private State InString(char c, int at)
    {
        if (c == '\\')
        {
            _escape = at;
            return State.Escape;
        }

        if (c != '"') return State.Malformed;
        _nodes.Last.End = at + 1;
        return _afterString;
    }

    private State InEscape(State state, char c)
    {
        if (state == State.Escape && c == 'u')
        {
            _progress = 0;
            return State.EscapeDigit;
        }

        var isValid = state == State.Escape ? c is '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't' : char.IsAsciiHexDigit(c);
        if (!isValid) return State.Malformed;
        if (state == State.EscapeDigit && ++_progress < 4) return state;
        _escape = 0;
        return State.InString;
    }

    /// <summary>What a character between two tokens, or at the first of one, leads to.</summary>
    private State Between(State state, char c, int at)
    {
        switch (state)
        {
            case State.AfterValue:
                var isObject = _nodes[_open[_depth - 1]].Kind == JsonValueKind.Object;
                if (c == ',') return isObject ? State.Name : State.Value;
                return c == (isObject ? '}' : ']') ? Close(at + 1) : State.Malformed;
            case State.FirstName or State.Name when c == '"':
                _nodes.Add(JsonValueKind.String, at);
                _afterString = State.Colon;
                return State.InString;
            case State.Colon when c == ':':
                return State.Value;
            case State.FirstName when c == '}':
            case State.FirstItem when c == ']':
                return Close(at + 1);
            case State.Value or State.FirstItem:
                return BeginValue(c, at);
            default:
                return State.Malformed;
        }
    }

    private State BeginValue(char c, int at)
    {
        switch (c)
        {
            case '"':
                _nodes.Add(JsonValueKind.String, at);
                _afterString = State.AfterValue;
                return State.InString;
            case '{' or '[' when _depth < MaxDepth:
                Open(c == '{' ? JsonValueKind.Object : JsonValueKind.Array, at);
                return c == '{' ? State.FirstName : State.FirstItem;
            case '-' or (>= '0' and <= '9'):
                _nodes.Add(JsonValueKind.Number, at);
                return c switch { '-' => State.Minus, '0' => State.Zero, _ => State.Integer };
            case 't':
                return BeginLiteral("true", JsonValueKind.True, at);
            case 'f':
                return BeginLiteral("false", JsonValueKind.False, at);
            case 'n':
                return BeginLiteral("null", JsonValueKind.Null, at);
            default:
                return State.Malformed;
        }
    }

    private State BeginLiteral(string literal, JsonValueKind kind, int at)
    {
        _nodes.Add(kind, at);
        (_literal, _progress) = (literal, 1);
        return State.InLiteral;
    }

    private void Open(JsonValueKind kind, int at)
    {
        _open[_depth++] = _nodes.Count;
        _nodes.Add(kind, at);
    }

    private State Close(int end)
    {
        ref var node = ref _nodes[_open[--_depth]];
        node.Next = _nodes.Count;
        node.End = end;
        return _depth == 0 ? State.Done : State.AfterValue;
    }
}
