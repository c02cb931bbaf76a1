using System.Globalization;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>Reads the common part of regular expressions. What it cannot make texts for is a <see cref="FormatException"/>.</summary>
internal sealed class PatternParser
{
    private const int MaxDepth = 64;

    private readonly string _pattern;
    private int _at;
    private int _depth;

    private PatternParser(string pattern) => _pattern = pattern;

    public static PatternNode Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        var node = parser.Alternatives();
        return parser._at == pattern.Length ? node : throw new FormatException("a ')' closes nothing");
    }

    private char Peek => _at < _pattern.Length ? _pattern[_at] : '\0';

    private char Next() => _at < _pattern.Length ? _pattern[_at++] : throw new FormatException("it ends too early");

    private bool Take(char expected)
    {
        if (_at >= _pattern.Length || _pattern[_at] != expected) return false;
        _at++;
        return true;
    }

    private PatternNode Alternatives()
    {
        if (++_depth > MaxDepth) throw new FormatException($"its groups are nested more than {MaxDepth} deep");
        var branches = new List<PatternNode> { Branch() };
        while (Take('|')) branches.Add(Branch());
        _depth--;
        return branches is [var only] ? only : new PatternNode.Either(branches);
    }

    private PatternNode.Sequence Branch()
    {
        var nodes = new List<PatternNode>();
        while (_at < _pattern.Length && Peek is not ('|' or ')')) nodes.Add(Quantified(Atom()));
        return new PatternNode.Sequence(nodes);
    }

    private PatternNode Atom()
    {
        var character = Next();
        switch (character)
        {
            case '^' or '$':
                return new PatternNode.Nothing();
            case '.':
                return new PatternNode.Characters(PatternCharacters.Any);
            case '(':
                return Group();
            case '[':
                return new PatternNode.Characters(NotEmpty(new PatternClass(_pattern, ref _at).Characters));
            case '\\':
                return Escape();
            default:
                return new PatternNode.Characters(character.ToString());
        }
    }

    private PatternNode Group()
    {
        var looksAround = false;
        if (Take('?'))
        {
            switch (Next())
            {
                case ':':
                    break;
                case '=' or '!':
                    looksAround = true;
                    break;
                case '<' when Take('=') || Take('!'):
                    looksAround = true;
                    break;
                case '<':
                    while (Next() != '>')
                    {
                    }

                    break;
                default:
                    throw new FormatException("it holds a kind of group that the simulation does not make texts for");
            }
        }

        var inner = Alternatives();
        if (!Take(')')) throw new FormatException("a group is not closed");
        return looksAround ? new PatternNode.Nothing() : inner;
    }

    private PatternNode Escape()
    {
        var escape = Next();
        if (escape is 'b' or 'B' or 'A' or 'z' or 'Z') return new PatternNode.Nothing();
        if (char.IsAsciiDigit(escape) && escape != '0' || escape == 'k') throw new FormatException("it refers back to a group");
        _at--;
        var (one, several) = PatternClass.ReadEscape(_pattern, ref _at);
        return new PatternNode.Characters(several is null ? one.ToString() : NotEmpty(PatternCharacters.Where(several, "\t\n")));
    }

    private PatternNode Quantified(PatternNode node)
    {
        var (minimum, maximum) = Peek switch
        {
            '*' => (0, int.MaxValue),
            '+' => (1, int.MaxValue),
            '?' => (0, 1),
            _ => (-1, 0),
        };
        if (minimum >= 0) _at++;
        else if (Peek != '{' || !Braces(out minimum, out maximum)) return node;
        if (!Take('?')) Take('+');
        if (minimum > maximum) throw new FormatException($"it repeats from {minimum} to {maximum} times");
        return Quantified(new PatternNode.Repeat(node, minimum, maximum));
    }

    /// <summary><c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c>; another brace is a character like any other.</summary>
    private bool Braces(out int minimum, out int maximum)
    {
        (minimum, maximum) = (0, 0);
        var end = _pattern.IndexOf('}', _at);
        if (end < 0) return false;
        var bounds = _pattern[(_at + 1)..end].Split(',');
        if (bounds.Length > 2 || !int.TryParse(bounds[0], NumberStyles.None, CultureInfo.InvariantCulture, out minimum)) return false;
        maximum = minimum;
        if (bounds.Length == 2 && bounds[1].Length == 0) maximum = int.MaxValue;
        else if (bounds.Length == 2 && !int.TryParse(bounds[1], NumberStyles.None, CultureInfo.InvariantCulture, out maximum)) return false;
        _at = end + 1;
        return true;
    }

    private static string NotEmpty(string characters) =>
        characters.Length > 0 ? characters : throw new FormatException("one of its classes allows no character that the simulation knows");
}
