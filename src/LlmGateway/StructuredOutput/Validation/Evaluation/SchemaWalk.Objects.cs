namespace LlmGateway.StructuredOutput.Validation;

internal ref partial struct SchemaWalk
{
    private bool CheckObject(SchemaNode node, ObjectRules rules, int at, int track)
    {
        ref readonly var container = ref _tape[at];
        var fits = true;
        if (container.Count < rules.MinProperties)
        {
            if (_findings is null) return false;
            fits = Fail(node, "minProperties", at, $"has {Count(container.Count, "member")}, and must have at least {rules.MinProperties}", FindingKind.Other);
        }

        if (container.Count > rules.MaxProperties)
        {
            if (_findings is null) return false;
            fits = Fail(node, "maxProperties", at, $"has {Count(container.Count, "member")}, and must have at most {rules.MaxProperties}", FindingKind.Other);
        }

        var seen = rules.NeedsSeen ? _space.Push(rules.Names.Count) : Untracked;
        if (!CheckMembers(node, rules, at, track, seen))
        {
            if (_findings is null) return false;
            fits = false;
        }

        return seen == Untracked ? fits : CheckSeen(node, rules, at, track, seen) && fits;
    }

    private bool CheckMembers(SchemaNode node, ObjectRules rules, int at, int track, int seen)
    {
        var fits = true;
        var end = _tape[at].End;
        var (next, number) = (0, 0);
        for (var name = at + 1; name < end; name = _tape[name + 1].End, number++)
        {
            var text = _tape.Text(_tape[name]);
            var isSeenTo = false;
            if (rules.Names.Find(text, next) is >= 0 and var known)
            {
                // Members come in the schema's order more often than not.
                next = known + 1;
                if (seen != Untracked) _space.Mark(seen, known);
                if (rules.Members[known].Schema is { } schema)
                {
                    isSeenTo = true;
                    if (!CheckMember(schema, name)) fits = false;
                }
            }

            _steps += rules.Patterns.Length;
            foreach (var pattern in rules.Patterns)
            {
                if (!IsMatch(pattern.Pattern, text, node, name)) continue;
                isSeenTo = true;
                if (!CheckMember(pattern.Schema, name)) fits = false;
            }

            if (!isSeenTo && rules.AdditionalProperties is { } additional)
            {
                isSeenTo = true;
                if (!CheckOther(node, "additionalProperties", additional, name)) fits = false;
            }

            if (rules.PropertyNames is { } names && !CheckMember(names, name, value: name)) fits = false;
            if (isSeenTo && track != Untracked) _space.Mark(track, number);
            if (!fits && _findings is null) return false;
        }

        return fits;
    }

    private bool CheckMember(SchemaNode schema, int name) => CheckMember(schema, name, name + 1);

    private bool CheckMember(SchemaNode schema, int name, int value)
    {
        if (_findings is null) return Check(schema, value, Untracked);
        _findings.EnterMember(name);
        var fits = Check(schema, value, Untracked);
        _findings.Leave();
        return fits;
    }

    /// <summary>A member that no other rule has seen to.</summary>
    private bool CheckOther(SchemaNode node, string keyword, SchemaNode schema, int name)
    {
        if (!schema.IsFalse) return CheckMember(schema, name);
        if (_findings is null) return false;
        _findings.EnterMember(name);
        Fail(node, keyword, name + 1, "is not a known member, and no others are allowed", FindingKind.Other);
        _findings.Leave();
        return false;
    }

    /// <summary>The rules that ask which members there are.</summary>
    private bool CheckSeen(SchemaNode node, ObjectRules rules, int at, int track, int seen)
    {
        var fits = true;
        _steps += rules.Required.Length;
        foreach (var required in rules.Required)
        {
            if (_space.IsMarked(seen, required)) continue;
            if (_findings is null) return false;
            FailMissing(node, "required", rules.Members[required].Name, "is missing, and required");
            fits = false;
        }

        if (!rules.HasDependents) return fits;
        _steps += rules.Members.Length;
        for (var i = 0; i < rules.Members.Length; i++)
        {
            var member = rules.Members[i];
            if ((member.Dependents.Length == 0 && member.DependentSchema is null) || !_space.IsMarked(seen, i)) continue;
            _steps += member.Dependents.Length;
            foreach (var dependent in member.Dependents)
            {
                if (_space.IsMarked(seen, dependent)) continue;
                if (_findings is null) return false;
                FailMissing(node, member.DependentKeyword, rules.Members[dependent].Name, $"is missing, and required where '{member.Name}' is given");
                fits = false;
            }

            if (member.DependentSchema is not { } schema || Check(schema, at, track)) continue;
            if (_findings is null) return false;
            fits = false;
        }

        return fits;
    }

    private bool CheckUnevaluatedProperties(SchemaNode node, int at, int seenTo)
    {
        var fits = true;
        var end = _tape[at].End;
        var number = 0;
        for (var name = at + 1; name < end; name = _tape[name + 1].End, number++)
        {
            if (_space.IsMarked(seenTo, number) || CheckOther(node, "unevaluatedProperties", node.UnevaluatedProperties!, name)) continue;
            if (_findings is null) return false;
            fits = false;
        }

        return fits;
    }
}
