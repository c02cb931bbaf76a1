using System.Globalization;

namespace LlmGateway.StructuredOutput.Validation;

internal sealed partial class PatternParser
{
    private const string SyntaxCharacters = "^$\\.*+?()[]{}|/";

    /// <summary>After the backslash, outside a class.</summary>
    private PatternNode Escape(out bool canRepeat)
    {
        canRepeat = true;
        if (IsAtEnd) throw Error("it ends with a backslash");
        switch (_pattern[_at])
        {
            case 'b' or 'B':
                canRepeat = false;
                return new PatternNode.WordBoundary(IsNegative: _pattern[_at++] == 'B');
            case >= '1' and <= '9':
                return new PatternNode.BackReference(GroupNumber());
            case 'k':
                _at++;
                return new PatternNode.BackReference(NamedGroup());
            default:
                return new PatternNode.One(ClassEscape());
        }
    }

    private int GroupNumber()
    {
        var start = _at;
        while (!IsAtEnd && char.IsAsciiDigit(_pattern[_at])) _at++;
        return int.TryParse(_pattern.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= _groups.Count
            ? number
            : throw Error("it refers back to a group that it does not have");
    }

    private int NamedGroup()
    {
        if (!Take('<')) throw Error("\\k must name a group: \\k<name>");
        var name = NameFrom(_at);
        _at += name.Length + 1;
        return _names.TryGetValue(name, out var number) ? number : throw Error($"it refers back to the group '{name}', which it does not have");
    }

    /// <summary>After the backslash: a class of code points, or one of them.</summary>
    private CodePointSet ClassEscape()
    {
        if (IsAtEnd) throw Error("it ends with a backslash");
        var letter = _pattern[_at];
        if (CharacterClasses.OfLetter(letter) is { } set)
        {
            _at++;
            return set;
        }

        if (letter is not ('p' or 'P')) return CodePointSet.Of(CharacterEscape());
        _at++;
        var end = _pattern.IndexOf('}', _at);
        if (!Take('{') || end < 0) throw Error("a Unicode property must be named in braces: \\p{Letter}");
        var property = UnicodeProperties.Of(_pattern[_at..end]);
        _at = end + 1;
        return letter == 'p' ? property : property.Complement();
    }

    private int CharacterEscape()
    {
        var escaped = CodePoint();
        switch (escaped)
        {
            case 't':
                return '\t';
            case 'n':
                return '\n';
            case 'v':
                return '\v';
            case 'f':
                return '\f';
            case 'r':
                return '\r';
            case '0' when IsAtEnd || !char.IsAsciiDigit(_pattern[_at]):
                return 0;
            case 'c' when !IsAtEnd && char.IsAsciiLetter(_pattern[_at]):
                return _pattern[_at++] % 32;
            case 'x':
                return Hex(2);
            case 'u':
                return UnicodeEscape();
        }

        if (SyntaxCharacters.Contains((char)escaped, StringComparison.Ordinal) && escaped < 0x80) return escaped;
        return escaped < 0x80 && !char.IsAsciiLetterOrDigit((char)escaped) ? escaped : throw Error("this escape is not one of ECMA-262");
    }

    private int UnicodeEscape()
    {
        if (Take('{'))
        {
            var end = _pattern.IndexOf('}', _at);
            if (end < 0 || !int.TryParse(_pattern.AsSpan(_at, end - _at), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var codePoint) || codePoint is < 0 or > CodePointSet.Last)
            {
                throw Error("\\u{…} must hold a code point in hexadecimal digits");
            }

            _at = end + 1;
            return codePoint;
        }

        var unit = Hex(4);
        if (!char.IsHighSurrogate((char)unit) || !_pattern.AsSpan(_at).StartsWith("\\u")) return unit;
        var back = _at;
        _at += 2;
        if (!IsAtEnd && _pattern[_at] != '{' && Hex(4) is var low && char.IsLowSurrogate((char)low)) return char.ConvertToUtf32((char)unit, (char)low);
        _at = back;
        return unit;
    }

    private int Hex(int digits)
    {
        if (_at + digits > _pattern.Length || !int.TryParse(_pattern.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            throw Error($"{digits} hexadecimal digits must stand here");
        }

        _at += digits;
        return value;
    }

    /// <summary>After the opening bracket.</summary>
    private CodePointSet Class()
    {
        var isNegative = Take('^');
        var sets = new List<CodePointSet>();
        while (!Take(']'))
        {
            var first = ClassAtom();
            if (_at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']')
            {
                _at++;
                var last = ClassAtom();
                if (Single(first) is not { } from || Single(last) is not { } to) throw Error("a range in a class must be from one character to another");
                if (to < from) throw Error("a range in a class is in the wrong order");
                sets.Add(CodePointSet.OfRanges((from, to)));
                continue;
            }

            sets.Add(first);
        }

        var all = CodePointSet.Union(sets);
        return isNegative ? all.Complement() : all;
    }

    private CodePointSet ClassAtom()
    {
        if (IsAtEnd) throw Error("a class is not closed");
        if (!Take('\\')) return CodePointSet.Of(CodePoint());
        if (Take('b')) return CodePointSet.Of('\b');
        return ClassEscape();
    }

    private static int? Single(CodePointSet set) => set.Ranges is [var (first, last)] && first == last ? first : null;
}
