using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>
/// Finds the value in the text of an answer, without a request: as it stands where it is JSON, else mended where its syntax
/// has one meaning. What has two meanings, or was cut off, is an error and never a value.
/// </summary>
internal static class AnswerReader
{
    /// <summary>The longest text that is mended. A well-formed one may be longer.</summary>
    public const int MaxMendedLength = 16 * 1024 * 1024;

    /// <summary>Up to here a look of our own costs far less than the exception that the parser would throw.</summary>
    private const int ShortLength = 512;

    /// <summary>How much of a longer text is looked at: most malformed ones show it early.</summary>
    private const int LongLook = 128;

    /// <summary>More words than these behind the last fence are prose that may hold the answer.</summary>
    private const int MaxWordsBehind = 3;

    private static readonly SearchValues<byte> FootnoteBytes = SearchValues.Create("0123456789, \n\r\t"u8);

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = LenientParser.MaxDepth };

    /// <summary>
    /// Reads the answer. Of several values the last complete one that fits the schema as it stands is it, else the last that
    /// fits in a wrapper, in a string or changed; without a schema, the last complete one.
    /// </summary>
    public static AnswerReading Read(string text, JsonSchema? schema, Coercion coercion = Coercion.None)
    {
        if (TryReadWellFormed(text) is { } document)
        {
            if (coercion == Coercion.None && SchemaFit.IsFit(document.RootElement, schema)) return new AnswerReading(document, [], [], [], false);
            var candidate = new Candidate { Start = 0, End = text.Length };
            var fit = new SchemaFit(text, schema, coercion);
            return fit.Find(document, candidate) ?? Misfit(document, candidate, fit);
        }

        if (text.Length > MaxMendedLength) return Unreadable($"it is longer than {MaxMendedLength} characters, too long to be mended");
        return Mend(text, schema, coercion);
    }

    private static JsonDocument? TryReadWellFormed(string text)
    {
        var (start, end) = Trim(text);
        if (start > 0 && text[0] == '\uFEFF') return null;
        var value = text.AsSpan(start, end - start);
        if (value.Length < 2 ? value.IsEmpty || !char.IsAsciiDigit(value[0]) : !LooksWellFormed(value)) return null;
        var isShort = value.Length <= ShortLength;
        if (!StrictScan.IsJson(isShort ? value : value[..LongLook], isPrefix: !isShort)) return null;
        try
        {
            return isShort ? JsonDocument.Parse(BytesOf(value), Strict) : JsonDocument.Parse(text.AsMemory(start, end - start), Strict);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return null; // Malformed, or, with the others, half of a surrogate pair, in the text or in a name.
        }
    }

    private static byte[] BytesOf(ReadOnlySpan<char> value)
    {
        var bytes = new byte[Utf8.GetByteCount(value)];
        Utf8.GetBytes(value, bytes);
        return bytes;
    }

    /// <summary>Sorts out, at no cost, most of what the parser would only refuse by an exception.</summary>
    private static bool LooksWellFormed(ReadOnlySpan<char> value)
    {
        var last = value[^1];
        var inside = value[1..^1].Trim(" \n\r\t");
        return value[0] switch
        {
            '{' => last == '}' && (inside.IsEmpty || (inside[0] == '"' && inside[^1] != ',')),
            '[' => last == ']' && (inside.IsEmpty || inside[^1] != ','),
            '"' => last == '"',
            't' => value is "true",
            'f' => value is "false",
            'n' => value is "null",
            '-' or (>= '0' and <= '9') => char.IsAsciiDigit(last),
            _ => false,
        };
    }

    private static AnswerReading Mend(string text, JsonSchema? schema, Coercion coercion)
    {
        var (start, end) = Trim(text);
        while (start < end && (Trivia.IsWhitespace(text[start]) || Trivia.IsSpecialWhitespace(text[start]))) start++;
        while (end > start && (Trivia.IsWhitespace(text[end - 1]) || Trivia.IsSpecialWhitespace(text[end - 1]))) end--;
        if (start == end) return AnswerReading.Unreadable([new("", "The answer is empty, and must be JSON.")]);

        var finder = new CandidateFinder(text);
        var candidates = new List<Candidate>();
        Candidate? whole = null;
        if (text[start] is not ('{' or '[' or '`' or '~' or '#')) // The last is a heading rather than a comment.
        {
            whole = finder.ReadWhole(start, end);
            if (whole.Failure is null) candidates.Add(whole);
            if (whole.Failure is null && !IsContainer(whole, finder) && whole.Repairs.Exists(repair => repair.Kind == RepairKinds.Comment))
            {
                return Unreadable("a value that is neither object nor array stands beside a comment, which may be prose");
            }
        }

        if (candidates.Count == 0)
        {
            if (IsPiece(text, start)) return Unreadable("it is a piece of a value whose beginning is missing");
            candidates = finder.Find();
        }

        if (candidates.Count == 0 && FencedScalar(text, finder) is { } scalar) candidates.Add(scalar);
        if (finder.IsGivenUp) return Unreadable("too much in it looks like a value");
        if (candidates.Count == 0)
        {
            // A text that begins with a quotation mark and has no other may be a string that was cut; else it is prose.
            return whole is { IsTruncated: true } && text[start] == '"' ? Refused(text, whole) : Unreadable("no object and no array stands in it");
        }

        return Choose(text, candidates, finder, schema, coercion);
    }

    private static bool IsContainer(Candidate candidate, CandidateFinder finder)
        => finder.Output.Slice(candidate.Json.Start, candidate.Json.End).Span[0] is (byte)'{' or (byte)'[';

    /// <summary>A text that begins with what stands inside a value.</summary>
    private static bool IsPiece(string text, int start)
    {
        if (text[start] is ',' or ':' or '}' or ']') return true;
        var isTypographic = Quotes.IsOpening(text[start]);
        if (text[start] != '"' && !isTypographic) return false;
        var length = text.AsSpan(start + 1).IndexOfAny(isTypographic ? Quotes.ClosersOf(text[start]) : "\"");
        if (length < 0) return false;
        var next = Trivia.Skip(text, start + 1 + length + 1);
        return next < text.Length && text[next] is ':' or ',' or '}' or ']';
    }

    private static AnswerReading Choose(string text, List<Candidate> candidates, CandidateFinder finder, JsonSchema? schema, Coercion coercion)
    {
        var schemaFit = new SchemaFit(text, schema, coercion);
        AnswerReading? misfit = null;
        (AnswerReading Reading, Candidate At)? near = null; // The last that fits in a wrapper, in a string or changed. An earlier one that fits as it stands goes before it.
        foreach (var isWeak in (ReadOnlySpan<bool>)[false, true])
        {
            for (var i = candidates.Count - 1; i >= 0; i--)
            {
                var candidate = candidates[i];
                if (candidate.Failure is not null)
                {
                    if (!candidate.IsMeant || isWeak) continue;
                    return Instead(Refused(text, candidate));
                }

                if (candidate.IsWeak && schema is null)
                {
                    if (candidate.IsDoubtful) return Unreadable($"what stands at {Place(text, candidate.Start)} may be the value, or part of a sentence");
                    continue;
                }

                if (candidate.IsWeak != isWeak) continue;
                if (finder.Stray >= 0 && !IsExtraCloser(candidate, finder.Stray)) return Instead(Unreadable($"a bracket closes at {Place(text, finder.Stray)} that was not opened"));
                if (GoesOn(text, candidate.End) || EndsElsewhere(text, candidate, candidates)) return Instead(Unreadable($"it goes on behind the value that ends at {Place(text, candidate.End)}, which may be a piece of a larger one"));
                if (DoubtfulBefore(text, candidates, i) is { } broken) return Instead(Refused(text, broken));
                if (Parse(candidate, finder, out var wrong) is not { } document) return Instead(AnswerReading.Unreadable(wrong));

                var isAsItIs = schema is null || SchemaFit.IsFit(document.RootElement, schema);
                if (!isAsItIs && near is not null)
                {
                    document.Dispose();
                    continue;
                }

                if (schemaFit.Find(document, candidate) is { } fit)
                {
                    if (!isAsItIs)
                    {
                        near = (fit, candidate);
                        continue;
                    }

                    if (HasRival(candidates, i, finder, schema) || IsDoubtfulBefore(candidate, fit, near))
                    {
                        fit.Dispose();
                        near?.Reading.Dispose();
                        misfit?.Dispose();
                        return Unreadable($"more than one thing in it may be the value, and what stands at {Place(text, candidate.Start)} may be a footnote or an example");
                    }

                    near?.Reading.Dispose();
                    return Taken(fit, candidate);
                }

                if (misfit is not null)
                {
                    document.Dispose();
                    continue;
                }

                Surroundings.AddTo(candidate.Repairs, text, candidate, candidates);
                misfit = Misfit(document, candidate, schemaFit) with { Repairs = InOrder(candidate.Repairs) };
            }

            if (near is var (reading, at)) return Taken(reading, at);
        }

        return misfit ?? (candidates.FindLast(candidate => candidate.Failure is not null) is { } last
            ? Refused(text, last)
            : Unreadable("what stands in it is part of a sentence, and may be a footnote or an example"));

        AnswerReading Taken(AnswerReading fit, Candidate candidate)
        {
            misfit?.Dispose();
            Surroundings.AddTo(candidate.Repairs, text, candidate, candidates);
            return fit with { Repairs = InOrder(candidate.Repairs) };
        }

        // What stands before a value that fits, and apart from it, does not make it doubtful.
        AnswerReading Instead(AnswerReading refusal)
        {
            if (near is var (reading, at)) return Taken(reading, at);
            misfit?.Dispose();
            return refusal;
        }
    }

    /// <summary>
    /// Whether the list taken is of nothing or of whole numbers, as a footnote's or an unticked box is, and another that
    /// could be the value stands before it.
    /// </summary>
    private static bool HasRival(List<Candidate> candidates, int index, CandidateFinder finder, JsonSchema? schema)
    {
        if (index == 0) return false;
        var taken = finder.Output.Slice(candidates[index].Json.Start, candidates[index].Json.End).Span;
        if (taken[0] != '[' || taken[1..^1].IndexOfAnyExcept(FootnoteBytes) >= 0) return false;
        var isOne = taken.IndexOf((byte)',') < 0;
        for (var i = index - 1; i >= 0; i--)
        {
            var other = candidates[i];
            if (other.Failure is not null || (other.IsWeak != candidates[index].IsWeak && !isOne)) continue;
            if (finder.Output.Slice(other.Json.Start, other.Json.End).Span.SequenceEqual(taken)) continue;
            if (schema is null) return true;
            using var document = Parse(other, finder, out _);
            if (document is not null && SchemaFit.IsFit(document.RootElement, schema)) return true;
        }

        return false;
    }

    /// <summary>Whether the value stands in a sentence, as an example does, and another, on a line of its own, fits but for its form.</summary>
    private static bool IsDoubtfulBefore(Candidate candidate, AnswerReading fit, (AnswerReading Reading, Candidate At)? near)
        => near is var (reading, at) && at.IsFirstOnLine && !candidate.IsFirstOnLine
            && !JsonElement.DeepEquals(fit.Document!.RootElement, reading.Document!.RootElement);

    /// <summary>
    /// A value after one that cannot be read may be a piece of it, unless a blank line or a fence stands between. The
    /// search has made sure that the brackets of the one before were closed.
    /// </summary>
    private static Candidate? DoubtfulBefore(string text, List<Candidate> candidates, int index)
    {
        var candidate = candidates[index];
        for (var i = index - 1; i >= 0; i--)
        {
            var earlier = candidates[i];
            if (earlier.Failure is null || !earlier.IsMeant) continue;
            var isWhole = candidate.IsFirstOnLine && candidate.Repairs.TrueForAll(repair => repair.Kind != RepairKinds.ExtraCloser);
            return isWhole && IsApart(text.AsSpan(earlier.End, candidate.Start - earlier.End)) ? null : earlier;
        }

        return null;
    }

    private static bool IsApart(ReadOnlySpan<char> between)
    {
        if (between.Contains("```", StringComparison.Ordinal)) return true;
        var breaks = 0;
        foreach (var c in between)
        {
            if (c == '\n') breaks++;
            else if (!char.IsWhiteSpace(c)) breaks = 0;
            if (breaks == 2) return true;
        }

        return false;
    }

    private static List<Repair> InOrder(List<Repair> repairs)
    {
        for (var i = 1; i < repairs.Count; i++)
        {
            if (repairs[i].Offset < repairs[i - 1].Offset) return [.. repairs.OrderBy(repair => repair.Offset)];
        }

        return repairs;
    }

    /// <summary>Whether what follows a value is what follows one inside another: a comma or a colon, and behind it more JSON.</summary>
    private static bool GoesOn(string text, int end)
    {
        var at = Trivia.Skip(text, end);
        if (at >= text.Length || text[at] is not (',' or ':')) return false;
        var next = Trivia.Skip(text, at + 1);
        return next < text.Length && (text[next] is '"' or '-' or '{' or '[' or '}' or ']' or ',' or ':' || char.IsAsciiDigit(text[next]) || Quotes.IsOpening(text[next]));
    }

    /// <summary>Whether the text ends with the bracket that closes such a value, and it closes none that was found: then the value ended too early, at a bracket of a text that had lost its marks.</summary>
    private static bool EndsElsewhere(string text, Candidate candidate, List<Candidate> candidates)
    {
        var closer = text[candidate.Start] switch { '{' => '}', '[' => ']', _ => '\0' };
        var end = text.Length;
        while (end > 0 && (Trivia.IsWhitespace(text[end - 1]) || Trivia.IsSpecialWhitespace(text[end - 1]))) end--;
        return closer != '\0' && candidate.End < end && text[end - 1] == closer && !candidates.Exists(other => other.Failure is null && other.End == end);
    }

    private static bool IsExtraCloser(Candidate candidate, int place) => place >= candidate.Start && place < candidate.End;

    /// <summary>What was mended is well-formed; only a name that stands twice, or is no text, can still be wrong with it.</summary>
    private static JsonDocument? Parse(Candidate candidate, CandidateFinder finder, out List<ValidationError> wrong)
    {
        wrong = [];
        var json = finder.Output.Slice(candidate.Json.Start, candidate.Json.End);
        try
        {
            return JsonDocument.Parse(json, Strict);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            using var document = JsonDocument.Parse(json, Strict with { AllowDuplicateProperties = true });
            if (HalfSurrogates.ErrorOf(document.RootElement) is { } error) wrong.Add(error);
            else Duplicates.Find(document.RootElement, new JsonPlace(), wrong);
            return null;
        }
    }

    /// <summary>A number, a string or a literal is found in prose only where a fence marks it.</summary>
    private static Candidate? FencedScalar(string text, CandidateFinder finder)
    {
        const string Fence = "```";
        var close = text.LastIndexOf(Fence, StringComparison.Ordinal);
        if (close <= 0 || IsProse(text.AsSpan(close + Fence.Length))) return null;
        var open = text.LastIndexOf(Fence, close - 1, StringComparison.Ordinal);
        if (open < 0) return null;
        var start = text.IndexOf('\n', open);
        if (start < 0 || start >= close) return null;
        while (start < close && char.IsWhiteSpace(text[start])) start++;
        while (close > start && char.IsWhiteSpace(text[close - 1])) close--;
        if (start == close) return null;
        var scalar = finder.ReadWhole(start, close);
        return scalar.Failure is null ? scalar : null;
    }

    /// <summary>More than a few words, or a number.</summary>
    private static bool IsProse(ReadOnlySpan<char> text)
    {
        var words = 0;
        var isInWord = false;
        foreach (var c in text)
        {
            if (char.IsDigit(c)) return true;
            if (char.IsLetter(c) && !isInWord) words++;
            isInWord = !char.IsWhiteSpace(c) && (isInWord || char.IsLetter(c));
        }

        return words > MaxWordsBehind;
    }

    private static AnswerReading Misfit(JsonDocument document, Candidate candidate, SchemaFit fit)
        => new(document, candidate.Repairs, [], fit.ErrorsOf(document.RootElement), false);

    private static AnswerReading Refused(string text, Candidate candidate)
    {
        var what = candidate.IsTruncated ? "is cut off" : "is not JSON, and cannot be mended without a guess";
        return AnswerReading.Unreadable([new("", $"The answer {what}: {candidate.Failure}, at {Place(text, candidate.FailureAt)}.")], candidate.IsTruncated);
    }

    private static AnswerReading Unreadable(string reason) => AnswerReading.Unreadable([new("", $"The answer is not JSON: {reason}.")]);

    private static string Place(string text, int at)
    {
        var before = text.AsSpan(0, Math.Min(at, text.Length));
        return string.Create(CultureInfo.InvariantCulture, $"line {before.Count('\n') + 1}, column {before.Length - before.LastIndexOf('\n')} (offset {before.Length})");
    }

    private static (int Start, int End) Trim(string text)
    {
        var (start, end) = (0, text.Length);
        if (end > 0 && text[0] == '\uFEFF') start++;
        while (start < end && Trivia.IsWhitespace(text[start])) start++;
        while (end > start && Trivia.IsWhitespace(text[end - 1])) end--;
        return (start, end);
    }
}
