namespace LlmGateway.StructuredOutput.Validation;

/// <summary>Makes the table of a pattern: first a graph of steps (Thompson's), then its sets of steps as states.</summary>
internal sealed class PatternAutomatonBuilder
{
    private const int MaxSteps = 2_000;
    private const int MaxStates = 1_000;
    private const int MaxSets = 200;

    /// <summary>Visits of steps while the table is made; a few milliseconds.</summary>
    private const int MaxWork = 300_000;

    private readonly List<Step> _steps = [new Step(StepKind.Match, -1, -1)];
    private readonly List<CodePointSet> _sets = [];
    private readonly Dictionary<CodePointSet, int> _setNumbers = [];
    private int _work;

    private PatternAutomatonBuilder()
    {
    }

    private enum StepKind
    {
        Match,
        One,
        Split,
        Start,
        End,
    }

    /// <summary>Null where the pattern is not of the kind, or the table would be too large.</summary>
    public static PatternAutomaton? Build(PatternNode root)
    {
        var builder = new PatternAutomatonBuilder();
        try
        {
            return builder.Make(builder.Add(root, next: 0));
        }
        catch (TooLargeException)
        {
            return null;
        }
    }

    /// <summary>The steps of a part, put before those that follow it.</summary>
    private int Add(PatternNode node, int next)
    {
        switch (node)
        {
            case PatternNode.One one:
                return Add(new Step(StepKind.One, next, SetNumber(one.Set)));
            case PatternNode.Sequence sequence:
                for (var i = sequence.Parts.Count - 1; i >= 0; i--) next = Add(sequence.Parts[i], next);
                return next;
            case PatternNode.Choice choice:
                var start = Add(choice.Branches[^1], next);
                for (var i = choice.Branches.Count - 2; i >= 0; i--) start = Add(new Step(StepKind.Split, Add(choice.Branches[i], next), start));
                return start;
            case PatternNode.Capture capture:
                return Add(capture.Part, next);
            case PatternNode.Repeat repeat:
                return AddRepeat(repeat, next);
            case PatternNode.Start:
                return Add(new Step(StepKind.Start, next, -1));
            case PatternNode.End:
                return Add(new Step(StepKind.End, next, -1));
            default:
                throw new TooLargeException();
        }
    }

    private int AddRepeat(PatternNode.Repeat repeat, int next)
    {
        if (repeat.Max is { } max)
        {
            var after = next;
            for (var i = repeat.Min; i < max; i++)
            {
                next = Add(new Step(StepKind.Split, Add(repeat.Part, next), after));
                Visit();
            }
        }
        else
        {
            var loop = Add(new Step(StepKind.Split, -1, next));
            _steps[loop] = new Step(StepKind.Split, Add(repeat.Part, loop), next);
            next = loop;
        }

        for (var i = 0; i < repeat.Min; i++)
        {
            next = Add(repeat.Part, next);
            Visit();
        }

        return next;
    }

    private int Add(Step step)
    {
        if (_steps.Count == MaxSteps) throw new TooLargeException();
        _steps.Add(step);
        return _steps.Count - 1;
    }

    private int SetNumber(CodePointSet set)
    {
        if (_setNumbers.TryGetValue(set, out var number)) return number;
        if (_sets.Count == MaxSets) throw new TooLargeException();
        _sets.Add(set);
        return _setNumbers[set] = _sets.Count - 1;
    }

    private PatternAutomaton? Make(int start)
    {
        if (CodePointClasses.Of(_sets, out var members) is not { } classes) return null;
        var states = new List<int[]> { Array.Empty<int>(), Array.Empty<int>() };
        var matchesAtEnd = new List<bool> { false, true };
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var next = new List<ushort>();
        for (var i = 0; i < 2 * classes.Count; i++) next.Add((ushort)(i / classes.Count));

        // A match may begin anywhere, so that each later state holds the steps of a new beginning.
        int[] anew = Closure([start], atStart: false, atEnd: false);
        var first = Closure([start], atStart: true, atEnd: false);
        if (first.Contains(0)) return new PatternAutomaton([.. next, .. Enumerable.Repeat((ushort)PatternAutomaton.Matched, classes.Count)], [false, true, true], classes);
        states.Add(first);
        matchesAtEnd.Add(Closure(first, atStart: true, atEnd: true).Contains(0));
        for (var state = PatternAutomaton.Begin; state < states.Count; state++)
        {
            for (var kind = 0; kind < classes.Count; kind++) next.Add((ushort)StateOf(Closure([.. Moves(states[state], members[kind]), .. anew], atStart: false, atEnd: false)));
        }

        return new PatternAutomaton([.. next], [.. matchesAtEnd], classes);

        int StateOf(int[] steps)
        {
            if (steps.Length == 0) return PatternAutomaton.Dead;
            if (steps[0] == 0) return PatternAutomaton.Matched;
            var key = string.Join(',', steps);
            if (numbers.TryGetValue(key, out var known)) return known;
            if (states.Count == MaxStates) throw new TooLargeException();
            states.Add(steps);
            matchesAtEnd.Add(Closure(steps, atStart: false, atEnd: true).Contains(0));
            return numbers[key] = states.Count - 1;
        }
    }

    private IEnumerable<int> Moves(int[] steps, bool[] isIn)
    {
        foreach (var step in steps)
        {
            Visit();
            if (_steps[step].Kind == StepKind.One && isIn[_steps[step].Other]) yield return _steps[step].Next;
        }
    }

    /// <summary>All steps that can be reached without a code point and that wait for one, for the end, or are the match; sorted.</summary>
    private int[] Closure(IEnumerable<int> from, bool atStart, bool atEnd)
    {
        var seen = new HashSet<int>();
        var kept = new List<int>();
        var pending = new Stack<int>(from);
        while (pending.TryPop(out var number))
        {
            Visit();
            if (!seen.Add(number)) continue;
            var step = _steps[number];
            switch (step.Kind)
            {
                case StepKind.Split:
                    pending.Push(step.Next);
                    pending.Push(step.Other);
                    break;
                case StepKind.Start when atStart:
                case StepKind.End when atEnd:
                    pending.Push(step.Next);
                    break;
                case StepKind.Start:
                    break;
                default:
                    kept.Add(number);
                    break;
            }
        }

        kept.Sort();
        return [.. kept];
    }

    private void Visit()
    {
        if (++_work > MaxWork) throw new TooLargeException();
    }

    /// <param name="Kind">What it is.</param>
    /// <param name="Next">The step after it.</param>
    /// <param name="Other">The other step after it, or the number of its set.</param>
    private readonly record struct Step(StepKind Kind, int Next, int Other);

    private sealed class TooLargeException : Exception;
}
