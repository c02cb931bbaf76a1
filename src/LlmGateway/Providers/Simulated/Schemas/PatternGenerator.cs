using System.Text;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>
/// Texts made from a regular expression. They are proposals: look-arounds, anchors in odd places and lengths are not aimed
/// for, so each is checked before it is used.
/// </summary>
internal sealed class PatternGenerator
{
    private const int MaxLength = 20_000;
    private const int BranchSeeds = 8;

    private readonly StringBuilder _text = new();
    private int _branches;
    private int _characters;
    private int _extra;

    private PatternGenerator()
    {
    }

    /// <summary>Proposals for one pattern, the same each time: shortest first, then longer ones, other branches and other characters.</summary>
    /// <exception cref="FormatException">The pattern holds something that no texts are made for.</exception>
    public static IEnumerable<string> Proposals(string pattern, int minLength, int firstVariant, int variants)
    {
        var node = PatternParser.Parse(pattern);
        for (var characters = firstVariant; characters < firstVariant + variants; characters++)
        {
            for (var branches = 0; branches < BranchSeeds; branches++)
            {
                var shortest = Make(node, branches, characters, 0);
                yield return shortest;
                var missing = minLength - shortest.Length;
                if (missing > 0) yield return shortest.PadRight(minLength, 'a');
                // A repeated group may be longer than one character, so that fewer repetitions than missing characters can be right.
                for (var extra = Math.Max(1, missing); extra > 0 && extra > missing - 16; extra--) yield return Make(node, branches, characters, extra);
            }
        }
    }

    private static string Make(PatternNode node, int branches, int characters, int extra)
    {
        var generator = new PatternGenerator { _branches = branches, _characters = characters, _extra = extra };
        generator.Append(node);
        return generator._text.ToString();
    }

    private void Append(PatternNode node)
    {
        if (_text.Length > MaxLength) throw new FormatException($"its texts are longer than {MaxLength} characters");
        switch (node)
        {
            case PatternNode.Characters { Choices: var choices }:
                _text.Append(choices[Pick(ref _characters, choices.Length)]);
                break;
            case PatternNode.Sequence { Nodes: var nodes }:
                foreach (var part in nodes) Append(part);
                break;
            case PatternNode.Either { Nodes: var branches }:
                Append(branches[Pick(ref _branches, branches.Count)]);
                break;
            case PatternNode.Repeat repeat:
                AppendRepeated(repeat);
                break;
        }
    }

    private void AppendRepeated(PatternNode.Repeat repeat)
    {
        var count = repeat.Minimum;
        if (_extra > 0 && repeat.Maximum > count)
        {
            var more = Math.Min(_extra, repeat.Maximum - count);
            _extra -= more;
            count += more;
        }

        for (var i = 0; i < count; i++)
        {
            var before = _text.Length;
            Append(repeat.Node);
            if (_text.Length == before) break;
        }
    }

    /// <summary>One digit of a seed, so that counting up goes through the choices one after the other.</summary>
    private static int Pick(ref int seed, int count)
    {
        var picked = seed % count;
        seed /= count;
        return picked;
    }
}
