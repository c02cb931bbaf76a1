using System.Buffers;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>Keys, numbers and words.</summary>
internal ref partial struct LenientParser
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>How many of the words below are literals somewhere.</summary>
    private const int Literals = 7;

    /// <summary>Words of this and other languages that stand for no string, and others that may.</summary>
    private static readonly string[] Reserved =
        ["true", "false", "null", "none", "nil", "undefined", "nan", "inf", "infinity", "na", "yes", "no", "on", "off", "y", "n/a", "new", "function", "void"];

    private bool ReadKey(Kind lastValue)
    {
        var c = _text[_at];
        if (IsQuote(c)) return ReadString(Place.Key);
        if (char.IsAsciiDigit(c)) return ReadNumericKey(lastValue);
        if (!IsWordStart(c)) return Fail(c is ']' ? "an object is closed by ]" : $"{Show(c)} stands where a member's name must");
        var end = EndOfWord(_at);
        var word = _text[_at..end];
        if (end >= _text.Length) return Truncated() != Kind.None;
        var isHalfQuoted = _text[end] == '"';
        var next = Trivia.Skip(_text, isHalfQuoted ? end + 1 : end);
        if (next >= _text.Length) return Truncated() != Kind.None;
        if (_text[next] != ':') return Fail($"'{Cut(word)}' stands where a member's name must, and no colon follows it");
        // Anywhere else the mark may be missing at another place, and what looks like a name be part of a string.
        if (isHalfQuoted && (_depth > 1 || _text[_at - 1] != '{')) return Fail("where the mark before a member's name is missing cannot be known");
        if (!isHalfQuoted && IsLiteral(word)) return Fail($"'{Cut(word)}' stands where a member's name must, and may be a value");
        Mend(isHalfQuoted ? RepairKinds.MissingQuote : RepairKinds.UnquotedKey, _at);
        return WriteQuoted(word, isHalfQuoted ? end + 1 : end);
    }

    /// <summary>As Python and JavaScript print them. Behind a number and a comma it may be the rest of a number.</summary>
    private bool ReadNumericKey(Kind lastValue)
    {
        var end = _at;
        while (end < _text.Length && char.IsAsciiDigit(_text[end])) end++;
        if (end >= _text.Length) return Truncated() != Kind.None;
        var digits = _text[_at..end];
        var next = Trivia.Skip(_text, end);
        if (next >= _text.Length) return Truncated() != Kind.None;
        if (_text[next] != ':' || lastValue == Kind.Number || (digits.Length > 1 && digits[0] == '0')) return Fail("a number stands where a member's name must; a comma inside a number is never guessed at");
        Mend(RepairKinds.UnquotedKey, _at);
        return WriteQuoted(digits, end);
    }

    private bool WriteQuoted(ReadOnlySpan<char> word, int end)
    {
        _output.Write((byte)'"');
        if (!_output.Write(word)) return Fail("half of a surrogate pair, which is no text");
        _output.Write((byte)'"');
        _at = end;
        return true;
    }

    /// <summary>JSON's own form, or <c>+5</c> and <c>.5</c>, which have one meaning wherever they are known. No other is guessed at.</summary>
    private bool ReadNumber()
    {
        var start = _at;
        var at = _at;
        var isMended = _text[at] == '+';
        if (isMended || _text[at] == '-') at++;
        var isNegative = _text[start] == '-';
        if (at >= _text.Length) return Truncated() != Kind.None;
        var digits = at;
        var hasWhole = char.IsAsciiDigit(_text[at]);
        while (at < _text.Length && char.IsAsciiDigit(_text[at])) at++;
        if (at - digits > 1 && _text[digits] == '0') return Fail("a number begins with 0, and may be octal", start);
        if (at < _text.Length && _text[at] == '.')
        {
            at++;
            var point = at;
            while (at < _text.Length && char.IsAsciiDigit(_text[at])) at++;
            if (at == point && at >= _text.Length) return Truncated() != Kind.None;
            if (at == point) return Fail(hasWhole ? "a number ends with its point" : $"{Show(_text[start])} cannot begin a value", start);
            isMended |= !hasWhole;
        }
        else if (!hasWhole)
        {
            return Fail($"{Show(_text[start])} cannot begin a value", start);
        }

        if (at < _text.Length && _text[at] is 'e' or 'E')
        {
            at++;
            if (at < _text.Length && _text[at] is '+' or '-') at++;
            var exponent = at;
            while (at < _text.Length && char.IsAsciiDigit(_text[at])) at++;
            if (at == exponent && at >= _text.Length) return Truncated() != Kind.None;
            if (at == exponent) return Fail("a number's exponent is missing", start);
        }

        if (at >= _text.Length && _depth > 0) return Truncated() != Kind.None;
        if (at < _text.Length && !IsDelimiter(at)) return Fail($"{Show(_text[at])} follows a number; units, fractions, currency and other forms are never guessed at", at);
        if (isMended)
        {
            Mend(RepairKinds.NumberForm, start);
            if (isNegative) _output.Write((byte)'-');
            if (!hasWhole) _output.Write((byte)'0');
        }

        _output.Write(isMended ? _text[digits..at] : _text[start..at]);
        _at = at;
        return true;
    }

    private Kind ReadWord(Place place)
    {
        var end = EndOfWord(_at);
        var word = _text[_at..end];
        if (end >= _text.Length && _depth > 0) return Truncated();
        switch (word)
        {
            case "true" or "false" or "null":
                break;
            case "True":
                return Literal("true"u8, RepairKinds.PythonLiteral, end);
            case "False":
                return Literal("false"u8, RepairKinds.PythonLiteral, end);
            case "None":
                return Literal("null"u8, RepairKinds.PythonLiteral, end);
            case "undefined":
                return Literal("null"u8, RepairKinds.JavaScriptLiteral, end);
            default:
                return ReadUnquoted(place, word, end);
        }

        if (end < _text.Length && !IsDelimiter(end)) return Undelimited(end);
        _output.Write(word);
        _at = end;
        return Kind.Literal;
    }

    private Kind Literal(ReadOnlySpan<byte> json, string repair, int end)
    {
        if (end < _text.Length && !IsDelimiter(end)) return Undelimited(end);
        Mend(repair, _at);
        _output.Write(json);
        _at = end;
        return Kind.Literal;
    }

    /// <summary>A single word for a member of an object. In a list it may as well be prose, and several words have no end.</summary>
    private Kind ReadUnquoted(Place place, ReadOnlySpan<char> word, int end)
    {
        if (word is "NaN" or "Infinity")
        {
            Fail($"{word} is no value in JSON");
            return Kind.None;
        }

        if (!_isInObject || place == Place.Root || word.Contains('$') || IsReserved(word))
        {
            Fail($"'{Cut(word)}' has no quotation marks, and may be something else than a string");
            return Kind.None;
        }

        // A comment here may be the rest of a string whose opening mark was lost.
        var next = end;
        while (next < _text.Length && Trivia.IsWhitespace(_text[next])) next++;
        if (next >= _text.Length) return Truncated();
        if (_text[next] is not (',' or '}' or ']') || (place == Place.Member && _text[next] == ',' && !IsMemberAfter(next + 1)))
        {
            Fail($"'{Cut(word)}' has no quotation marks, and {Show(_text[next])} follows it: where the string ends cannot be known");
            return Kind.None;
        }

        Mend(RepairKinds.UnquotedString, _at);
        TookWords = true;
        return WriteQuoted(word, end) ? Kind.Word : Kind.None;
    }

    private Kind Undelimited(int at)
    {
        Fail($"{Show(_text[at])} follows a value", at);
        return Kind.None;
    }

    /// <summary>Whether a value may end before this place.</summary>
    private readonly bool IsDelimiter(int at)
    {
        var c = _text[at];
        return c is ',' or '}' or ']' or '#' || Trivia.IsWhitespace(c) || Trivia.IsSpecialWhitespace(c)
            || (c == '/' && at + 1 < _text.Length && _text[at + 1] is '/' or '*');
    }

    private static bool IsWordStart(char c) => char.IsLetter(c) || c is '_' or '$';

    private readonly int EndOfWord(int at)
    {
        while (at < _text.Length && (char.IsLetterOrDigit(_text[at]) || _text[at] is '_' or '-' or '$')) at++;
        return at;
    }

    /// <summary>A literal in another writing, or the beginning of one, is no string for sure.</summary>
    private static bool IsReserved(ReadOnlySpan<char> word)
    {
        foreach (var reserved in Reserved)
        {
            if (word.Equals(reserved, StringComparison.OrdinalIgnoreCase)) return true;
        }

        // Glued to what follows it, a literal is no part of a word.
        if (word.StartsWith("true") || word.StartsWith("false") || word.StartsWith("null")) return true;
        return IsBeginning("true", word) || IsBeginning("false", word) || IsBeginning("null", word) || IsBeginning("none", word) || (word.Length > 2 && IsBeginning("undefined", word));
    }

    /// <summary>A literal, in whatever language. Any other word before a colon is a name.</summary>
    private static bool IsLiteral(ReadOnlySpan<char> word)
    {
        foreach (var literal in Reserved.AsSpan(0, Literals))
        {
            if (word.Equals(literal, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static bool IsBeginning(string literal, ReadOnlySpan<char> word) => literal.StartsWith(word, StringComparison.OrdinalIgnoreCase);

    private static string Cut(ReadOnlySpan<char> word) => word.Length <= 40 ? word.ToString() : string.Concat(word[..40], "…");
}
