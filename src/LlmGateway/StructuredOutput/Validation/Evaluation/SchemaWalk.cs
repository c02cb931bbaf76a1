using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>
/// One walk of a schema's rules over an instance. Without findings it ends at the first broken rule, and makes no garbage;
/// with them it goes on and says what is wrong.
/// </summary>
internal ref partial struct SchemaWalk
{
    /// <summary>Rules within rules: far deeper than any honest schema goes, and far from the end of the stack.</summary>
    private const int MaxDepth = 1500;

    /// <summary>No set is kept of what has been evaluated.</summary>
    private const int Untracked = -1;

    private readonly JsonTape _tape;
    private readonly CompiledSchema _schema;
    private readonly Workspace _space;
    private readonly long _maxSteps;
    private Findings? _findings;
    private string? _leftAt;
    private long _steps;
    private long _patternTicks;
    private int _depth;

    public SchemaWalk(CompiledSchema schema, JsonTape tape, Workspace space, Findings? findings)
    {
        _schema = schema;
        _tape = tape;
        _space = space;
        _findings = findings;
        _maxSteps = schema.Options.MaxSteps;
    }

    /// <summary>Why the walk did not come to its end, so that what was found says nothing; null where it did.</summary>
    public ValidationError? Unfinished { get; private set; }

    /// <summary>Whether the instance satisfies the schema.</summary>
    public bool Run() => Check(_schema.Root, 0, Untracked) && Unfinished is null;

    /// <param name="node">The rules.</param>
    /// <param name="at">The value.</param>
    /// <param name="track">The set of the members or items that some rule has seen to; none where nothing asks for it.</param>
    private bool Check(SchemaNode node, int at, int track)
    {
        if (node.IsTrue) return true;
        if (!Enter(at, node)) return false;
        var bits = _space.BitsTop;
        bool fits;
        if (_schema.HasDynamicReferences && (_space.Scope is not [.., var current] || !ReferenceEquals(current, node.Resource)))
        {
            _space.EnterScope(node.Resource);
            fits = CheckRules(node, at, track);
            _space.LeaveScope();
        }
        else
        {
            fits = CheckRules(node, at, track);
        }

        _space.BitsTop = bits;
        _depth--;
        return fits;
    }

    private bool Enter(int at, SchemaNode node)
    {
        if (Unfinished is not null) return false;
        if (++_steps > _maxSteps) return GiveUp(at, node, string.Create(CultureInfo.InvariantCulture, $"cannot be checked: the schema asks for more than {_maxSteps} steps"));
        if (_depth >= MaxDepth || ((_depth & 15) == 15 && !RuntimeHelpers.TryEnsureSufficientExecutionStack())) return GiveUp(at, node, "cannot be checked: the schema's rules stand in each other too deeply");
        _depth++;
        return true;
    }

    private bool CheckRules(SchemaNode node, int at, int track)
    {
        ref readonly var token = ref _tape[at];
        var type = token.Type;
        if (node.IsFalse) return Fail(node, null, at, "is not allowed here", FindingKind.Type);
        if (node.Types != 0 && (node.Types & type) == 0 && !IsAllowedInteger(node, token)) return _findings is not null && FailType(node, at);
        var own = track;
        if (type == JsonTypes.Object ? node.UnevaluatedProperties is not null : type == JsonTypes.Array && node.UnevaluatedItems is not null) own = _space.Push(token.Count);
        var fits = true;
        if ((node.Enum ?? node.Const) is not null && !CheckValue(node, at))
        {
            if (_findings is null) return false;
            fits = false;
        }

        var ruled = type switch
        {
            JsonTypes.Object => node.Objects is null || CheckObject(node, node.Objects, at, own),
            JsonTypes.Array => node.Arrays is null || CheckArray(node, node.Arrays, at, own),
            JsonTypes.String => node.Strings is null || CheckString(node, node.Strings, at),
            JsonTypes.Number => node.Numbers is null || CheckNumber(node, node.Numbers, at),
            _ => true,
        };
        if (!ruled)
        {
            if (_findings is null) return false;
            fits = false;
        }

        if (node.HasBranches && !CheckBranches(node, at, own))
        {
            if (_findings is null) return false;
            fits = false;
        }

        if (own == track) return fits;
        if (!(type == JsonTypes.Object ? CheckUnevaluatedProperties(node, at, own) : CheckUnevaluatedItems(node, at, own))) return false;
        if (fits && track != Untracked) _space.MarkAll(track, token.Count);
        return fits;
    }

    private readonly bool IsAllowedInteger(SchemaNode node, in JsonToken token)
    {
        if ((node.Types & JsonTypes.Integer) == 0 || token.Type != JsonTypes.Number) return false;
        var text = _tape.Text(token);
        if (!text.ContainsAny((byte)'.', (byte)'e', (byte)'E')) return true;
        return !node.IntegersAreWritten && ExactNumber.Parse(text, stackalloc byte[ExactNumber.Scratch]).IsInteger;
    }

    private bool CheckValue(SchemaNode node, int at)
    {
        var fits = true;
        if (node.Enum is { } allowed)
        {
            _steps += allowed.Cost;
            if (!allowed.Contains(_tape, at)) fits = FailValue(node, "enum", at, allowed, "one of ");
        }

        if (node.Const is { } only && !only.Contains(_tape, at)) fits = FailValue(node, "const", at, only, "");
        return fits;
    }

    private bool CheckBranches(SchemaNode node, int at, int track)
    {
        var fits = true;
        if (node.Reference is { } reference && !Follow(node, "$ref", reference, at, track)) fits = false;
        if (!fits && _findings is null) return false;
        if (node.DynamicReference is { } dynamic && !Follow(node, "$dynamicRef", FindDynamic(node, dynamic), at, track)) fits = false;
        if (!fits && _findings is null) return false;
        foreach (var branch in node.AllOf ?? [])
        {
            if (Check(branch, at, track)) continue;
            if (_findings is null) return false;
            fits = false;
        }

        if (node.AnyOf is not null && !CheckAnyOf(node, node.AnyOf, at, track)) fits = false;
        if (!fits && _findings is null) return false;
        if (node.OneOf is not null && !CheckOneOf(node, node.OneOf, at, track)) fits = false;
        if (!fits && _findings is null) return false;
        if (node.Not is not null && CheckQuietly(node.Not, at, Untracked)) fits = Fail(node, "not", at, $"is {Describe(at)}, which is excluded", FindingKind.Other);
        if (!fits && _findings is null) return false;
        if (node.If is not null && !CheckCondition(node, node.If, at, track)) fits = false;
        return fits;
    }

    /// <summary>Goes on where a reference leads, and remembers where it left the main schema.</summary>
    private bool Follow(SchemaNode node, string keyword, SchemaNode target, int at, int track)
    {
        if (_findings is null || node.Resource.Source.Name is not null || target.Resource.Source.Name is null) return Check(target, at, track);
        var before = _leftAt;
        _leftAt = node.Place.At(keyword).ToString();
        var fits = Check(target, at, track);
        _leftAt = before;
        return fits;
    }

    /// <summary>The outermost resource on the way that has such an anchor says where a dynamic reference leads.</summary>
    private readonly SchemaNode FindDynamic(SchemaNode node, SchemaNode otherwise)
    {
        if (node.DynamicName is not { } name) return otherwise;
        foreach (var resource in _space.Scope)
        {
            if (resource.DynamicNodes.TryGetValue(name, out var found)) return found;
        }

        return otherwise;
    }

    private bool CheckQuietly(SchemaNode node, int at, int track)
    {
        var findings = _findings;
        _findings = null;
        var fits = Check(node, at, track);
        _findings = findings;
        return fits;
    }

    private bool CheckCondition(SchemaNode node, SchemaNode condition, int at, int track)
    {
        if (node.Then is null && node.Else is null && track == Untracked) return true;
        var set = PushLike(at, track);
        var holds = CheckQuietly(condition, at, set);
        if (holds) MergeInto(track, set, at);
        return (holds ? node.Then : node.Else) is not { } consequence || Check(consequence, at, track);
    }

    private readonly int PushLike(int at, int track) => track == Untracked ? Untracked : _space.Push(_tape[at].Count);

    private readonly void MergeInto(int track, int set, int at)
    {
        if (track != Untracked) _space.Merge(set, track, _tape[at].Count);
    }

    private bool GiveUp(int at, SchemaNode node, string message)
    {
        Unfinished ??= new ValidationError(_tape.PointerTo(at), message) { SchemaPointer = PointerOf(node, null), Value = _tape.Shown(at, MaxShownValue) };
        return false;
    }

    private bool IsMatch(SchemaPattern pattern, ReadOnlySpan<byte> text, SchemaNode node, int at)
    {
        if (pattern.IsTable || (text.Length <= 256 && !pattern.MayBacktrack)) return pattern.IsMatch(text);
        if (Unfinished is not null) return false;
        var started = Stopwatch.GetTimestamp();
        var matches = pattern.TryMatch(text);
        _patternTicks += Stopwatch.GetTimestamp() - started;
        if (matches is not { } known || Stopwatch.GetElapsedTime(0, _patternTicks) > _schema.Options.MaxPatternTime) return GiveUp(at, node, $"could not be matched against the pattern {pattern.Source} in time");
        return known;
    }
}
