using System.Globalization;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>
/// Reads one value that is meant as JSON, in one pass, and writes it as JSON. It mends only where the text has a single
/// meaning, and stops, with the place and the reason, where it has two. It never looks back, and never guesses a value.
/// </summary>
internal ref partial struct LenientParser(ReadOnlySpan<char> text, Utf8Output output, List<Repair> repairs)
{
    /// <summary>How deep a value may be nested. Deeper ones are hostile, or broken.</summary>
    public const int MaxDepth = 128;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly Utf8Output _output = output;
    private readonly List<Repair> _repairs = repairs;
    private int _at;
    private int _depth;
    private bool _isInObject;
    private bool _isLoose; // The value before ended with a comma inside its brackets.

    /// <summary>What the looks ahead have cost. Each is short in an honest text; in a hostile one they would make the pass quadratic.</summary>
    private long _lookedAhead;

    /// <summary>What a position asks of what stands there.</summary>
    private enum Place
    {
        Root,
        Key,
        Member,
        Item,
    }

    /// <summary>What was read, as far as it matters to what may follow without a comma.</summary>
    private enum Kind
    {
        None,
        Container,
        String,
        Number,
        Literal,
        Word,
    }

    /// <summary>Where the value ends.</summary>
    public readonly int End => _at;

    /// <summary>Why there is no value; null where there is one.</summary>
    public string? Failure { get; private set; }

    /// <summary>Where the reason stands.</summary>
    public int FailureAt { get; private set; }

    /// <summary>Whether the text ended before the value did.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Whether a word was taken for a string, which prose in brackets also looks like.</summary>
    public bool TookWords { get; private set; }

    /// <summary>Reads an object or an array that begins at <paramref name="start"/>.</summary>
    public bool ReadContainer(int start)
    {
        _at = start;
        _isInObject = _text[start] == '{';
        return ReadValue(Place.Root) != Kind.None;
    }

    /// <summary>Reads a value that is the whole text, but for whitespace and comments around it.</summary>
    public bool ReadWhole()
    {
        _at = 0;
        if (!SkipTrivia()) return false;
        _isInObject = _at < _text.Length && _text[_at] == '{';
        var kind = ReadValue(Place.Root);
        if (kind == Kind.None || (kind == Kind.String && !Concatenate(Place.Root))) return false;
        return SkipTrivia() && (_at == _text.Length || Fail("something follows the value"));
    }

    private Kind ReadValue(Place place)
    {
        if (_at >= _text.Length) return Truncated();
        _isLoose = false;
        var c = _text[_at];
        switch (c)
        {
            case '{':
                return ReadObject() ? Kind.Container : Kind.None;
            case '[':
                return ReadArray() ? Kind.Container : Kind.None;
            case '"':
                return ReadString(place) ? Kind.String : Kind.None;
            case '-' or '+' or '.' or (>= '0' and <= '9'):
                return ReadNumber() ? Kind.Number : Kind.None;
            default:
                if (Quotes.IsOpening(c)) return ReadString(place) ? Kind.String : Kind.None;
                if (IsWordStart(c)) return ReadWord(place);
                Fail(c is '}' or ']' or ',' ? "a value is missing" : $"{Show(c)} cannot begin a value");
                return Kind.None;
        }
    }

    private bool ReadObject()
    {
        if (++_depth > MaxDepth) return Fail($"nested deeper than {MaxDepth}");
        _output.Write((byte)'{');
        _at++;
        var previous = Kind.None; // The value before, where no comma has come since.
        var lastValue = Kind.None;
        var comma = -1;
        var isExtra = false;
        for (var isFirst = true; ;)
        {
            if (!SkipTrivia(Place.Key, previous == Kind.None)) return false;
            if (_at >= _text.Length) return Truncated() != Kind.None;
            var c = _text[_at];
            if (c == '}')
            {
                if (comma >= 0) Mend(isFirst ? RepairKinds.ExtraComma : RepairKinds.TrailingComma, comma);
                _isLoose = comma >= 0;
                break;
            }

            if (c == ',')
            {
                if (comma >= 0) Mend(RepairKinds.ExtraComma, comma);
                isExtra = comma >= 0;
                comma = _at++;
                previous = Kind.None;
                continue;
            }

            if (previous != Kind.None)
            {
                if (previous == Kind.Word || !(c == '"' || Quotes.IsOpening(c))) return Fail(c == ']' ? "an object is closed by ]" : $"{Show(c)} stands where a comma or }} must");
                Mend(RepairKinds.MissingComma, _at);
            }

            if (isFirst && comma >= 0) Mend(RepairKinds.ExtraComma, comma);
            // Behind a comma too many, a name without its mark may have lost that before the comma.
            var isOneComma = previous == Kind.None && !(isFirst && comma >= 0) && !isExtra;
            isExtra = false;
            if (!isFirst) _output.Write((byte)',');
            isFirst = false;
            comma = -1;
            if (!isOneComma && !IsQuote(c)) return Fail($"{Show(c)} stands where a member's name must");
            if (!ReadKey(lastValue)) return false;
            if (!SkipTrivia()) return false;
            if (_at >= _text.Length) return Truncated() != Kind.None;
            if (_text[_at] != ':') return Fail("a colon is missing");
            _output.Write((byte)':');
            _at++;
            if (!SkipTrivia(Place.Member, isDue: true)) return false;
            var outer = _isInObject;
            _isInObject = true;
            lastValue = previous = ReadValue(Place.Member);
            _isInObject = outer;
            if (previous == Kind.None) return false;
            if (previous == Kind.String && !Concatenate(Place.Member)) return false;
        }

        _output.Write((byte)'}');
        _at++;
        _depth--;
        return true;
    }

    private bool ReadArray()
    {
        if (++_depth > MaxDepth) return Fail($"nested deeper than {MaxDepth}");
        _output.Write((byte)'[');
        _at++;
        var previous = Kind.None;
        var comma = -1;
        for (var isFirst = true; ;)
        {
            if (!SkipTrivia(Place.Item, previous == Kind.None)) return false;
            if (_at >= _text.Length) return Truncated() != Kind.None;
            var c = _text[_at];
            if (c == ']')
            {
                if (comma >= 0) Mend(RepairKinds.TrailingComma, comma);
                _isLoose = comma >= 0;
                break;
            }

            if (c == ',')
            {
                // A hole between two commas is an item in JavaScript, and a slip in JSON.
                if (previous == Kind.None) return Fail("an item is missing before the comma");
                comma = _at++;
                previous = Kind.None;
                continue;
            }

            if (previous != Kind.None)
            {
                if (!MayFollow(previous, c)) return Fail(c == '}' ? "an array is closed by }" : $"{Show(c)} stands where a comma or ] must");
                if (!MendMissingComma()) return false;
            }

            if (!isFirst) _output.Write((byte)',');
            isFirst = false;
            comma = -1;
            var follows = previous;
            previous = ReadValue(Place.Item);
            if (previous == Kind.None) return false;
            if (previous == Kind.Word && follows != Kind.None) return Fail("a word stands where a comma must");
            if (previous == Kind.String && !Concatenate(Place.Item)) return false;
        }

        _output.Write((byte)']');
        _at++;
        _depth--;
        return true;
    }

    /// <summary>A comma that stands before a bracket, and not behind it, tells of a bracket in the wrong place.</summary>
    private bool MendMissingComma()
    {
        if (_isLoose) return Fail("a comma stands on the wrong side of a bracket");
        Mend(RepairKinds.MissingComma, _at);
        return true;
    }

    /// <summary>Whether a missing comma is the only reading. Two numbers may be one with a gap, and words a sentence.</summary>
    private static bool MayFollow(Kind previous, char c) => previous switch
    {
        Kind.Word => false,
        Kind.Number => c is '{' or '[' or '"' || char.IsAsciiLetter(c),
        Kind.Literal => c is '{' or '[' or '"' || char.IsAsciiLetter(c) || char.IsAsciiDigit(c),
        Kind.String => c is '{' or '[' or '"' || Quotes.IsOpening(c),
        _ => c is not ('}' or ':'),
    };

    /// <summary>Passes over whitespace and comments.</summary>
    private bool SkipTrivia(Place place = Place.Root, bool isDue = false)
    {
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c is > ' ' and < '\u0080' and not ('/' or '#')) return true;
            if (c is ' ' or '\n' or '\r' or '\t')
            {
                _at++;
            }
            else if (c is '/' or '#')
            {
                var end = Trivia.EndOfComment(_text, _at);
                if (end == Trivia.NoComment) return true;
                if (end == Trivia.Unclosed) return Truncated() != Kind.None;
                if (!CheckComment(_text[_at..end], place, isDue)) return false;
                Mend(RepairKinds.Comment, _at);
                _at = end;
            }
            else if (Trivia.IsSpecialWhitespace(c))
            {
                Mend(RepairKinds.Whitespace, _at);
                while (_at < _text.Length && Trivia.IsSpecialWhitespace(_text[_at])) _at++;
            }
            else
            {
                return true;
            }
        }

        return true;
    }

    private readonly void Mend(string kind, int at) => _repairs.Add(new Repair(kind, at));

    private bool Fail(string reason) => Fail(reason, _at);

    private bool Fail(string reason, int at)
    {
        Failure ??= reason;
        FailureAt = at;
        return false;
    }

    private Kind Truncated()
    {
        Fail("the text ends before its value does", _text.Length);
        IsTruncated = true;
        return Kind.None;
    }

    private static string Show(char c) => char.IsControl(c) || char.IsSurrogate(c) || char.IsWhiteSpace(c) ? string.Create(CultureInfo.InvariantCulture, $"U+{(int)c:X4}") : $"'{c}'";
}
