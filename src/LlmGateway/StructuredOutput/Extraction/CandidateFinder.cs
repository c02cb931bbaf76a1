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

    private readonly List<Candidate> _found = [];
    private long _work;
    private int _lineStart;
    private int _lineKnownTo;
    private int _lineEnd = -1;

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
            var candidate = new Candidate { Start = start, End = end, Json = (from, Output.Length), Repairs = repairs };
            CheckSurroundings(candidate);
            candidate.IsWeak = IsInline(start, candidate.End) && (parser.TookWords || IsFootnote(candidate));
            candidate.IsFirstOnLine = IsFirstOnLine(start);
            candidate.IsMeant = !candidate.IsWeak;
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
        if (close < 0 && !looksLikeJson && !IsFirstOnLine(start)) return start + 1;
        _found.Add(new Candidate { Start = start, End = close < 0 ? text.Length : close, Failure = parser.Failure, FailureAt = failureAt, IsMeant = close < 0 || looksLikeJson });
        return close;
    }

    /// <summary>A value that goes on on either side is a piece of one that lost its beginning. A closing brace too many has no other reading.</summary>
    private void CheckSurroundings(Candidate candidate)
    {
        var next = Trivia.Skip(text, candidate.End);
        _work += next - candidate.End;
        while (next < text.Length && text[next] == '}')
        {
            candidate.Repairs.Add(new Repair(RepairKinds.ExtraCloser, next));
            candidate.End = next + 1;
            next = SkipWhitespace(next + 1);
            _work += next - candidate.End;
        }

        var goesOn = next < text.Length && (text[next] == ']' || (text[next] == ',' && SkipWhitespace(next + 1) is var after && after < text.Length && IsStructure(text[after])));
        if (!goesOn)
        {
            var before = SkipWhitespaceBack(candidate.Start);
            if (before <= 0 || text[before - 1] is not (':' or ',')) return;
            var earlier = SkipWhitespaceBack(before - 1);
            if (earlier <= 0 || !(text[earlier - 1] is '"' || (text[before - 1] == ',' && text[earlier - 1] is '}' or ']'))) return;
            next = before - 1;
        }

        candidate.Failure = "a piece of a value whose beginning is missing";
        candidate.FailureAt = next;
    }

    private static bool IsStructure(char c) => c is '"' or '{' or '[' or '}' or ']' || char.IsAsciiDigit(c);

    /// <summary>Whether a bracket opens JSON, to all appearances, and not a remark.</summary>
    private bool LooksLikeJson(int start)
    {
        var next = SkipWhitespace(start + 1);
        if (next >= text.Length) return false;
        var c = text[next];
        if (c is '"' or '\'' or '“' or '{' or '[' or '\\') return true;
        if (char.IsAsciiDigit(c) || c is '-' or ',') return text[start] == '{' || IsFirstOnLine(start);
        var end = next;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '-' or '$')) end++;
        _work += end - next;
        var word = text.AsSpan(next, end - next);
        if (text[start] == '[') return word is "true" or "false" or "null" or "True" or "False" or "None";
        return end < text.Length && (text[end] == '"' || (SkipWhitespace(end) is var colon && colon < text.Length && text[colon] == ':'));
    }

    /// <summary>Behind the bracket that closes the one at <paramref name="start"/>, strings passed over; negative where there is none.</summary>
    private int FindClose(int start)
    {
        var depth = 0;
        var isInString = false;
        for (var at = start; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\\' when isInString:
                    at++;
                    break;
                case '"':
                    isInString = !isInString;
                    break;
                case '{' or '[' when !isInString:
                    depth++;
                    break;
                case '}' or ']' when !isInString && --depth == 0:
                    _work += at - start;
                    return at + 1;
            }
        }

        _work += text.Length - start;
        return -1;
    }

    /// <summary>Nothing, or numbers only.</summary>
    private bool IsFootnote(Candidate candidate)
    {
        var json = Output.Slice(candidate.Json.Start, candidate.Json.End).Span;
        return json.SequenceEqual("{}"u8) || (json[0] == '[' && json[1..^1].IndexOfAnyExcept("0123456789.,-+eE"u8) < 0);
    }

    /// <summary>Whether other text stands on the value's lines.</summary>
    private bool IsInline(int start, int end)
    {
        if (!IsFirstOnLine(start)) return true;
        if (_lineEnd < end) _lineEnd = text.IndexOf('\n', end) is >= 0 and var found ? found : text.Length;
        return !IsMarkup(text.AsSpan(end, _lineEnd - end));
    }

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
