using System.Globalization;
using System.Text;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>
/// Reads a regular expression of ECMA-262 in Unicode mode (https://tc39.es/ecma262/#sec-patterns). Of what that mode
/// forbids, it takes what has one meaning only and stands in many schemas: a needless backslash before punctuation, and
/// a brace or a bracket that closes nothing.
/// </summary>
internal sealed partial class PatternParser
{
    public const int MaxLength = 20_000;

    private const int MaxDepth = 100;
    private const int MaxRepeats = 100_000;

    private readonly string _pattern;
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly List<(int Number, int Repeats)> _groups = [];
    private int _at;
    private int _depth;
    private int _opened;

    private PatternParser(string pattern) => _pattern = pattern;

    private bool IsAtEnd => _at == _pattern.Length;

    /// <exception cref="PatternException">It is none.</exception>
    public static PatternNode Parse(string pattern)
    {
        if (pattern.Length > MaxLength) throw new PatternException($"it is longer than {MaxLength} characters");
        var parser = new PatternParser(pattern);
        parser.FindGroups();
        var root = parser.Disjunction();
        if (!parser.IsAtEnd) throw parser.Error("')' closes nothing");
        CheckReferences(root, []);
        return root;
    }

    /// <summary>References may stand before what they refer to, so the groups are counted first.</summary>
    private void FindGroups()
    {
        var inClass = false;
        for (var i = 0; i < _pattern.Length; i++)
        {
            switch (_pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '(' when !inClass:
                    var isNamed = _pattern.AsSpan(i).StartsWith("(?<") && i + 3 < _pattern.Length && _pattern[i + 3] is not ('=' or '!');
                    if (i + 1 < _pattern.Length && _pattern[i + 1] == '?' && !isNamed) break;
                    _groups.Add((_groups.Count + 1, 0));
                    if (isNamed && !_names.TryAdd(NameFrom(i + 3), _groups.Count)) throw new PatternException($"the group '{NameFrom(i + 3)}' stands in it twice");
                    break;
            }
        }
    }

    private string NameFrom(int start)
    {
        var end = _pattern.IndexOf('>', start);
        var name = end < 0 ? "" : _pattern[start..end];
        return name.Length > 0 && (char.IsLetter(name[0]) || name[0] is '_' or '$') && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '$')
            ? name
            : throw new PatternException($"the name of the group at {start.ToString(CultureInfo.InvariantCulture)} is none");
    }

    private PatternNode Disjunction()
    {
        if (_depth++ == MaxDepth) throw Error($"groups stand in each other more than {MaxDepth} deep");
        var branches = new List<PatternNode>();
        do branches.Add(Alternative());
        while (Take('|'));
        _depth--;
        return branches.Count == 1 ? branches[0] : new PatternNode.Choice(branches);
    }

    private PatternNode.Sequence Alternative()
    {
        var parts = new List<PatternNode>();
        while (!IsAtEnd && _pattern[_at] is not ('|' or ')')) parts.Add(Quantified(Term(out var canRepeat), canRepeat));
        return new PatternNode.Sequence(parts);
    }

    private PatternNode Term(out bool canRepeat)
    {
        canRepeat = true;
        var start = _at;
        switch (CodePoint())
        {
            case '^':
                canRepeat = false;
                return new PatternNode.Start();
            case '$':
                canRepeat = false;
                return new PatternNode.End();
            case '.':
                return new PatternNode.One(CharacterClasses.NotLineTerminators);
            case '[':
                return new PatternNode.One(Class());
            case '(':
                return Group(out canRepeat);
            case '\\':
                return Escape(out canRepeat);
            case '*' or '+' or '?':
                throw Error("a quantifier stands after nothing");
            case '{' when TryBounds(start, out _, out _):
                throw Error("a quantifier stands after nothing");
            case var literal:
                return new PatternNode.One(CodePointSet.Of(literal));
        }
    }

    private PatternNode Quantified(PatternNode part, bool canRepeat)
    {
        if (IsAtEnd) return part;
        var (min, max) = (0, (int?)null);
        switch (_pattern[_at])
        {
            case '*':
                break;
            case '+':
                min = 1;
                break;
            case '?':
                max = 1;
                break;
            case '{' when TryBounds(_at, out min, out max):
                break;
            default:
                return part;
        }

        if (!canRepeat) throw Error("an assertion cannot be repeated");
        _at = _pattern[_at] == '{' ? _pattern.IndexOf('}', _at) + 1 : _at + 1;
        return new PatternNode.Repeat(part, min, max, IsLazy: Take('?'));
    }

    private bool TryBounds(int at, out int min, out int? max)
    {
        (min, max) = (0, null);
        var end = _pattern.IndexOf('}', at);
        if (end < 0) return false;
        var bounds = _pattern.AsSpan(at + 1, end - at - 1);
        var comma = bounds.IndexOf(',');
        var low = comma < 0 ? bounds : bounds[..comma];
        var high = comma < 0 ? bounds : bounds[(comma + 1)..];
        if (low.IsEmpty || low.ContainsAnyExceptInRange('0', '9') || high.ContainsAnyExceptInRange('0', '9')) return false;
        min = Count(low);
        if (!high.IsEmpty) max = Count(high);
        return max is null || max >= min ? true : throw Error("the bounds of a quantifier are in the wrong order");
    }

    private static int Count(ReadOnlySpan<char> digits)
        => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MaxRepeats ? count : throw new PatternException($"a quantifier is beyond {MaxRepeats}");

    private PatternNode Group(out bool canRepeat)
    {
        canRepeat = true;
        PatternNode group;
        if (TakeAll("?:")) group = Disjunction();
        else if (TakeAll("?=")) group = Look(isAhead: true, isNegative: false, out canRepeat);
        else if (TakeAll("?!")) group = Look(isAhead: true, isNegative: true, out canRepeat);
        else if (TakeAll("?<=")) group = Look(isAhead: false, isNegative: false, out canRepeat);
        else if (TakeAll("?<!")) group = Look(isAhead: false, isNegative: true, out canRepeat);
        else group = Captured();
        if (!Take(')')) throw Error("a group is not closed");
        return group;
    }

    private PatternNode.Look Look(bool isAhead, bool isNegative, out bool canRepeat)
    {
        canRepeat = false;
        return new PatternNode.Look(Disjunction(), isAhead, isNegative);
    }

    private PatternNode.Capture Captured()
    {
        if (TakeAll("?<")) _at = _pattern.IndexOf('>', _at) + 1; // Its name has been read.
        else if (!IsAtEnd && _pattern[_at] == '?') throw Error("this kind of group is not one of ECMA-262");
        var number = ++_opened;
        return new PatternNode.Capture(Disjunction(), number);
    }

    /// <summary>ECMA-262 forgets what a group caught whenever a repetition around it begins anew; .NET does not.</summary>
    private static void CheckReferences(PatternNode node, HashSet<int> repeated)
    {
        var referred = new HashSet<int>();
        Visit(node, isRepeated: false);
        referred.IntersectWith(repeated);
        if (referred.Count > 0) throw new PatternException("it refers back to a group within a repetition, which cannot be run faithfully");

        void Visit(PatternNode part, bool isRepeated)
        {
            switch (part)
            {
                case PatternNode.BackReference reference:
                    referred.Add(reference.Number);
                    break;
                case PatternNode.Capture capture:
                    if (isRepeated) repeated.Add(capture.Number);
                    Visit(capture.Part, isRepeated);
                    break;
                case PatternNode.Repeat repeat:
                    Visit(repeat.Part, isRepeated || repeat.Max is not (0 or 1));
                    break;
                case PatternNode.Look look:
                    Visit(look.Part, isRepeated || look.IsNegative);
                    break;
                case PatternNode.Sequence sequence:
                    foreach (var p in sequence.Parts) Visit(p, isRepeated);
                    break;
                case PatternNode.Choice choice:
                    foreach (var p in choice.Branches) Visit(p, isRepeated);
                    break;
            }
        }
    }

    private bool Take(char expected)
    {
        if (IsAtEnd || _pattern[_at] != expected) return false;
        _at++;
        return true;
    }

    private bool TakeAll(string expected)
    {
        if (!_pattern.AsSpan(_at).StartsWith(expected)) return false;
        _at += expected.Length;
        return true;
    }

    /// <summary>The next code point; half of a surrogate pair is one too.</summary>
    private int CodePoint()
    {
        if (IsAtEnd) throw Error("it ends too early");
        if (Rune.TryGetRuneAt(_pattern, _at, out var rune))
        {
            _at += rune.Utf16SequenceLength;
            return rune.Value;
        }

        return _pattern[_at++];
    }

    private PatternException Error(string why) => new($"at {_at.ToString(CultureInfo.InvariantCulture)}: {why}");
}
