using System.Buffers;
using System.Globalization;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>Strings: where they end, what is escaped, and which marks surround them.</summary>
internal ref partial struct LenientParser
{
    private const string Controls = "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f";

    /// <summary>What ends a stretch of plain characters in a string.</summary>
    public static readonly SearchValues<char> StopsInDouble = SearchValues.Create("\"\\" + Controls);
    private static readonly SearchValues<char> StopsInSingle = SearchValues.Create("\"\\'" + Controls);
    private static readonly SearchValues<char> StopsInOther = SearchValues.Create("\"\\'‘’‛“”‟„‚" + Controls);

    private readonly bool IsLookingTooFar => _lookedAhead > (8L * _text.Length) + 4096;

    /// <summary>What a mark inside a string is.</summary>
    private enum Mark
    {
        End,
        Content,
        Unclear,
    }

    private bool ReadString(Place place)
    {
        var opening = _text[_at];
        var isDouble = opening == '"';
        if (!isDouble) Mend(opening == '\'' ? RepairKinds.SingleQuotes : RepairKinds.TypographicQuotes, _at);
        _output.Write((byte)'"');
        return ReadContent(place, _at + 1, isDouble, isDouble ? "\"" : Quotes.ClosersOf(opening));
    }

    /// <summary>Reads from behind the opening mark to behind the closing one.</summary>
    private bool ReadContent(Place place, int start, bool isDouble, string closers)
    {
        var stops = isDouble ? StopsInDouble : closers == "'" ? StopsInSingle : StopsInOther;
        var inner = 0;
        var run = start;
        var at = start;
        while (true)
        {
            var found = _text[at..].IndexOfAny(stops);
            if (found < 0)
            {
                Fail("a string is not closed", _text.Length);
                IsTruncated = true;
                return false;
            }

            at += found;
            var c = _text[at];
            if (c == '\\')
            {
                if (IsPlainEscape(at, out var length))
                {
                    at += length;
                    continue;
                }

                if (!Flush(run, at) || !MendEscape(at, out length)) return false;
                run = at += length;
            }
            else if (c < ' ')
            {
                if (place == Place.Key) return Fail("a member's name goes over a line's end, or holds another control character", at);
                if (!Flush(run, at)) return false;
                Mend(c is '\n' or '\r' ? RepairKinds.LineBreak : RepairKinds.ControlCharacter, at);
                WriteControl(c);
                run = ++at;
            }
            else if (closers.Contains(c))
            {
                var mark = isDouble ? Judge(place, start, at, inner) : JudgeOther(place, at);
                if (mark == Mark.Unclear) return Fail($"{Show(c)} may end the string or belong to it", at);
                if (mark == Mark.End)
                {
                    if (!Flush(run, at)) return false;
                    _output.Write((byte)'"');
                    _at = at + 1;
                    return true;
                }

                if (isDouble)
                {
                    if (!Flush(run, at)) return false;
                    Mend(RepairKinds.UnescapedQuote, at);
                    _output.Write("\\\""u8);
                    inner++;
                    run = at + 1;
                }

                at++;
            }
            else
            {
                // One that only opens tells of a mark that was lost before it.
                if (!isDouble && Quotes.OnlyOpens(c) && Quotes.ClosersOf(c) == closers) return Fail($"{Show(c)} stands inside a string, and may begin another", at);

                // JSON's own mark, plain inside others; or another mark, plain in any case.
                if (c == '"')
                {
                    if (!Flush(run, at)) return false;
                    _output.Write("\\\""u8);
                    run = at + 1;
                }

                at++;
            }
        }
    }

    private bool Flush(int start, int end) => _output.Write(_text[start..end]) || Fail("half of a surrogate pair, which is no text", start);

    /// <summary>
    /// Unescaped marks inside a string come in pairs around words, and the string goes on behind them. Whatever looks like
    /// the end of the string after an odd number of them is unclear: a mark may be missing elsewhere.
    /// </summary>
    private Mark Judge(Place place, int start, int at, int inner)
    {
        var ends = MayEnd(place, at);
        if (IsLookingTooFar) return Mark.Unclear;
        if (inner % 2 == 0)
        {
            if (ends) return Mark.End;
            if (place == Place.Key) return Mark.Unclear;
            return (at == start || _text[at - 1] is ' ' or '\n' or '(') && IsBeforeWord(at) ? Mark.Content : Mark.Unclear;
        }

        if (ends || char.IsWhiteSpace(_text[at - 1])) return Mark.Unclear;
        var next = Next(at + 1);
        return next < _text.Length && _text[next] is ':' or '{' or '[' ? Mark.Unclear : Mark.Content;
    }

    /// <summary>A word, and no literal and no number: those may be items before which a comma is missing.</summary>
    private readonly bool IsBeforeWord(int at)
    {
        if (at + 1 >= _text.Length || !char.IsLetter(_text[at + 1])) return false;
        var end = Math.Min(EndOfWord(at + 1), at + 32);
        return !IsReserved(_text[(at + 1)..end]);
    }

    private Mark JudgeOther(Place place, int at)
    {
        var ends = MayEnd(place, at);
        if (IsLookingTooFar) return Mark.Unclear;
        // Of two marks side by side either may be the one that closes.
        if (at + 1 < _text.Length && Quotes.ClosersOf(_text[at]).Contains(_text[at + 1])) return Mark.Unclear;
        if (ends) return Mark.End;
        var isInWord = Quotes.IsApostrophe(_text[at]) && char.IsLetter(_text[at - 1]) && at + 1 < _text.Length && char.IsLetter(_text[at + 1]);
        return isInWord ? Mark.Content : Mark.Unclear;
    }

    /// <summary>Whether what follows the mark is what follows a string.</summary>
    private bool MayEnd(Place place, int at)
    {
        var next = at + 1;
        if (next < _text.Length && _text[next] is ':' or ',' or ']' or '}')
        {
            // The most of them all.
            if (place == Place.Key) return _text[next] == ':';
            if (place == Place.Item) return _text[next] is ',' or ']';
        }
        else
        {
            next = Next(next);
        }

        if (next >= _text.Length) return true;
        var c = _text[next];
        if (place == Place.Key) return c == ':';
        if (c == '+') return Next(next + 1) is var other && other < _text.Length && IsQuote(_text[other]);
        return place switch
        {
            Place.Member => c == '}' || (c == ',' && IsMemberAfter(next + 1)) || (IsQuote(c) && IsKey(next)),
            Place.Item => c is ']' or ',' or '{' or '[' || (IsQuote(c) && _text[(at + 1)..next].Contains('\n') && !MayGoOn(at, next)),
            _ => false,
        };
    }

    /// <summary>Whether two strings with nothing between them may be one in parts, as Python and C join them.</summary>
    private readonly bool MayGoOn(int at, int next)
        => _text[at] == '\'' || _text[next] == '\'' || _text[at - 1] == ' ' || _text[..at].EndsWith("\\n") || (next + 1 < _text.Length && _text[next + 1] == ' ');

    /// <summary>Whether a member begins behind a comma, or the object ends.</summary>
    private bool IsMemberAfter(int at)
    {
        var next = Next(at);
        if (next >= _text.Length) return true;
        var c = _text[next];
        if (c is '}' or ',' || IsQuote(c)) return true;
        if (!IsWordStart(c) && !char.IsAsciiDigit(c)) return false;
        var end = EndOfWord(next);
        _lookedAhead += end - next;
        if (end < _text.Length && _text[end] == '"') end++;
        end = Next(end);
        return end >= _text.Length || _text[end] == ':';
    }

    /// <summary>Whether the string at <paramref name="at"/> is a key: a colon follows it.</summary>
    private bool IsKey(int at)
    {
        var closers = _text[at] == '"' ? "\"" : Quotes.ClosersOf(_text[at]);
        var length = IsLookingTooFar ? -1 : _text[(at + 1)..].IndexOfAny(closers);
        if (length < 0)
        {
            _lookedAhead += _text.Length - at;
            return false;
        }

        _lookedAhead += length;
        var next = Next(at + 1 + length + 1);
        return next < _text.Length && _text[next] == ':';
    }

    private int Next(int at)
    {
        if (IsLookingTooFar) return at;
        var next = Trivia.Skip(_text, at);
        _lookedAhead += next - at;
        return next;
    }

    /// <summary>Joins what <c>+</c> joins: <c>"a" + "b"</c>.</summary>
    private bool Concatenate(Place place)
    {
        while (true)
        {
            if (!SkipTrivia(place == Place.Member ? Place.Key : place)) return false;
            if (_at >= _text.Length || _text[_at] != '+') return true;
            Mend(RepairKinds.Concatenation, _at);
            _at++;
            if (!SkipTrivia()) return false;
            if (_at >= _text.Length) return Truncated() != Kind.None;
            if (!IsQuote(_text[_at])) return Fail("only a string can be added to a string");
            _output.Rewind(_output.Length - 1);
            var opening = _text[_at];
            if (opening != '"') Mend(opening == '\'' ? RepairKinds.SingleQuotes : RepairKinds.TypographicQuotes, _at);
            if (!ReadContent(place, _at + 1, opening == '"', opening == '"' ? "\"" : Quotes.ClosersOf(opening))) return false;
        }
    }

    /// <summary>An escape that JSON knows.</summary>
    private readonly bool IsPlainEscape(int at, out int length)
    {
        length = 2;
        if (at + 1 >= _text.Length) return false;
        if (_text[at + 1] is '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't') return true;
        length = 6;
        return _text[at + 1] == 'u' && at + 6 <= _text.Length && !_text.Slice(at + 2, 4).ContainsAnyExcept(HexDigits);
    }

    /// <summary>Escapes that mean the same in JavaScript and in Python. Where the two differ, nobody can know.</summary>
    private bool MendEscape(int at, out int length)
    {
        length = 2;
        if (at + 1 >= _text.Length || (_text[at + 1] is 'u' && _text[(at + 2)..].Length < 4)) return Truncated() != Kind.None;
        switch (_text[at + 1])
        {
            case '\'':
                _output.Write((byte)'\'');
                break;
            case 'v':
                _output.Write("\\u000b"u8);
                break;
            case 'x' when at + 4 <= _text.Length && _text[at + 2] is >= '8' && char.IsAsciiHexDigit(_text[at + 2]):
                return Fail("\\x stands for a character or for a byte of one", at);
            case 'x' when at + 4 <= _text.Length && !_text.Slice(at + 2, 2).ContainsAnyExcept(HexDigits):
                _output.Write("\\u00"u8);
                _output.Write(_text.Slice(at + 2, 2));
                length = 4;
                break;
            default:
                return Fail($"\\{_text[at + 1]} is no escape of JSON's, and may stand for several things", at);
        }

        Mend(RepairKinds.InvalidEscape, at);
        return true;
    }

    private readonly void WriteControl(char c)
    {
        switch (c)
        {
            case '\n':
                _output.Write("\\n"u8);
                break;
            case '\r':
                _output.Write("\\r"u8);
                break;
            case '\t':
                _output.Write("\\t"u8);
                break;
            default:
                _output.Write(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"));
                break;
        }
    }

    private static bool IsQuote(char c) => c == '"' || Quotes.IsOpening(c);
}
