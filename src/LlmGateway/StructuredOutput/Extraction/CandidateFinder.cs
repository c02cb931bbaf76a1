using System.Buffers;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>
/// Finds the objects and arrays in a text, in its order. What cannot be read is kept as such, up to where its brackets
/// close, and nothing inside it is ever taken for a value. The work is bounded by the length of the text.
/// </summary>
internal sealed class CandidateFinder(string text)
{
    /// <summary>More than any honest answer holds.</summary>
    public const int MaxCandidates = 4096;

    private static readonly SearchValues<char> Brackets = SearchValues.Create("{}[]");
    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789.,-+eE"u8);
    private static readonly SearchValues<byte> FootnoteBytes = SearchValues.Create("0123456789,"u8);

    private readonly List<Candidate> _found = new(1);
    private Stack<char>? _open;
    private long _work;
    private int _lineStart;
    private int _lineKnownTo;

    /// <summary>Where the values' JSON is written.</summary>
    public Utf8Output Output { get; } = new(text.Length + 64);

    /// <summary>The first closing bracket that nothing opened; negative where there is none.</summary>
    public int Stray { get; private set; } = -1;

    /// <summary>Whether the search was given up: too many things look like values.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>Finds all of them, or all up to one that makes what follows doubtful.</summary>
    public List<Candidate> Find()
    {
        var at = 0;
        while (true)
        {
            var distance = text.AsSpan(at).IndexOfAny(Brackets);
            if (distance < 0) return _found;
            at += distance;
            if (text[at] is '}' or ']')
            {
                if (Stray < 0) Stray = at;
                at++;
                continue;
            }

            if (_found.Count >= MaxCandidates || _work > (16L * text.Length) + 4096)
            {
                IsGivenUp = true;
                return _found;
            }

            var next = Read(at);
            if (next < 0) return _found;
            at = next;
        }
    }

    /// <summary>A value that is the whole of a text, and no object or array: one without a sentence around it.</summary>
    public Candidate ReadWhole(int start, int end)
    {
        var repairs = new List<Repair>();
        var from = Output.Length;
        var parser = new LenientParser(text.AsSpan(start, end - start), Output, repairs);
        var isRead = parser.ReadWhole();
        for (var i = 0; i < repairs.Count; i++) repairs[i] = repairs[i] with { Offset = repairs[i].Offset + start };
        var candidate = new Candidate
        {
            Start = start,
            End = end,
            Json = (from, Output.Length),
            Repairs = repairs,
            Failure = isRead ? null : parser.Failure,
            FailureAt = start + parser.FailureAt,
            IsTruncated = parser.IsTruncated,
        };
        if (!isRead) Output.Rewind(from);
        return candidate;
    }

    /// <summary>Where to go on; negative where what follows is doubtful.</summary>
    private int Read(int start)
    {
        var repairs = new List<Repair>();
        var from = Output.Length;
        var escaped = EscapedText.BeginsAt(text, start) ? EscapedText.Read(text, start) : null;
        if (escaped is not null) repairs.Add(new Repair(RepairKinds.DoubledEscaping, 0));
        var parser = escaped is null ? new LenientParser(text, Output, repairs) : new LenientParser(escaped.Text, Output, repairs);
        var isRead = parser.ReadContainer(escaped is null ? start : 0);
        _work += (isRead ? parser.End : parser.FailureAt) - (escaped is null ? start : 0) + (escaped?.Text.Length ?? 0);
        if (escaped is not null)
        {
            for (var i = 0; i < repairs.Count; i++) repairs[i] = repairs[i] with { Offset = escaped.Places[repairs[i].Offset] };
        }

        var failureAt = escaped is null ? parser.FailureAt : escaped.Places[parser.FailureAt];
        if (isRead)
        {
            var end = escaped is null ? parser.End : escaped.Places[parser.End];
            if (escaped is not null && !IsOutsideStrings(start, end))
            {
                _found.Add(new Candidate { Start = start, End = end, Failure = "escaped as if it stood in a string, among others that are not", FailureAt = start, IsMeant = true });
                return -1;
            }

            if (escaped is not null && !(start > 0 && text[start - 1] == '"') && escaped.UnclearBefore(parser.End) is >= 0 and var unclear)
            {
                _found.Add(new Candidate { Start = start, End = end, Failure = "a backslash is escaped, or only the quotation marks are, and it means two things", FailureAt = unclear, IsMeant = true });
                return -1;
            }

            var candidate = new Candidate { Start = start, End = end, Json = (from, Output.Length), Repairs = repairs };
            CheckSurroundings(candidate);
            candidate.IsWeak = IsWeak(candidate, parser.TookWords);
            candidate.IsFirstOnLine = IsFirstOnLine(start);
            if (!candidate.IsFirstOnLine && candidate.Repairs.Any(repair => repair.Kind == RepairKinds.MissingQuote)) Break(candidate, start);
            candidate.IsMeant = !candidate.IsWeak || (candidate.Failure is not null && text[start] == '{');
            _found.Add(candidate);
            return candidate.End;
        }

        Output.Rewind(from);
        var looksLikeJson = escaped is not null || LooksLikeJson(start);
        if (parser.IsTruncated || escaped is not null)
        {
            _found.Add(new Candidate { Start = start, End = text.Length, Failure = parser.Failure, FailureAt = failureAt, IsMeant = true, IsTruncated = parser.IsTruncated });
            return -1;
        }

        var close = FindClose(start);
        if (close < 0 && text[start] == '[' && !looksLikeJson && !IsFirstOnLine(start)) return start + 1;
        _found.Add(new Candidate { Start = start, End = close < 0 ? text.Length : close, Failure = parser.Failure, FailureAt = failureAt, IsMeant = close < 0 || looksLikeJson || IsSetApart(start) || IsBlock(start, close) });
        return close;
    }

    /// <summary>A value that goes on on either side is a piece of one that lost its beginning. A closing brace too many has no other reading.</summary>
    private void CheckSurroundings(Candidate candidate)
    {
        var next = Trivia.Skip(text, candidate.End);
        _work += next - candidate.End;
        while (next < text.Length && text[next] == '}' && IsClosedOnce(candidate))
        {
            candidate.Repairs.Add(new Repair(RepairKinds.ExtraCloser, next));
            candidate.End = next + 1;
            next = SkipWhitespace(next + 1);
            _work += next - candidate.End;
        }

        if (IsGlued(candidate) || Trivia.HoldsHalfAPair(text.AsSpan(candidate.End, next - candidate.End)) || (next < text.Length && GoesOn(next)))
        {
            Break(candidate, next);
            return;
        }

        var before = SkipWhitespaceBack(candidate.Start) - 1;
        if (before <= 0 || !(text[before] is ':' or ',' || IsQuote(text[before]))) return;
        var earlier = SkipWhitespaceBack(before) - 1;
        var hasExtra = candidate.Repairs.Any(repair => repair.Kind == RepairKinds.ExtraCloser);
        if (hasExtra || (earlier >= 0 && text[before] == ':' && IsQuote(text[earlier])) || (earlier >= 0 && text[before] == ',' && (text[earlier] is '}' or ']' || IsQuote(text[earlier])))) Break(candidate, before);
    }

    /// <summary>Whether what follows a value without a space is no mark of a sentence or of markup, nor the other one of a pair of quotation marks.</summary>
    private bool IsGlued(Candidate candidate)
    {
        if (candidate.End >= text.Length || char.IsWhiteSpace(text[candidate.End])) return false;
        var c = text[candidate.End];
        if (IsQuote(c)) return candidate.Start == 0 || !IsQuote(text[candidate.Start - 1]);
        return !").,;:!?`~<>*_|/{}[]".Contains(c);
    }

    private static void Break(Candidate candidate, int at)
    {
        candidate.Failure = "a piece of a value whose beginning is missing";
        candidate.FailureAt = at;
    }

    /// <summary>Whether what follows a value can only follow it inside another.</summary>
    private bool GoesOn(int at)
    {
        if (text[at] is ']' or '}') return true;
        if (IsQuote(text[at]))
        {
            var closers = text[at] == '"' ? "\"" : Quotes.ClosersOf(text[at]);
            var close = at + 1;
            while (close < text.Length && !closers.Contains(text[close])) close += text[close] == '\\' ? 2 : 1;
            _work += close - at;
            return close < text.Length && SkipWhitespace(close + 1) is var colon && colon < text.Length && text[colon] == ':';
        }

        if (text[at] != ',') return false;
        var next = SkipWhitespace(at + 1);
        return next < text.Length && (text[next] is '{' or '[' or '}' or ']' || IsQuote(text[next]) || char.IsAsciiDigit(text[next]));
    }

    /// <summary>Whether no quotation mark in the text is unescaped, but for a pair right around the value.</summary>
    private bool IsOutsideStrings(int start, int end)
    {
        var before = SkipWhitespaceBack(start) - 1;
        var after = SkipWhitespace(end);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\') at++;
            else if (text[at] == '"' && at != before && at != after) return false;
        }

        _work += text.Length;
        return (before >= 0 && text[before] == '"') == (after < text.Length && text[after] == '"');
    }

    /// <summary>Whether a bracket opens JSON, to all appearances, and not a remark.</summary>
    private bool LooksLikeJson(int start)
    {
        var next = SkipWhitespace(start + 1);
        if (next >= text.Length) return false;
        var c = text[next];
        if (c is '{' or '[' or '\\' || IsQuote(c)) return true;
        if (c is ',' or '}' or ']') return true;
        if (char.IsAsciiDigit(c) || c == '-') return text[start] == '{' || IsFirstOnLine(start);
        var end = next;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '-' or '$')) end++;
        _work += end - next;
        var word = text.AsSpan(next, end - next);
        if (text[start] == '[') return word is "true" or "false" or "null" or "True" or "False" or "None";
        return end < text.Length && (text[end] == '"' || (SkipWhitespace(end) is var colon && colon < text.Length && text[colon] == ':'));
    }

    /// <summary>Whether a bracket is laid out as that of a value: a brace at the beginning of its line, or a bracket at the end of its line.</summary>
    private bool IsSetApart(int start)
    {
        if (text[start] == '{' && IsFirstOnLine(start)) return true;
        var next = start + 1;
        while (next < text.Length && text[next] is ' ' or '\t' or '\r') next++;
        _work += next - start;
        return next < text.Length && text[next] == '\n';
    }

    /// <summary>Whether what stands in brackets at the beginning of a line is no link and no remark, but has a structure.</summary>
    private bool IsBlock(int start, int close)
    {
        _work += close - start;
        return IsFirstOnLine(start) && !(close < text.Length && text[close] is '(' or '[' or ':') && text.AsSpan(start + 1, close - start - 1).IndexOfAny("\"{[") >= 0;
    }

    /// <summary>Behind the bracket that closes the one at <paramref name="start"/>, strings passed over; negative where there is none, or one of the wrong form.</summary>
    private int FindClose(int start)
    {
        var open = _open ??= [];
        open.Clear();
        var isInString = false;
        var at = start;
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '\\' && isInString) at++;
            else if (c == '"') isInString = !isInString;
            else if (isInString) continue;
            else if (c is '{' or '[') open.Push(c == '{' ? '}' : ']');
            else if (c is '}' or ']' && (c != open.Pop() || open.Count == 0)) break;
        }

        _work += Math.Min(at, text.Length) - start;
        return at < text.Length && open.Count == 0 && text[at] == (text[start] == '{' ? '}' : ']') ? at + 1 : -1;
    }

    /// <summary>Whether all its objects end together. Else the brace too many may be one of those inside.</summary>
    private bool IsClosedOnce(Candidate candidate) => JsonOf(candidate).TrimEnd("]}"u8).IndexOf((byte)'}') < 0;

    /// <summary>Nothing or numbers, or bare words, in the middle of a sentence.</summary>
    private bool IsWeak(Candidate candidate, bool tookWords)
    {
        var json = JsonOf(candidate);
        var isNumbers = json[0] == '[' && json[1..^1].IndexOfAnyExcept(NumberBytes) < 0;
        if (!isNumbers && json.Length > 2 && !tookWords) return false;
        if (IsFirstOnLine(candidate.Start) && !IsBeforeProse(candidate.End)) return false;
        var isCheckbox = !IsFirstOnLine(candidate.Start) && text.AsSpan(candidate.Start, candidate.End - candidate.Start) is "[ ]";
        if (isNumbers && text.AsSpan(candidate.Start, candidate.End - candidate.Start).Contains('\n')) return false;
        var isFootnote = !IsFirstOnLine(candidate.Start) && json.Length > 2 && json[1..^1].IndexOfAnyExcept(FootnoteBytes) < 0;
        candidate.IsDoubtful = !isCheckbox && !isFootnote && !tookWords;
        return true;
    }

    /// <summary>Whether words go on behind a value, or what a link or a footnote has there.</summary>
    private bool IsBeforeProse(int end)
    {
        while (end < text.Length && text[end] is ' ' or '\t') end++;
        return end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is ':' or '(' or ',' or '.' or '[');
    }

    private ReadOnlySpan<byte> JsonOf(Candidate candidate) => Output.Slice(candidate.Json.Start, candidate.Json.End).Span;

    /// <summary>Nothing, or a code fence.</summary>
    private static bool IsMarkup(ReadOnlySpan<char> part)
    {
        part = part.Trim().TrimStart('\uFEFF');
        return part.IsEmpty || (part[0] is '`' or '~' && part.TrimStart("`~").IndexOfAnyExceptInRange('0', 'z') < 0);
    }

    /// <summary>Whether nothing stands before it on its line, but for a code fence. Asked in the order of the text.</summary>
    private bool IsFirstOnLine(int start)
    {
        // Lines are looked for once, or a long one with many brackets would cost the square of its length.
        if (start > _lineKnownTo)
        {
            var found = text.AsSpan(_lineKnownTo, start - _lineKnownTo).LastIndexOf('\n');
            if (found >= 0) _lineStart = _lineKnownTo + found + 1;
            _lineKnownTo = start;
        }

        return IsMarkup(text.AsSpan(_lineStart, start - _lineStart));
    }

    private static bool IsQuote(char c) => c == '"' || Quotes.IsOpening(c);

    private int SkipWhitespace(int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at;
    }

    private int SkipWhitespaceBack(int at)
    {
        while (at > 0 && char.IsWhiteSpace(text[at - 1])) at--;
        return at;
    }
}
