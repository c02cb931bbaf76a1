using System.Globalization;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>A character class, <c>[…]</c>, read from behind its opening bracket to behind its closing one.</summary>
internal sealed class PatternClass
{
    private readonly List<Func<char, bool>> _parts = [];
    private string _beyondAscii = "";

    public PatternClass(string pattern, ref int at)
    {
        var negated = at < pattern.Length && pattern[at] == '^';
        if (negated) at++;
        for (var first = true; ; first = false)
        {
            if (at >= pattern.Length) throw new FormatException("a class is not closed");
            if (pattern[at] == ']' && !first)
            {
                at++;
                break;
            }

            Add(pattern, ref at);
        }

        Characters = PatternCharacters.Where(character => _parts.Exists(part => part(character)) != negated, _beyondAscii);
    }

    public string Characters { get; }

    private void Add(string pattern, ref int at)
    {
        var (low, several) = ReadOne(pattern, ref at);
        if (several is not null)
        {
            _parts.Add(several);
            return;
        }

        var high = low;
        if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
        {
            at++;
            (high, var end) = ReadOne(pattern, ref at);
            if (end is not null || high < low) throw new FormatException("a range in one of its classes runs backwards");
        }

        _parts.Add(character => character >= low && character <= high);
        if (low is > '~' or < ' ') _beyondAscii += low;
    }

    private static (char One, Func<char, bool>? Several) ReadOne(string pattern, ref int at)
    {
        if (at >= pattern.Length) throw new FormatException("a class is not closed");
        if (pattern[at] != '\\') return (pattern[at++], null);
        at++;
        if (at < pattern.Length && pattern[at] == 'b')
        {
            at++;
            return ('\b', null);
        }

        return ReadEscape(pattern, ref at);
    }

    /// <summary>An escape behind its backslash: one character, or what several have in common.</summary>
    public static (char One, Func<char, bool>? Several) ReadEscape(string pattern, ref int at)
    {
        if (at >= pattern.Length) throw new FormatException("it ends with a backslash");
        var escape = pattern[at++];
        if (PatternCharacters.OfEscape(escape) is { } several) return (default, several);
        return escape switch
        {
            'n' => ('\n', null),
            'r' => ('\r', null),
            't' => ('\t', null),
            'f' => ('\f', null),
            'v' => ('\v', null),
            '0' => ('\0', null),
            'x' => (Hexadecimal(pattern, ref at, 2), null),
            'u' => (Hexadecimal(pattern, ref at, 4), null),
            'p' or 'P' => (default, Category(pattern, ref at, negated: escape == 'P')),
            _ when char.IsAsciiLetter(escape) => throw new FormatException($"the escape '\\{escape}' is not one that the simulation knows"),
            _ => (escape, null),
        };
    }

    private static char Hexadecimal(string pattern, ref int at, int digits)
    {
        if (at + digits > pattern.Length || !ushort.TryParse(pattern.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            throw new FormatException("a character's code is not hexadecimal");
        }

        at += digits;
        return (char)code;
    }

    private static Func<char, bool> Category(string pattern, ref int at, bool negated)
    {
        var end = at < pattern.Length && pattern[at] == '{' ? pattern.IndexOf('}', at) : -1;
        var category = end > 0 ? PatternCharacters.OfCategory(pattern[(at + 1)..end]) : null;
        if (category is null) throw new FormatException("one of its Unicode categories is not one that the simulation knows");
        at = end + 1;
        return character => category(character) != negated;
    }
}
